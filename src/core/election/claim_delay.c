/* SPDX-License-Identifier: Apache-2.0 */
#include "claim_delay.h"
#include "arplet/node_rank.h"
#include "last_resort.h"
#include "peer.h"

#include <string.h>

#define API_DELAY_MS    300 /* an API change reaches all nodes within this time */
#define CLAIM_INTERVALS 3   /* hello intervals to wait for each candidate with a better rank */

/* The number of candidates that rank before this node for a VIP. */
struct rank_count {
	const struct election_vip *vip;
	struct rank own;
	bool cold_start;
	unsigned int before;
};

/*
 * Adds 1 if @node ranks before this node and can claim the VIP.  At a cold start (no daemon ran on
 * the LAN before), a Ready node counts even if none of its hellos has arrived yet: perhaps its
 * daemon starts soon.
 */
static void
on_candidate(void *arg, const char *node, bool ready)
{
	struct rank_count *count = arg;
	const struct peer *peer = peer_find(count->vip->link, node);
	bool starts = !peer || peer->state == PEER_UNPROVEN ||
	    (peer_is_alive(peer) && !peer_is_leaving(peer));
	struct rank rank;

	if (strcmp(node, count->vip->link->election->node) == 0)
		return;
	if (!(peer && peer_can_claim(peer)) && !(count->cold_start && ready && starts))
		return;
	election_vip_rank(count->vip, node, &rank);
	count->before += rank_before(&rank, &count->own);
}

/*
 * The earliest time at which this node may claim the VIP from a peer that this node considers
 * ineligible.  Perhaps an API change made the peer eligible, and has not reached this node yet.
 */
static int64_t
api_current_ms(const struct election_vip *vip)
{
	const struct peer_claim *claim;
	int64_t current_ms = 0;

	SLIST_FOREACH(claim, &vip->peer_claims, in_vip) {
		int64_t ms = claim->received_ms + API_DELAY_MS;

		if (current_ms < ms && !election_vip_is_eligible(vip, claim->peer->node))
			current_ms = ms;
	}
	return current_ms;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
claim_due_ms(const struct election_vip *vip, int64_t now_ms)
{
	const struct election_link *link = vip->link;
	const struct election *election = link->election;
	struct rank_count count = { .vip = vip, .cold_start = !link->started };
	int64_t due_ms = later(vip->vacant_ms, link->claims_from_ms);

	election_vip_rank(vip, election->node, &count.own);
	election->ops->each_candidate(election->arg, &vip->ip, on_candidate, &count);
	due_ms += count.before * CLAIM_INTERVALS * election_link_interval_ms(link);
	if (count.before && count.cold_start)
		due_ms = link->cold_until_ms;
	due_ms = later(later(due_ms, api_current_ms(vip)), vip->claim_after_ms);
	return later(due_ms, last_resort_due_ms(vip, due_ms, now_ms));
}
