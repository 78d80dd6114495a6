/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_SOCKS_H
#define NET_LAN_IO_SOCKS_H

/* Opens the sockets that a lan_io needs on its links, writes their filters, and frees them. */

#include "link_sock.h"

/*
 * lan_io_socks_update - open the sockets that are needed, write the filters that are due, and free
 * unused sockets.  Reports to the announcer and to the election which sockets are open.
 */
void lan_io_socks_update(struct lan_io *io, int64_t now_ms);

/* lan_io_socks_add - find or make a socket, and write its filter before the event loop sleeps. */
struct link_sock *lan_io_socks_add(struct lan_io *io, int ifindex, enum sock_kind kind);

/* lan_io_socks_listen - let the filter pass frames about @ip before the event loop sleeps. */
void lan_io_socks_listen(struct lan_io *io, int ifindex, const struct ip *ip);

/*
 * lan_io_socks_unlisten - schedule a new filter 10 s after an address of @family was removed.  The
 * delay often saves work: if the next Service gets the released address, no new filter is needed.
 */
void lan_io_socks_unlisten(struct lan_io *io, int ifindex, uint8_t family);

void lan_io_socks_free(struct lan_io *io);

#endif
