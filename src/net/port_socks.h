/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_SOCKS_H
#define PORT_SOCKS_H

/* The sockets that a port needs on its links: when they are opened, refiltered and freed. */

#include "link_sock.h"

/*
 * port_socks_update - open, refilter or free the sockets for which this is due, and report to the
 * announcer and to the election which sockets are open.
 */
void port_socks_update(struct port *port, int64_t now_ms);

/* port_socks_add - find or make a socket, and update it before the loop sleeps. */
struct link_sock *port_socks_add(struct port *port, int ifindex, enum sock_kind kind);

/* port_socks_listen - let frames about @ip pass the filter before the loop sleeps. */
void port_socks_listen(struct port *port, int ifindex, const struct ip *ip);

/*
 * port_socks_unlisten - schedule a new filter after an address of @family was removed.  The filter
 * is written 10 s later, because the next Service often gets an address that was just released.
 */
void port_socks_unlisten(struct port *port, int ifindex, uint8_t family);

void port_socks_free(struct port *port);

#endif
