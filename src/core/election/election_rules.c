/* SPDX-License-Identifier: Apache-2.0 */
#include "election_rules.h"
#include "arplet/node_rank.h"
#include "claim_delay.h"
#include "core/base/backoff.h"
#include "last_resort.h"
#include "peer.h"

/*
 * The rules of the election, which each node applies to each VIP on each link:
 *
 *	            CLAIM: no eligible peer holds it, and our claim is due
 *	 NOT HELD ----------------------------------------------------------> HELD
 *	     ^                                                                 |
 *	     +-----------------------------------------------------------------+
 *	            DROP: the link is lost; a peer's claim wins; or we are not
 *	            eligible, and a peer took over, or none did within leave_ms
 */

#define DECISIONS_MAX   256   /* decisions in one tick; more would delay the hellos */
#define BACKOFF_MS      1000  /* first backoff after an ineligible peer won a VIP from us */
#define BACKOFF_MAX_MS  60000 /* longest backoff; each backoff is twice the last backoff */
#define LOST_SOON_MS    10000 /* a claim longer than this plus the last backoff causes no backoff */
#define YIELD_HELLOS    3     /* number of hellos with HELLO_YIELDED, so that one arrives */

/* Facts about one VIP. */
enum {
	F_HELD = 1,           /* this node holds the VIP */
	F_LINK_READY = 2,     /* the link is up, a hello key is known, and listening is over */
	F_ELIGIBLE = 4,       /* this node is eligible, and its daemon does not leave */
	F_PEER_HOLDS = 8,     /* a peer holds the VIP */
	F_ELIGIBLE_PEER = 16, /* a peer that is eligible and does not leave holds the VIP */
	F_PEER_WINS = 32,     /* a peer's claim of the VIP wins against ours */
	F_SUCCESSOR = 64,     /* an eligible peer is ready to claim the VIP */
	F_IN_TIME = 128,      /* the successor has had less than leave_ms to claim the VIP */
	F_CLAIM_DUE = 256,    /* the delay of our claim is over: see claim_delay.h */
	F_CAN_SERVE = 512,    /* this node is not eligible, but can still serve the VIP */
	F_API_WINS = 1024,    /* the last resort: see last_resort_wins() */
};

enum verdict { WAIT, CLAIM, KEEP, DROP };

/* The first rule that matches the facts about a VIP is applied. */
/* clang-format off */
static const struct election_rule {
	unsigned int given, not_given;
	enum verdict verdict;
	enum holder_change change;
} rules[] = {
	/* given                            not given     do     because */
	{ F_HELD,                           F_LINK_READY, DROP,  CHANGE_LINK },
	{ F_HELD | F_ELIGIBLE_PEER,         F_ELIGIBLE,   DROP,  CHANGE_LEFT }, /* peer took over */
	{ F_HELD | F_SUCCESSOR | F_IN_TIME, F_ELIGIBLE,   KEEP,  0 }, /* wait for the successor */
	{ F_HELD | F_CAN_SERVE,             F_ELIGIBLE,   KEEP,  0 }, /* clients are still served */
	{ F_HELD,                           F_ELIGIBLE,   DROP,  CHANGE_LEFT },
	{ F_HELD | F_PEER_WINS,             0,            DROP,  CHANGE_CONTEST },
	{ F_HELD | F_API_WINS,              0,            DROP,  CHANGE_CONTEST },
	{ F_HELD,                           0,            KEEP,  0 },
	{ F_ELIGIBLE_PEER,                  0,            WAIT,  0 }, /* no preemption */
	{ F_LINK_READY | F_ELIGIBLE | F_CLAIM_DUE, 0,     CLAIM, 0 },
	{ 0,                                0,            WAIT,  0 },
};
/* clang-format on */

/* If two nodes hold one VIP, the stronger claim wins; fields are compared in the order below. */
struct claim_strength {
	uint16_t n_stable_peers; /* the larger number wins: that node reaches more peers */
	uint32_t term;           /* the higher term wins: that claim is the later one */
	struct rank rank;        /* first in rank wins */
};

static bool
is_stronger(const struct claim_strength *a, const struct claim_strength *b)
{
	if (a->n_stable_peers != b->n_stable_peers)
		return a->n_stable_peers > b->n_stable_peers;
	if (a->term != b->term)
		return a->term > b->term;
	return rank_before(&a->rank, &b->rank);
}

/*
 * peer_wins - true if this node must drop @vip because of the peer's claim.
 *
 * Both nodes run this comparison, so it uses only data that each node has from the other's hellos.
 * One exception: @eligible says if the peer is eligible by this node's view of the API.  For an
 * ineligible peer only terms and ranks are compared: the peer may have a newer view of the API.
 */
static bool
peer_wins(const struct election_vip *vip, const struct peer_claim *claim, bool eligible,
    int64_t now_ms)
{
	const struct election_link *link = vip->link;
	const struct peer *peer = claim->peer;
	struct claim_strength own = { link->n_stable_peers, vip->own_term };
	struct claim_strength its = { peer->n_stable_peers, claim->term };

	/* a one-way peer receives no hello of ours, so it will not yield */
	if (peer_is_one_way(peer, now_ms))
		return peer->state != PEER_ISOLATED;
	if (peer_is_leaving(peer))
		return false;
	if (!eligible)
		own.n_stable_peers = its.n_stable_peers = 0;
	election_vip_rank(vip, link->election->node, &own.rank);
	election_vip_rank(vip, peer->node, &its.rank);
	return is_stronger(&its, &own);
}

static unsigned int
peer_facts(const struct election_vip *vip, int64_t now_ms)
{
	const struct peer_claim *claim;
	unsigned int facts = 0;

	SLIST_FOREACH(claim, &vip->peer_claims, in_vip) {
		const struct peer *peer = claim->peer;
		bool eligible = !peer_is_leaving(peer) && peer->state != PEER_ISOLATED &&
		    election_vip_is_eligible(vip, peer->node);

		facts |= F_PEER_HOLDS;
		if (eligible)
			facts |= F_ELIGIBLE_PEER;
		if (vip->held && peer_wins(vip, claim, eligible, now_ms))
			facts |= F_PEER_WINS;
	}
	return facts;
}

static bool
has_successor(const struct election_vip *vip)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &vip->link->peers) {
		if (peer_can_claim(peer) && election_vip_is_eligible(vip, peer->node))
			return true;
	}
	return false;
}

static bool
can_serve(const struct election_vip *vip)
{
	const struct election *election = vip->link->election;

	return vip->wanted && !election->leaving && election->ops->may_keep &&
	    election->ops->may_keep(election->arg, &vip->ip);
}

/* Facts about a VIP that this node holds although the node is not eligible. */
static unsigned int
handover_facts(const struct election_vip *vip, int64_t now_ms, int64_t *ret_due_ms)
{
	int64_t end_ms = vip->ineligible_ms + vip->link->election->opts.leave_ms;
	unsigned int facts = can_serve(vip) ? F_CAN_SERVE : 0;

	if (!has_successor(vip))
		return facts;
	facts |= F_SUCCESSOR;
	if (now_ms >= end_ms)
		return facts; /* no timer: a due time in the past makes the caller loop */
	*ret_due_ms = end_ms;
	return facts | F_IN_TIME;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * Returns the facts about @vip.  @ret_due_ms: when a fact can change without a new event;
 * INT64_MAX: never.
 */
static unsigned int
facts_of(struct election_vip *vip, int64_t now_ms, int64_t *ret_due_ms)
{
	const struct election_link *link = vip->link;
	unsigned int facts = peer_facts(vip, now_ms);
	bool ready = election_link_ready(link) && !link->listening;
	const struct election *election = link->election;
	bool eligible = !election->leaving && election_vip_is_eligible(vip, election->node);
	bool vacant;

	*ret_due_ms = INT64_MAX;
	facts |= vip->held ? F_HELD : 0;
	facts |= ready ? F_LINK_READY : 0;
	facts |= eligible ? F_ELIGIBLE : 0;
	if (!vip->held || eligible)
		vip->ineligible_ms = INT64_MAX;
	else if (vip->ineligible_ms == INT64_MAX)
		vip->ineligible_ms = now_ms;
	if (vip->held && !eligible)
		facts |= handover_facts(vip, now_ms, ret_due_ms);
	if (vip->held && facts & F_PEER_HOLDS) /* check soon whether the peer is one-way */
		*ret_due_ms = now_ms + election_link_interval_ms(link);
	if (vip->held && eligible && link->n_unheard) {
		facts |= last_resort_wins(vip, now_ms) ? F_API_WINS : 0;
		*ret_due_ms = earlier(*ret_due_ms, now_ms + LAST_RESORT_RECHECK_MS);
	}
	vacant = !vip->held && eligible && ready && !(facts & F_ELIGIBLE_PEER);
	election_vip_set_vacant(vip, vacant, now_ms);
	if (vacant) {
		*ret_due_ms = claim_due_ms(vip, now_ms);
		facts |= now_ms >= *ret_due_ms ? F_CLAIM_DUE : 0;
	}
	return facts;
}

static const struct election_rule *
find_rule(unsigned int facts)
{
	const struct election_rule *rule = rules;

	while ((facts & rule->given) != rule->given || (facts & rule->not_given))
		rule++; /* the loop ends, because the last rule always matches */
	return rule;
}

void
election_vip_report(struct election_vip *vip, int64_t gap_ms)
{
	struct election *election = vip->link->election;
	const struct peer_claim *latest = SLIST_FIRST(&vip->peer_claims), *claim;
	const char *node;

	SLIST_FOREACH(claim, &vip->peer_claims, in_vip) {
		if (claim->term > latest->term)
			latest = claim;
	}
	node = vip->held ? election->node : latest ? latest->peer->node : NULL;
	if (node == vip->reported_holder)
		return;
	vip->reported_holder = node;
	if (node)
		election->stats.changes[vip->change]++;
	if (vip->wanted || !node)
		election->ops->on_holder(election->arg, vip->link->ifindex, &vip->ip, node,
		    vip->change, gap_ms);
}

static void
claim(struct election_vip *vip, bool peer_holds, int64_t now_ms)
{
	struct election_link *link = vip->link;
	int64_t gap_ms = vip->lost_ms == NEVER_MS ? -1 : now_ms - vip->lost_ms;

	if (peer_holds) {
		gap_ms = 0;
		vip->change = CHANGE_LEFT;
		vip->takeover_ms = now_ms;
	}
	if (vip->term < UINT32_MAX)
		vip->term++;
	vip->own_term = vip->term;
	vip->held = true;
	vip->held_since_ms = now_ms;
	link->n_held++;
	election_vip_set_vacant(vip, false, now_ms);
	election_vip_set_unsent(vip, true);
	link->election->ops->hold(link->election->arg, link->ifindex, &vip->ip);
	election_vip_report(vip, gap_ms);
}

/*
 * Delays the next claim of @vip after this node lost the VIP to an ineligible peer.  The two
 * nodes may have different views of the API for long: without a backoff the VIP would move between
 * them again and again.  If an eligible peer wins the VIP, as after a network partition, there is
 * no backoff.
 */
static void
back_off(struct election_vip *vip, int64_t now_ms)
{
	if (now_ms - vip->takeover_ms > LOST_SOON_MS + vip->backoff_ms)
		vip->backoff_ms = 0;
	else
		vip->backoff_ms = backoff_next_ms(vip->backoff_ms, BACKOFF_MS, BACKOFF_MAX_MS);
	vip->claim_after_ms = now_ms + vip->backoff_ms;
}

void
election_vip_drop(struct election_vip *vip, enum holder_change change, int64_t now_ms)
{
	struct election_link *link = vip->link;

	vip->held = false;
	link->n_held--;
	vip->change = change;
	vip->lost_ms = now_ms;
	if (change == CHANGE_CONTEST || change == CHANGE_LINK)
		link->yield_hellos = YIELD_HELLOS;
	election_vip_set_unsent(vip, true);
	link->election->ops->drop(link->election->arg, link->ifindex, &vip->ip);
	election_vip_report(vip, -1);
}

static void
decide(struct election_vip *vip, int64_t now_ms)
{
	int64_t due_ms;
	unsigned int facts = facts_of(vip, now_ms, &due_ms);
	const struct election_rule *rule = find_rule(facts);
	bool peer_holds = facts & F_PEER_HOLDS;

	election_vip_schedule(vip, due_ms);
	switch (rule->verdict) {
	case CLAIM:
		claim(vip, peer_holds, now_ms);
		/* decide again soon, because a one-way peer does not yield */
		due_ms = now_ms + election_link_interval_ms(vip->link);
		election_vip_schedule(vip,
		    peer_holds || vip->link->n_unheard ? due_ms : INT64_MAX);
		break;
	case DROP:
		if (rule->given & F_PEER_WINS && !(facts & F_ELIGIBLE_PEER))
			back_off(vip, now_ms);
		election_vip_drop(vip, rule->change, now_ms);
		election_vip_recheck(vip, now_ms + 1);
		break;
	case KEEP:
	case WAIT:
		election_vip_report(vip, -1);
		break;
	}
	election_vip_free_if_unused(vip);
}

void
election_vips_tick(struct election_link *link, int64_t now_ms)
{
	struct election_vip *vip;

	for (int n = 0; n < DECISIONS_MAX; n++) {
		vip = RB_MIN(vip_schedule, &link->schedule);
		if (!vip || vip->due_ms > now_ms)
			return;
		decide(vip, now_ms);
	}
}
