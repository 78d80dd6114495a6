/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/elect.h"
#include "election_impl.h"

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
static const struct rule {
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
struct claim {
	uint16_t settled;
	uint32_t term;
	struct rank rank;
};

static bool
beats(const struct claim *a, const struct claim *b)
{
	if (a->settled != b->settled)
		return a->settled > b->settled;
	if (a->term != b->term)
		return a->term > b->term;
	return rank_before(&a->rank, &b->rank);
}

static void
rank_in(const struct seat *seat, const char *node, struct rank *ret_rank)
{
	char text[IP_TEXT_MAX];

	rank_of(node, ip_format(&seat->key, text), ret_rank);
}

static bool
may_hold(const struct seat *seat, const char *node)
{
	const struct election *e = seat->segment->e;

	return seat->wanted && e->ops->may_hold(e->arg, &seat->ip, node);
}

static bool
is_leaving(const struct peer *peer)
{
	return peer->flags & HELLO_LEAVING;
}

/* Both have to come to the same answer, so it is made of what both know. */
static bool
rival_wins(const struct seat *seat, const struct tenure *tenure, bool fit, int64_t now_ms)
{
	const struct segment *seg = seat->segment;
	const struct peer *peer = tenure->peer;
	struct claim mine = { .settled = seg->settled, .term = seat->own_term };
	struct claim theirs = { .settled = peer->settled, .term = tenure->term };

	if (peer_is_deaf(peer, now_ms)) /* it does not know of us, so it will not yield */
		return !peer->cut_off;
	if (is_leaving(peer))
		return false;
	if (!fit) /* as we see it, not as it does: only that it came later can settle it */
		mine.settled = theirs.settled = 0;
	rank_in(seat, seg->e->node, &mine.rank);
	rank_in(seat, peer->node, &theirs.rank);
	return beats(&theirs, &mine);
}

static unsigned int
rival_facts(const struct seat *seat, int64_t now_ms)
{
	const struct tenure *tenure;
	unsigned int facts = 0;

	SLIST_FOREACH(tenure, &seat->tenures, of_seat) {
		const struct peer *peer = tenure->peer;
		bool fit = !is_leaving(peer) && !peer->cut_off && may_hold(seat, peer->node);

		facts |= F_RIVAL;
		if (fit)
			facts |= F_RIVAL_FIT;
		if (seat->held && rival_wins(seat, tenure, fit, now_ms))
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
has_heir(const struct seat *seat)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &seat->segment->peers) {
		if (is_heir(peer) && may_hold(seat, peer->node))
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
	const struct seat *seat;
	struct rank mine;
	bool cold;
	unsigned int before;
};

static void
on_candidate(void *arg, const char *node, bool ready)
{
	struct queue *q = arg;
	const struct peer *peer = peer_find(q->seat->segment, node);
	struct rank rank;

	if (strcmp(node, q->seat->segment->e->node) == 0)
		return;
	if (!is_heir(peer) && !(q->cold && ready && may_yet_come(peer)))
		return;
	rank_in(q->seat, node, &rank);
	q->before += rank_before(&rank, &q->mine);
}

/*
 * A claimer that may not, as we see it, may know what is on its way to us: until when that may be.
 */
static int64_t
views_settled_ms(const struct seat *seat)
{
	const struct tenure *tenure;
	int64_t settled_ms = 0;

	SLIST_FOREACH(tenure, &seat->tenures, of_seat) {
		if (settled_ms < tenure->claimed_ms + VIEWS_MS && !may_hold(seat, tenure->peer->node))
			settled_ms = tenure->claimed_ms + VIEWS_MS;
	}
	return settled_ms;
}

/*
 * When it is our turn: at once for the first in rank; a little later for each one after it, so that
 * a node which ranks first and does not claim (it may know better) leaves nobody without.
 */
static int64_t
our_turn_ms(const struct seat *seat)
{
	const struct segment *seg = seat->segment;
	struct queue q = { .seat = seat, .cold = !seg->warm };
	int64_t settled_ms = views_settled_ms(seat), turn;

	rank_in(seat, seg->e->node, &q.mine);
	seg->e->ops->each_candidate(seg->e->arg, &seat->ip, on_candidate, &q);
	turn = seat->vacant_ms > seg->turns_ms ? seat->vacant_ms : seg->turns_ms;
	turn += q.before * TURN_INTERVALS * segment_interval_ms(seg);
	if (q.before && q.cold)
		turn = seg->cold_ms;
	turn = turn > settled_ms ? turn : settled_ms;
	return turn > seat->not_before_ms ? turn : seat->not_before_ms;
}

static bool
can_serve(const struct seat *seat)
{
	const struct election *e = seat->segment->e;

	return seat->wanted && !e->leaving && e->ops->may_keep &&
	    e->ops->may_keep(e->arg, &seat->ip);
}

static bool
is_able(const struct segment *seg)
{
	return seg->open && seg->up && seg->e->has_key && !seg->listening;
}

/* What is the case; and when that can change by itself, in @ret_due_ms. */
static unsigned int
facts_of(struct seat *seat, int64_t now_ms, int64_t *ret_due_ms)
{
	const struct segment *seg = seat->segment;
	unsigned int facts = rival_facts(seat, now_ms);
	bool fit = !seg->e->leaving && may_hold(seat, seg->e->node);

	*ret_due_ms = INT64_MAX;
	facts |= (seat->held ? F_HOLD : 0) | (is_able(seg) ? F_ABLE : 0) | (fit ? F_FIT : 0);
	if (!seat->held || fit)
		seat->unfit_ms = INT64_MAX;
	else if (seat->unfit_ms == INT64_MAX)
		seat->unfit_ms = now_ms;
	if (seat->held && !fit && has_heir(seat)) {
		facts |= F_HEIR;
		*ret_due_ms = seat->unfit_ms + seg->e->opts.leave_ms;
		facts |= now_ms < *ret_due_ms ? F_GRACE : 0;
	}
	if (seat->held && !fit && can_serve(seat))
		facts |= F_SERVES;
	if (seat->held && facts & F_RIVAL) /* it may turn out that it does not hear us */
		*ret_due_ms = now_ms + segment_interval_ms(seg);
	seat_set_vacant(seat, !seat->held && fit && is_able(seg) && !(facts & F_RIVAL_FIT), now_ms);
	if (seat->vacant) {
		*ret_due_ms = our_turn_ms(seat);
		facts |= now_ms >= *ret_due_ms ? F_OURS : 0;
	}
	return facts;
}

static const struct rule *
judge(unsigned int facts)
{
	const struct rule *rule = rules;

	while ((facts & rule->is) != rule->is || (facts & rule->is_not))
		rule++; /* the last one fits everything */
	return rule;
}

void
seat_tell(struct seat *seat, int64_t gap_ms)
{
	struct election *e = seat->segment->e;
	const struct tenure *best = SLIST_FIRST(&seat->tenures), *tenure;
	const char *node;

	SLIST_FOREACH(tenure, &seat->tenures, of_seat) {
		if (tenure->term > best->term)
			best = tenure;
	}
	node = seat->held ? e->node : best ? best->peer->node : NULL;
	if (node == seat->told)
		return;
	seat->told = node;
	if (node)
		e->stats.changes[seat->cause]++;
	if (seat->wanted || !node)
		e->ops->on_holder(e->arg, seat->segment->ifindex, &seat->ip, node, seat->cause,
		    gap_ms);
}

static void
claim(struct seat *seat, unsigned int facts, int64_t now_ms)
{
	struct segment *seg = seat->segment;
	int64_t gap_ms = seat->lost_ms == NEVER_MS ? -1 : now_ms - seat->lost_ms;

	if (facts & F_RIVAL) {
		gap_ms = 0;
		seat->cause = HOLD_LEFT;
		seat->claimed_ms = now_ms;
	}
	if (seat->term < UINT32_MAX)
		seat->term++;
	seat->own_term = seat->term;
	seat->held = true;
	seg->n_held++;
	seat_set_vacant(seat, false, now_ms);
	seat_set_fresh(seat, true);
	seg->e->ops->hold(seg->e->arg, seg->ifindex, &seat->ip);
	seat_tell(seat, gap_ms);
}

/*
 * Views of who may hold an address can differ for long: then nobody insists.  They do where a claim
 * is lost to a node that may not hold it, as we see it; one that is lost to another, as after a
 * cut, is no sign of that.
 */
static void
back_off(struct seat *seat, int64_t now_ms)
{
	if (now_ms - seat->claimed_ms > LOST_SOON_MS + seat->backoff_ms)
		seat->backoff_ms = 0;
	else
		seat->backoff_ms = seat->backoff_ms ? seat->backoff_ms * 2 : BACKOFF_MS;
	if (seat->backoff_ms > BACKOFF_MAX_MS)
		seat->backoff_ms = BACKOFF_MAX_MS;
	seat->not_before_ms = now_ms + seat->backoff_ms;
}

void
seat_drop(struct seat *seat, enum hold_cause cause, int64_t now_ms)
{
	struct segment *seg = seat->segment;

	seat->held = false;
	seg->n_held--;
	seat->cause = cause;
	seat->lost_ms = now_ms;
	if (cause == HOLD_CONTEST || cause == HOLD_LINK)
		seg->yields = YIELDS;
	seat_set_fresh(seat, true);
	seg->e->ops->drop(seg->e->arg, seg->ifindex, &seat->ip);
	seat_tell(seat, -1);
}

void
seat_review(struct seat *seat, int64_t now_ms)
{
	int64_t due_ms;
	unsigned int facts = facts_of(seat, now_ms, &due_ms);
	const struct rule *rule = judge(facts);

	seat_wait_until(seat, due_ms);
	switch (rule->verdict) {
	case CLAIM:
		claim(seat, facts, now_ms);
		/* a rival that does not hear us will not yield */
		seat_wait_until(seat,
		    facts & F_RIVAL ? now_ms + segment_interval_ms(seat->segment) : INT64_MAX);
		break;
	case DROP:
		if (rule->cause == HOLD_CONTEST && !(facts & F_RIVAL_FIT))
			back_off(seat, now_ms);
		seat_drop(seat, rule->cause, now_ms);
		seat_touch(seat, now_ms + 1);
		break;
	case KEEP:
	case WAIT:
		seat_tell(seat, -1);
		break;
	}
	seat_free_if_idle(seat);
}

void
seats_tick(struct segment *seg, int64_t now_ms)
{
	struct seat *seat;

	for (int n = 0; n < REVIEWS_MAX; n++) {
		seat = RB_MIN(seat_calendar, &seg->calendar);
		if (!seat || seat->due_ms > now_ms)
			return;
		seat_review(seat, now_ms);
	}
}
