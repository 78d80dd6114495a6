/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_ANNOUNCER_H
#define PORT_ANNOUNCER_H

struct announcer_opts;
struct ip;
struct port;

/* port_announcer_new - set port->announcer. */
void port_announcer_new(struct port *port, const struct announcer_opts *opts);

/*
 * port_announcer_add, port_announcer_remove - start or stop to announce @ip and to receive
 * frames about it.
 */
void port_announcer_add(struct port *port, const struct ip *ip, int ifindex);
void port_announcer_remove(struct port *port, const struct ip *ip, int ifindex);

#endif
