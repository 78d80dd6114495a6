/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_RX_H
#define LINK_RX_H

#include "link_sock.h"

/*
 * Receives frames from the sockets.  ARP and NDP go to the announcer and the prober, hellos to the
 * election.
 */

/* link_rx_init - prepare the watchers of a socket that is still closed. */
void link_rx_init(struct link_sock *sock);

/* link_rx_fail - report that @what failed on the link, close the socket, and reopen it later. */
void link_rx_fail(struct link_sock *sock, const char *what, int error);

/* link_rx_read_unchanged - process the hellos that wait in the sockets for unchanged hellos. */
void link_rx_read_unchanged(struct lan_io *io, int64_t now_ms);

#endif
