/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLAIM_DELAY_H
#define CLAIM_DELAY_H

#include "election_vip.h"

/*
 * claim_due_ms - when this node claims the vacant @vip.
 *
 * The first node in rank claims at once, each further one three hello intervals after the one
 * before it.  So a VIP gets a holder even if the first node does not claim it, because that node
 * has a newer view of the API.
 *
 *	vacant    300 ms      600 ms      900 ms    (interval 100 ms)
 *	  |          |           |           |
 *	first     second      third       fourth in rank claims, unless a peer has
 *
 * At a cold start, candidates that have not started yet count too, until cold_until_ms.
 */
int64_t claim_due_ms(const struct election_vip *vip);

#endif
