/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LINK_RX_H
#define NET_LINK_RX_H

#include "link_sock.h"

/*
 * Receives frames from the sockets.  Passes ARP and NDP to the announcer and to the prober, and
 * hellos to the election.
 */

/* link_rx_init - initialise the libev watchers of a socket that is still closed. */
void link_rx_init(struct link_sock *sock);

/* link_rx_fail - report that @what failed on the link, close the socket, and reopen it later. */
void link_rx_fail(struct link_sock *sock, const char *what, int error);

/* link_rx_read_unchanged - process all hellos that wait in the sockets of SOCK_HELLO_UNCHANGED. */
void link_rx_read_unchanged(struct lan_io *io, int64_t now_ms);

#endif
