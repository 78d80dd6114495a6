/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_ANNOUNCER_H
#define NET_LAN_IO_ANNOUNCER_H

struct announcer_opts;
struct ip;
struct lan_io;

/* lan_io_announcer_new - set io->announcer. */
void lan_io_announcer_new(struct lan_io *io, const struct announcer_opts *opts);

/*
 * lan_io_announcer_add, lan_io_announcer_remove - start or stop announcing @ip and receiving
 * frames about @ip.
 */
void lan_io_announcer_add(struct lan_io *io, const struct ip *ip, int ifindex);
void lan_io_announcer_remove(struct lan_io *io, const struct ip *ip, int ifindex);

#endif
