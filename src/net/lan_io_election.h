/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_ELECTION_H
#define NET_LAN_IO_ELECTION_H

struct election_opts;
struct lan_io;

/* lan_io_election_new - set io->election, with a start time and a nonce added to @opts. */
void lan_io_election_new(struct lan_io *io, const struct election_opts *opts);

#endif
