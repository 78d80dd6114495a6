/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_LAST_RESORT_H
#define CORE_ELECTION_LAST_RESORT_H

#include "election_vip.h"

/* last_resort_tick - count the peers of the link that only the API knows, a few times a second. */
void last_resort_tick(struct election_link *link, int64_t now_ms);

/*
 * last_resort_due_ms - earliest time at which this node may claim @vip, so that it takes nothing from
 * peers that only the API knows.  @from_ms: when this node could claim @vip without such peers.
 * Returns a time in the past if there is no such peer.
 */
int64_t last_resort_due_ms(const struct election_vip *vip, int64_t from_ms, int64_t now_ms);

/*
 * last_resort_wins - true if this node must drop @vip, because by the API a peer whose hellos do not
 * arrive holds @vip too, and ranks before this node.
 */
bool last_resort_wins(const struct election_vip *vip, int64_t now_ms);

#define LAST_RESORT_RECHECK_MS 1000 /* the facts of the API are read again after this time */

#endif
