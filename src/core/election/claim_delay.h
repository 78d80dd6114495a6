/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_CLAIM_DELAY_H
#define CORE_ELECTION_CLAIM_DELAY_H

#include "election_vip.h"

/*
 * claim_due_ms - when this node claims the vacant @vip.
 *
 * The first node in rank claims at once, the second three hello intervals later, and so on.  If
 * the first node does not claim, because it has a newer view of the API, then the second node does.
 *
 *	vacant    300 ms      600 ms      900 ms    (interval 100 ms)
 *	  |          |           |           |
 *	first     second      third       fourth in rank claims, unless a peer has
 *
 * At a cold start (no daemon ran on the LAN before), a candidate that ranks before this node delays
 * the claim up to cold_until_ms, even if the candidate's daemon has not started yet.
 */
int64_t claim_due_ms(const struct election_vip *vip);

#endif
