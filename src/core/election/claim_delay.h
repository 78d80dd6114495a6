/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLAIM_DELAY_H
#define CLAIM_DELAY_H

#include "election_vip.h"

/*
 * claim_due_ms - when this node claims the vacant @vip.
 *
 * The first node in rank claims at once, the second three hello intervals later, and so on.  The
 * first node may not claim, because it has a newer view of the API; then the second does.
 *
 *	vacant    300 ms      600 ms      900 ms    (interval 100 ms)
 *	  |          |           |           |
 *	first     second      third       fourth in rank claims, unless a peer has
 *
 * At a cold start, a candidate whose daemon has not started yet delays the claim up to
 * cold_until_ms.
 */
int64_t claim_due_ms(const struct election_vip *vip);

#endif
