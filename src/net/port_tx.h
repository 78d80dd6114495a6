/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_TX_H
#define PORT_TX_H

#include "link_sock.h"

#include <stddef.h>
#include <stdint.h>

/*
 * port_tx - send a frame on the link's socket of this kind.  0, also for a frame that waits for
 * port_tx_flush(); or a negative errno: the kernel did not take the frame, which is counted.
 */
int port_tx(struct port *port, int ifindex, enum sock_kind kind, const uint8_t *frame, size_t len);

/* port_tx_hold - collect the frames that go to @sock from now on ... */
void port_tx_hold(struct port *port, const struct link_sock *sock);
/* port_tx_flush - ... and send them all in one system call. */
void port_tx_flush(struct port *port);

#endif
