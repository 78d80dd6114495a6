/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_STARTUP_WAIT_H
#define CORE_ELECTION_STARTUP_WAIT_H

#include "election_link.h"

/*
 * Two phases in which a node claims no VIPs (listening) or fewer VIPs (cold start) on a link:
 *
 * Listening: after a start of the daemon, after the link comes up, and after a stop of the process,
 * the node holds nothing and claims nothing for one dead time, so that it first receives the hellos
 * of all peers.
 *
 * Cold start: for up to cold_ms (5 s), or until a hello of a peer has the flag HELLO_STARTED, the
 * node leaves VIPs to Ready nodes that rank before it (claim_delay.h).
 */

/* startup_wait_listen - drop all VIPs, and start to listen. */
void startup_wait_listen(struct election_link *link, int64_t now_ms);
/* startup_wait_tick - end the listening and the cold start when their time is over. */
void startup_wait_tick(struct election_link *link, int64_t now_ms);
/* startup_wait_next_ms - when startup_wait_tick() is due; INT64_MAX: never. */
int64_t startup_wait_next_ms(const struct election_link *link);

#endif
