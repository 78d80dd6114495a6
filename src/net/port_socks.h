/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_SOCKS_H
#define PORT_SOCKS_H

/* Which sockets a port needs: opens them, updates their filters, reopens them, frees them. */

#include "link_sock.h"

/* port_socks_update - do what is due; the announcer and the election learn which are open. */
void port_socks_update(struct port *port, int64_t now_ms);

/* port_socks_add - find or make a socket, and update it before the loop sleeps. */
struct link_sock *port_socks_add(struct port *port, int ifindex, enum sock_kind kind);

/* port_socks_listen - receive frames about @ip, too. */
void port_socks_listen(struct port *port, int ifindex, const struct ip *ip);

/*
 * port_socks_unlisten - an address of @family needs no frames any more.  The filter follows ten
 * seconds later, because the next Service often gets an address that was just released.
 */
void port_socks_unlisten(struct port *port, int ifindex, uint8_t family);

void port_socks_free(struct port *port);

#endif
