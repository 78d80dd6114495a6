/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_TX_H
#define PORT_TX_H

#include "link_sock.h"

#include <stddef.h>
#include <stdint.h>

/*
 * port_tx - send a frame on the link's socket of this kind.  Returns 0 if the kernel sent the frame
 * or the frame waits for port_tx_flush().  On failure returns a negative errno and counts the frame
 * as unsent.
 */
int port_tx(struct port *port, int ifindex, enum sock_kind kind, const uint8_t *frame, size_t len);

/* port_tx_hold - collect all frames to @sock until port_tx_flush(). */
void port_tx_hold(struct port *port, const struct link_sock *sock);
/* port_tx_flush - send the collected frames in one system call. */
void port_tx_flush(struct port *port);

#endif
