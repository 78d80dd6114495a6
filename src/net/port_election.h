/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_ELECTION_H
#define PORT_ELECTION_H

struct election_opts;
struct port;

/* port_election_new - set port->election; the start time and the nonce in @opts are filled in. */
void port_election_new(struct port *port, const struct election_opts *opts);

#endif
