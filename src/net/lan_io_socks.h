/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_SOCKS_H
#define PORT_SOCKS_H

/* The sockets that a lan_io needs on its links: when they are opened, refiltered and freed. */

#include "link_sock.h"

/*
 * lan_io_socks_update - open, refilter or free the sockets for which this is due, and report to the
 * announcer and to the election which sockets are open.
 */
void lan_io_socks_update(struct lan_io *io, int64_t now_ms);

/* lan_io_socks_add - find or make a socket, and update it before the loop sleeps. */
struct link_sock *lan_io_socks_add(struct lan_io *io, int ifindex, enum sock_kind kind);

/* lan_io_socks_listen - let frames about @ip pass the filter before the loop sleeps. */
void lan_io_socks_listen(struct lan_io *io, int ifindex, const struct ip *ip);

/*
 * lan_io_socks_unlisten - schedule a new filter after an address of @family was removed.  The filter
 * is written 10 s later, because the next Service often gets an address that was just released.
 */
void lan_io_socks_unlisten(struct lan_io *io, int ifindex, uint8_t family);

void lan_io_socks_free(struct lan_io *io);

#endif
