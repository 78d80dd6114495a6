/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPTED_PEER_H
#define SCRIPTED_PEER_H

#include "three_nodes.h"

/* A peer that does not run an election; the test sets the fields of its hellos. */

/* scripted_hello - the first hello of such a peer, which has the name of node n2. */
struct hello scripted_hello(void);
/* scripted_hold - let the hello list the measured VIP. */
void scripted_hold(struct hello *hello, uint32_t term);
/*
 * scripted_send - pass @hello, with the next sequence number, to all running nodes; returns the last
 * result of election_on_hello().
 */
int scripted_send(struct hello *hello);
/*
 * scripted_prove - let the peer prove itself to all running nodes: it sends a hello without VIPs,
 * which lists the last hello of each node.
 */
void scripted_prove(const struct hello *hello);

#endif
