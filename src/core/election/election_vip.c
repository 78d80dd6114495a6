/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/rank.h"
#include "election_impl.h"
#include "core/base/backoff.h"

#include <string.h>

/* Who holds one address on one LAN: what this node does about it, in one table. */

#define REVIEWS_MAX    256   /* a tick: hellos must not wait for ten thousand addresses */
#define BACKOFF_MS     1000  /* after a claim that was lost again ... */
#define BACKOFF_MAX_MS 60000 /* ... doubled up to this */
#define LOST_SOON_MS   10000 /* a claim that is lost within this time was one too many */
#define YIELDS         3     /* hellos that say that we yielded: one will be heard */
#define VIEWS_MS       300   /* so much later one node may come to know what another knows */
#define TURN_INTERVALS 3     /* so many hellos later it is the next one's turn to claim */

/* What is the case for a seat. */
enum {
	F_HOLD = 1,        /* we hold it */
	F_ABLE = 2,        /* the link is up, there is a key, and we have listened */
	F_FIT = 4,         /* it is announced, we may hold it, and do not leave */
	F_RIVAL = 8,       /* a fellow holds it, too */
	F_RIVAL_FIT = 16,  /* ... one that may, and does not leave */
	F_RIVAL_WINS = 32, /* ... one whose claim is better than ours */
	F_HEIR = 64,       /* a fellow could take it */
	F_GRACE = 128,     /* we have not waited for it too long */
	F_OURS = 256,      /* it is our turn to claim */
	F_SERVES = 512,    /* we hold it and may not, and can serve it still */
};

enum verdict { WAIT, CLAIM, KEEP, DROP };

/* The first row that fits is what is done. */
/* clang-format off */
static const struct election_rule {
	unsigned int is, is_not;
	enum verdict verdict;
	enum hold_cause cause;
} rules[] = {
	/* what is                    and is not    do     because */
	{ F_HOLD,                     F_ABLE,       DROP,  HOLD_LINK    },
	{ F_HOLD | F_RIVAL_FIT,       F_FIT,        DROP,  HOLD_LEFT    }, /* the heir is there */
	{ F_HOLD | F_HEIR | F_GRACE,  F_FIT,        KEEP,  0            }, /* until it is */
	{ F_HOLD | F_SERVES,          F_FIT,        KEEP,  0            }, /* the same */
	{ F_HOLD,                     F_FIT,        DROP,  HOLD_LEFT    },
	{ F_HOLD | F_RIVAL_WINS,      0,            DROP,  HOLD_CONTEST },
	{ F_HOLD,                     0,            KEEP,  0            },
	{ F_RIVAL_FIT,                0,            WAIT,  0            }, /* a holder stays */
	{ F_ABLE | F_FIT | F_OURS,    0,            CLAIM, 0            },
	{ 0,                          0,            WAIT,  0            },
};
/* clang-format on */

/* How good a claim is: more company first, then the later one, then the first in rank. */
struct claim_rank {
	uint16_t n_stable_peers;
	uint32_t term;
	struct rank rank;
};

static bool
beats(const struct claim_rank *a, const struct claim_rank *b)
{
	if (a->n_stable_peers != b->n_stable_peers)
		return a->n_stable_peers > b->n_stable_peers;
	if (a->term != b->term)
		return a->term > b->term;
	return rank_before(&a->rank, &b->rank);
}

static void
rank_for(const struct election_vip *election_vip, const char *node, struct rank *ret_rank)
{
	char text[IP_TEXT_MAX];

	rank_of(node, ip_format(&election_vip->key, text), ret_rank);
}

static bool
may_hold(const struct election_vip *election_vip, const char *node)
{
	const struct election *e = election_vip->election_link->e;

	return election_vip->wanted && e->ops->may_hold(e->arg, &election_vip->ip, node);
}

static bool
is_leaving(const struct peer *peer)
{
	return peer->flags & HELLO_LEAVING;
}

/* Both have to come to the same answer, so it is made of what both know. */
static bool
rival_wins(const struct election_vip *election_vip, const struct peer_claim *peer_claim, bool fit, int64_t now_ms)
{
	const struct election_link *link = election_vip->election_link;
	const struct peer *peer = peer_claim->peer;
	struct claim_rank mine = { .n_stable_peers = link->n_stable_peers, .term = election_vip->own_term };
	struct claim_rank theirs = { .n_stable_peers = peer->n_stable_peers, .term = peer_claim->term };

	if (peer_is_one_way(peer, now_ms)) /* it does not know of us, so it will not yield */
		return !peer->isolated;
	if (is_leaving(peer))
		return false;
	if (!fit) /* as we see it, not as it does: only that it came later can settle it */
		mine.n_stable_peers = theirs.n_stable_peers = 0;
	rank_for(election_vip, link->e->node, &mine.rank);
	rank_for(election_vip, peer->node, &theirs.rank);
	return beats(&theirs, &mine);
}

static unsigned int
rival_facts(const struct election_vip *election_vip, int64_t now_ms)
{
	const struct peer_claim *peer_claim;
	unsigned int facts = 0;

	SLIST_FOREACH(peer_claim, &election_vip->peer_claims, of_vip) {
		const struct peer *peer = peer_claim->peer;
		bool fit = !is_leaving(peer) && !peer->isolated && may_hold(election_vip, peer->node);

		facts |= F_RIVAL;
		if (fit)
			facts |= F_RIVAL_FIT;
		if (election_vip->held && rival_wins(election_vip, peer_claim, fit, now_ms))
			facts |= F_RIVAL_WINS;
	}
	return facts;
}

/* Could a fellow claim the seat, did it hear that it should? */
static bool
is_heir(const struct peer *peer)
{
	return peer && peer->alive && !(peer->flags & (HELLO_LEAVING | HELLO_LISTENING));
}

static bool
has_heir(const struct election_vip *election_vip)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &election_vip->election_link->peers) {
		if (is_heir(peer) && may_hold(election_vip, peer->node))
			return true;
	}
	return false;
}

/* On a LAN that has just begun: one that was not heard so far, or still listens. */
static bool
may_yet_come(const struct peer *peer)
{
	return !peer || (peer->alive && !is_leaving(peer));
}

/* Counts the candidates that rank before this node. */
struct queue {
	const struct election_vip *election_vip;
	struct rank mine;
	bool cold;
	unsigned int before;
};

static void
on_candidate(void *arg, const char *node, bool ready)
{
	struct queue *q = arg;
	const struct peer *peer = peer_find(q->election_vip->election_link, node);
	struct rank rank;

	if (strcmp(node, q->election_vip->election_link->e->node) == 0)
		return;
	if (!is_heir(peer) && !(q->cold && ready && may_yet_come(peer)))
		return;
	rank_for(q->election_vip, node, &rank);
	q->before += rank_before(&rank, &q->mine);
}

/*
 * A claimer that may not, as we see it, may know what is on its way to us: until when that may be.
 */
static int64_t
views_settled_ms(const struct election_vip *election_vip)
{
	const struct peer_claim *peer_claim;
	int64_t settled_ms = 0;

	SLIST_FOREACH(peer_claim, &election_vip->peer_claims, of_vip) {
		if (settled_ms < peer_claim->claimed_ms + VIEWS_MS && !may_hold(election_vip, peer_claim->peer->node))
			settled_ms = peer_claim->claimed_ms + VIEWS_MS;
	}
	return settled_ms;
}

/*
 * When it is our turn: at once for the first in rank; a little later for each one after it, so that
 * a node which ranks first and does not claim (it may know better) leaves nobody without.
 */
static int64_t
our_turn_ms(const struct election_vip *election_vip)
{
	const struct election_link *link = election_vip->election_link;
	struct queue q = { .election_vip = election_vip, .cold = !link->started };
	int64_t settled_ms = views_settled_ms(election_vip), turn;

	rank_for(election_vip, link->e->node, &q.mine);
	link->e->ops->each_candidate(link->e->arg, &election_vip->ip, on_candidate, &q);
	turn = election_vip->vacant_ms > link->turns_from_ms ? election_vip->vacant_ms : link->turns_from_ms;
	turn += q.before * TURN_INTERVALS * election_link_interval_ms(link);
	if (q.before && q.cold)
		turn = link->cold_until_ms;
	turn = turn > settled_ms ? turn : settled_ms;
	return turn > election_vip->not_before_ms ? turn : election_vip->not_before_ms;
}

static bool
can_serve(const struct election_vip *election_vip)
{
	const struct election *e = election_vip->election_link->e;

	return election_vip->wanted && !e->leaving && e->ops->may_keep &&
	    e->ops->may_keep(e->arg, &election_vip->ip);
}

static bool
is_able(const struct election_link *link)
{
	return link->open && link->up && link->e->has_key && !link->listening;
}

/* What is the case; and when that can change by itself, in @ret_due_ms. */
static unsigned int
facts_of(struct election_vip *election_vip, int64_t now_ms, int64_t *ret_due_ms)
{
	const struct election_link *link = election_vip->election_link;
	unsigned int facts = rival_facts(election_vip, now_ms);
	bool fit = !link->e->leaving && may_hold(election_vip, link->e->node);

	*ret_due_ms = INT64_MAX;
	facts |= (election_vip->held ? F_HOLD : 0) | (is_able(link) ? F_ABLE : 0) | (fit ? F_FIT : 0);
	if (!election_vip->held || fit)
		election_vip->unfit_ms = INT64_MAX;
	else if (election_vip->unfit_ms == INT64_MAX)
		election_vip->unfit_ms = now_ms;
	if (election_vip->held && !fit && has_heir(election_vip)) {
		facts |= F_HEIR;
		*ret_due_ms = election_vip->unfit_ms + link->e->opts.leave_ms;
		facts |= now_ms < *ret_due_ms ? F_GRACE : 0;
	}
	if (election_vip->held && !fit && can_serve(election_vip))
		facts |= F_SERVES;
	if (election_vip->held && facts & F_RIVAL) /* it may turn out that it does not hear us */
		*ret_due_ms = now_ms + election_link_interval_ms(link);
	election_vip_set_vacant(election_vip, !election_vip->held && fit && is_able(link) && !(facts & F_RIVAL_FIT), now_ms);
	if (election_vip->vacant) {
		*ret_due_ms = our_turn_ms(election_vip);
		facts |= now_ms >= *ret_due_ms ? F_OURS : 0;
	}
	return facts;
}

static const struct election_rule *
judge(unsigned int facts)
{
	const struct election_rule *rule = rules;

	while ((facts & rule->is) != rule->is || (facts & rule->is_not))
		rule++; /* the last one fits everything */
	return rule;
}

void
election_vip_report(struct election_vip *election_vip, int64_t gap_ms)
{
	struct election *e = election_vip->election_link->e;
	const struct peer_claim *best = SLIST_FIRST(&election_vip->peer_claims), *peer_claim;
	const char *node;

	SLIST_FOREACH(peer_claim, &election_vip->peer_claims, of_vip) {
		if (peer_claim->term > best->term)
			best = peer_claim;
	}
	node = election_vip->held ? e->node : best ? best->peer->node : NULL;
	if (node == election_vip->reported_holder)
		return;
	election_vip->reported_holder = node;
	if (node)
		e->stats.changes[election_vip->cause]++;
	if (election_vip->wanted || !node)
		e->ops->on_holder(e->arg, election_vip->election_link->ifindex, &election_vip->ip, node, election_vip->cause,
		    gap_ms);
}

static void
claim_rank(struct election_vip *election_vip, unsigned int facts, int64_t now_ms)
{
	struct election_link *link = election_vip->election_link;
	int64_t gap_ms = election_vip->lost_ms == NEVER_MS ? -1 : now_ms - election_vip->lost_ms;

	if (facts & F_RIVAL) {
		gap_ms = 0;
		election_vip->cause = HOLD_LEFT;
		election_vip->claimed_ms = now_ms;
	}
	if (election_vip->term < UINT32_MAX)
		election_vip->term++;
	election_vip->own_term = election_vip->term;
	election_vip->held = true;
	link->n_held++;
	election_vip_set_vacant(election_vip, false, now_ms);
	election_vip_set_unsent(election_vip, true);
	link->e->ops->hold(link->e->arg, link->ifindex, &election_vip->ip);
	election_vip_report(election_vip, gap_ms);
}

/*
 * Views of who may hold an address can differ for long: then nobody insists.  They do where a claim
 * is lost to a node that may not hold it, as we see it; one that is lost to another, as after a
 * cut, is no sign of that.
 */
static void
back_off(struct election_vip *election_vip, int64_t now_ms)
{
	if (now_ms - election_vip->claimed_ms > LOST_SOON_MS + election_vip->backoff_ms)
		election_vip->backoff_ms = 0;
	else
		election_vip->backoff_ms =
		    backoff_next_ms(election_vip->backoff_ms, BACKOFF_MS, BACKOFF_MAX_MS);
	election_vip->not_before_ms = now_ms + election_vip->backoff_ms;
}

void
election_vip_drop(struct election_vip *election_vip, enum hold_cause cause, int64_t now_ms)
{
	struct election_link *link = election_vip->election_link;

	election_vip->held = false;
	link->n_held--;
	election_vip->cause = cause;
	election_vip->lost_ms = now_ms;
	if (cause == HOLD_CONTEST || cause == HOLD_LINK)
		link->yield_hellos = YIELDS;
	election_vip_set_unsent(election_vip, true);
	link->e->ops->drop(link->e->arg, link->ifindex, &election_vip->ip);
	election_vip_report(election_vip, -1);
}

void
election_vip_decide(struct election_vip *election_vip, int64_t now_ms)
{
	int64_t due_ms;
	unsigned int facts = facts_of(election_vip, now_ms, &due_ms);
	const struct election_rule *rule = judge(facts);

	election_vip_schedule(election_vip, due_ms);
	switch (rule->verdict) {
	case CLAIM:
		claim_rank(election_vip, facts, now_ms);
		/* a rival that does not hear us will not yield */
		election_vip_schedule(election_vip,
		    facts & F_RIVAL ? now_ms + election_link_interval_ms(election_vip->election_link) : INT64_MAX);
		break;
	case DROP:
		if (rule->cause == HOLD_CONTEST && !(facts & F_RIVAL_FIT))
			back_off(election_vip, now_ms);
		election_vip_drop(election_vip, rule->cause, now_ms);
		election_vip_recheck(election_vip, now_ms + 1);
		break;
	case KEEP:
	case WAIT:
		election_vip_report(election_vip, -1);
		break;
	}
	election_vip_free_if_unused(election_vip);
}

void
election_vips_tick(struct election_link *link, int64_t now_ms)
{
	struct election_vip *election_vip;

	for (int n = 0; n < REVIEWS_MAX; n++) {
		election_vip = RB_MIN(vip_schedule, &link->schedule);
		if (!election_vip || election_vip->due_ms > now_ms)
			return;
		election_vip_decide(election_vip, now_ms);
	}
}
