/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_CLAIM_DELAY_H
#define CORE_ELECTION_CLAIM_DELAY_H

#include "election_vip.h"

/*
 * claim_due_ms - when this node claims the vacant @vip.
 *
 * The node that ranks first claims at once, the second node three hello intervals later, and so on.
 * If the first node does not claim, because its newer view of the API forbids that, the second node
 * claims.
 *
 *	vacant    300 ms      600 ms      900 ms    (interval 100 ms)
 *	  |          |           |           |
 *	first     second      third       fourth in rank claims, unless a peer has
 *
 * At a cold start (no daemon ran on the LAN before), a candidate that ranks before this node delays
 * this node's claim up to cold_until_ms, even if the candidate's daemon has not started yet.
 */
int64_t claim_due_ms(const struct election_vip *vip, int64_t now_ms);

#endif
