/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_PROBER_H
#define PORT_PROBER_H

struct port;

/* port_prober_new - set port->prober. */
void port_prober_new(struct port *port);

#endif
