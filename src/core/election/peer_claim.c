/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "election_vip.h"
#include "peer.h"

#include <stdlib.h>

int
peer_claim_cmp(const struct peer_claim *a, const struct peer_claim *b)
{
	return election_vip_cmp(a->vip, b->vip);
}

RB_GENERATE(peer_claims, peer_claim, by_ip, peer_claim_cmp)

/*
 * The reason why a peer claims @vip while other peers hold it.  CHANGE_LEFT: one of the holders is
 * not late, so that holder hands @vip over.  CHANGE_DEATH: all holders are late, so they have died,
 * and the claiming peer has noticed their death before this node.
 */
static enum holder_change
takeover_reason(const struct election_vip *vip, int64_t now_ms)
{
	const struct peer_claim *claim;

	SLIST_FOREACH(claim, &vip->peer_claims, in_vip) {
		if (now_ms < peer_late_ms(claim->peer))
			return CHANGE_LEFT;
	}
	return CHANGE_DEATH;
}

void
peer_claim_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms)
{
	struct election_vip *vip = election_vip_get(peer->link, ip);
	struct peer_claim key = { .vip = vip };
	struct peer_claim *claim = RB_FIND(peer_claims, &peer->claims, &key);
	uint8_t bit = peer_link_bit(peer, peer->last_link), others = 0;

	if (claim) {
		others = claim->links & (uint8_t)~bit;
		claim->links |= bit;
		if (claim->term == term || (others && term < claim->term))
			return; /* of two links of the peer, the link with the later term counts */
	}
	if (!claim) {
		if (!SLIST_EMPTY(&vip->peer_claims))
			vip->change = takeover_reason(vip, now_ms);
		claim = xcalloc(1, sizeof(*claim));
		claim->vip = vip;
		claim->peer = peer;
		claim->links = bit;
		RB_INSERT(peer_claims, &peer->claims, claim);
		SLIST_INSERT_HEAD(&vip->peer_claims, claim, in_vip);
		peer->n_claims++;
	}
	claim->term = term;
	claim->received_ms = now_ms;
	if (term > vip->term)
		vip->term = term;
	election_vip_recheck(vip, now_ms);
}

void
peer_claim_unset(struct peer_claim *claim, int64_t now_ms)
{
	claim->links &= (uint8_t)~peer_link_bit(claim->peer, claim->peer->last_link);
	if (!claim->links)
		peer_claim_end(claim, CHANGE_LEFT, now_ms);
}

void
peer_claim_end(struct peer_claim *claim, enum holder_change change, int64_t now_ms)
{
	struct election_vip *vip = claim->vip;

	RB_REMOVE(peer_claims, &claim->peer->claims, claim);
	SLIST_REMOVE(&vip->peer_claims, claim, peer_claim, in_vip);
	claim->peer->n_claims--;
	if (SLIST_EMPTY(&vip->peer_claims)) {
		vip->lost_ms = claim->peer->last_hello_ms;
		vip->change = change;
	}
	free(claim);
	election_vip_recheck(vip, now_ms);
}

void
peer_end_claims(struct peer *peer, enum holder_change change, int64_t now_ms)
{
	struct peer_claim *claim;

	while ((claim = RB_ROOT(&peer->claims)))
		peer_claim_end(claim, change, now_ms);
}
