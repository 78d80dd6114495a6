/* SPDX-License-Identifier: Apache-2.0 */
#include "election_impl.h"

#include <stdlib.h>
#include <string.h>

/* Who is alive on a segment, and what they hold. */

#define INTERVAL_MIN_MS 10     /* of what a fellow says of itself */
#define INTERVAL_MAX_MS 10000
#define DEAD_MAX_MS     60000
#define SETTLE_MS       1000   /* a fellow that has been there for so long counts as company */
#define FORGET_MS       600000 /* a fellow that was not heard for so long is forgotten */
#define ECHO_MS         5000   /* a hello that knows a hello of ours as young as this is no recording */
#define CLOCKS_APART_S  30     /* so far may clocks be apart where that proof is not to be had */
#define COMPANY_INTERVALS 3    /* in so many all that speak are heard, though one hello is lost */
#define TENURES_MAX     65536  /* addresses of one fellow on one link */

/* How many hellos of ours on @seg are younger than ECHO_MS, about. */
static uint32_t
echo_window(const struct segment *seg)
{
	return (uint32_t)(ECHO_MS / seg->e->opts.interval_ms) + 16;
}

/*
 * Does @hello prove that its sender hears us, by naming a hello that we sent a moment ago?  Nobody
 * could have known its number, and signed it, before.
 */
static bool
echoes_us(const struct segment *seg, const struct hello *hello)
{
	for (size_t i = 0; i < hello->n_ears; i++) {
		if (hello->ears[i].nonce == seg->e->opts.nonce &&
		    seg->seq - hello->ears[i].seq <= echo_window(seg))
			return true;
	}
	return false;
}

static bool
is_retired(const struct peer *peer, uint32_t nonce)
{
	for (size_t i = 0; i < RETIRED_MAX; i++) {
		if (peer->retired[i] == nonce)
			return true;
	}
	return false;
}

/*
 * Does it hear us since we believe in the start of @peer that we know of?  An earlier one cannot;
 * one that we took for earlier can, where that belief was owed to a recording.
 */
static bool
echoes_us_since(const struct peer *peer, const struct hello *hello)
{
	const struct segment *seg = peer->segment;

	for (size_t i = 0; i < hello->n_ears; i++) {
		if (hello->ears[i].nonce == seg->e->opts.nonce &&
		    seg->seq - hello->ears[i].seq < seg->seq - peer->known_seq)
			return echoes_us(seg, hello);
	}
	return false;
}

/*
 * Is @hello new?  Within one start of its sender, numbers grow.  Another start than the one that
 * is known has to prove itself: by an echo; or, before it has heard us or where it cannot, by a
 * clock that agrees with ours and a start that is later.
 */
static bool
is_news(const struct segment *seg, const struct peer *peer, const struct hello *hello,
    int64_t wall_s)
{
	if (peer && peer->nonce == hello->nonce && peer->start_s == hello->start_s)
		return (int32_t)(hello->seq - peer->seq) > 0;
	if (peer ? echoes_us_since(peer, hello) : echoes_us(seg, hello))
		return true;
	if (peer && (is_retired(peer, hello->nonce) || hello->start_s < peer->start_s))
		return false;
	return hello->wall_s >= wall_s - CLOCKS_APART_S &&
	    hello->wall_s <= wall_s + CLOCKS_APART_S;
}

static int64_t
bounded(int64_t value, int64_t min, int64_t max)
{
	return value < min ? min : value > max ? max : value;
}

/* What the page says that the peer does not hold, it holds no more; what it lists, it holds. */
static void
take_page(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct seat *first = seat_from(peer->segment, &hello->from);
	struct tenure key = { .seat = first };
	struct tenure *tenure = first ? RB_NFIND(tenures, &peer->tenures, &key) : NULL;
	size_t i = 0;

	while (tenure && ip_cmp(&tenure->seat->ip, &hello->to) <= 0) {
		struct tenure *next = RB_NEXT(tenures, &peer->tenures, tenure);

		while (i < hello->n_holds && ip_cmp(&hello->holds[i].ip, &tenure->seat->ip) < 0)
			i++;
		if (i == hello->n_holds || !ip_equal(&hello->holds[i].ip, &tenure->seat->ip))
			tenure_end(tenure, HOLD_LEFT, now_ms);
		tenure = next;
	}
	for (i = 0; i < hello->n_holds && peer->n_tenures < TENURES_MAX; i++)
		tenure_set(peer, &hello->holds[i].ip, hello->holds[i].term, now_ms);
}

void
peer_end_tenures(struct peer *peer, enum hold_cause cause, int64_t now_ms)
{
	struct tenure *tenure;

	while ((tenure = RB_ROOT(&peer->tenures)))
		tenure_end(tenure, cause, now_ms);
}

static void
touch_held_by(struct peer *peer, int64_t now_ms)
{
	struct tenure *tenure;

	RB_FOREACH(tenure, tenures, &peer->tenures)
		seat_touch(tenure->seat, now_ms);
}

/* What is vacant may have another first in rank. */
static void
touch_vacancies(struct segment *seg, int64_t now_ms)
{
	struct seat *seat;

	TAILQ_FOREACH(seat, &seg->vacancies, in_vacant)
		seat_touch(seat, now_ms);
}

/* It has started anew: what it held it does not hold any more, and it may have moved. */
static void
take_start(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct segment *seg = peer->segment;
	bool known = peer->interval_ms;

	peer_end_tenures(peer, HOLD_DEATH, now_ms);
	peer->retired[peer->n_retired++ % RETIRED_MAX] = peer->nonce;
	peer->nonce = hello->nonce;
	peer->start_s = hello->start_s;
	peer->known_seq = seg->seq;
	peer->hears_ms = peer->greeted_ms = NEVER_MS;
	peer->alive_ms = now_ms;
	if (known && mac_equal(&peer->mac, &hello->src))
		return;
	if (known)
		seg->e->ops->on_fellow(seg->e->arg, seg->ifindex, &peer->mac, false);
	seg->e->ops->on_fellow(seg->e->arg, seg->ifindex, &hello->src, true);
	peer->mac = hello->src;
}

/*
 * It is there, for the first time or again: it has to learn what we hold.  One that says it is dead
 * after a few milliseconds is there again with each word, and told no more often than one that
 * dies.
 */
static void
come_alive(struct peer *peer, int64_t now_ms)
{
	struct segment *seg = peer->segment;

	peer->alive = true;
	peer->alive_ms = now_ms;
	seg->n_alive++;
	if (now_ms - peer->greeted_ms < segment_dead_ms(seg))
		return;
	peer->greeted_ms = now_ms;
	herald_all(seg, now_ms);
}

/*
 * Was something between us and the sender of @hello cut until now?  It is heard again, or hears us
 * again; or it has started meanwhile, because who starts is first heard while it listens.  Or it
 * has claimed what others hold, as it knows now, and not all of them need have noticed.
 */
static bool
was_cut(const struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	bool same = peer->nonce == hello->nonce && peer->start_s == hello->start_s;

	if (hello->flags & HELLO_YIELDED && !(same && peer->flags & HELLO_YIELDED))
		return true;
	if (!same)
		return !(hello->flags & HELLO_LISTENING);
	return !peer->alive || (echoes_us(peer->segment, hello) && peer_is_deaf(peer, now_ms));
}

/* Who is on the other side of a cut may not have heard what we hold. */
static void
remind(struct segment *seg)
{
	const struct election *e = seg->e;
	struct seat *seat;

	RB_FOREACH(seat, seats, &seg->seats) {
		if (seat->held && e->ops->remind)
			e->ops->remind(e->arg, seg->ifindex, &seat->ip);
	}
}

static void
take_asks(struct segment *seg, const struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	for (size_t i = 0; i < hello->n_asks; i++) {
		if (hello->asks[i] == seg->e->opts.nonce)
			herald_soon(seg, seg->sent_ms + ANSWER_GAP_MS);
		RB_FOREACH(peer, peers, &seg->peers) {
			if (peer->nonce == hello->asks[i])
				peer->asked_ms = now_ms;
		}
	}
}

/* Its next hello may prove that it is no recording, if ours says that it was heard. */
static void
note_stranger(struct segment *seg, const struct hello *hello)
{
	if (seg->n_strangers < STRANGERS_MAX)
		seg->strangers[seg->n_strangers++] =
		    (struct hello_ear){ hello->nonce, hello->seq };
}

bool
peer_heard(struct segment *seg, const struct hello *hello, int64_t heard_ms, int64_t now_ms,
    int64_t wall_s)
{
	struct peer *peer = peer_find(seg, hello->node);
	bool left;

	if (hello->nonce == seg->e->opts.nonce || strcmp(hello->node, seg->e->node) == 0)
		return false;
	if (!is_news(seg, peer, hello, wall_s)) {
		note_stranger(seg, hello);
		return false;
	}
	if (!peer)
		peer = peer_of(seg, hello->node);
	if (was_cut(peer, hello, now_ms))
		remind(seg);
	if (peer->nonce != hello->nonce || peer->start_s != hello->start_s || !peer->interval_ms)
		take_start(peer, hello, now_ms);
	left = (hello->flags & ~peer->flags) & HELLO_LEAVING;
	peer->seq = hello->seq;
	peer->flags = hello->flags;
	peer->settled = hello->settled;
	if (hello->n_ears == 0)
		peer->lone_ms = heard_ms;
	peer->interval_ms = bounded(hello->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	peer->dead_ms = bounded(hello->dead_ms, 2 * peer->interval_ms, DEAD_MAX_MS);
	if (heard_ms > peer->heard_ms) /* which is later than it was, when we were stopped */
		peer->heard_ms = heard_ms;
	if (echoes_us(seg, hello))
		peer->hears_ms = heard_ms;
	if (!peer->alive)
		come_alive(peer, now_ms);
	if (left)
		touch_held_by(peer, now_ms);
	if (hello->flags & HELLO_WARM && !seg->warm) {
		seg->warm = true;
		seg->turns_ms = now_ms;
		touch_vacancies(seg, now_ms);
	}
	take_asks(seg, hello, now_ms);
	if (hello->paged)
		take_page(peer, hello, now_ms);
	return true;
}

/*
 * Each hello says that some of its sender's fellows are heard, HELLO_EARS_MAX of them in turns:
 * within so much time a fellow that hears us has said so.
 */
static int64_t
turn_ms(const struct peer *peer)
{
	int64_t turns = 1 + (int64_t)peer->segment->n_alive / HELLO_EARS_MAX;

	return 4 * turns * peer->interval_ms;
}

bool
peer_is_deaf(const struct peer *peer, int64_t now_ms)
{
	return now_ms - peer->alive_ms > turn_ms(peer) && now_ms - peer->hears_ms > turn_ms(peer);
}

static void
die(struct peer *peer, int64_t now_ms)
{
	struct segment *seg = peer->segment;

	peer->alive = false;
	seg->n_alive--;
	seg->e->stats.deaths++;
	peer_end_tenures(peer, HOLD_DEATH, now_ms);
	touch_vacancies(seg, now_ms);
}

/*
 * A node whose link works in one direction only cannot know: it may be alone.  Of two nodes,
 * neither can tell which of them it is, so it takes a third that hears us, too.  When it hears
 * again, it hears one of us first: until it can have heard all, nothing has changed.  Nor when it
 * falls silent.
 */
static void
find_cut_off(struct segment *seg, int64_t now_ms)
{
	struct peer *peer;
	struct tenure *tenure;

	RB_FOREACH(peer, peers, &seg->peers) {
		bool lone = peer->heard_ms - peer->lone_ms <= COMPANY_INTERVALS * peer->interval_ms;
		bool is = seg->settled && peer->alive && lone && peer_is_deaf(peer, now_ms);

		if (is == peer->cut_off)
			continue;
		peer->cut_off = is;
		RB_FOREACH(tenure, tenures, &peer->tenures)
			seat_touch(tenure->seat, now_ms);
	}
}

void
peers_settle(struct segment *seg, int64_t now_ms)
{
	struct peer *peer;
	uint16_t n = 0;

	RB_FOREACH(peer, peers, &seg->peers) {
		if (peer->alive && now_ms - peer->alive_ms >= SETTLE_MS &&
		    !peer_is_deaf(peer, now_ms) && n < UINT16_MAX)
			n++;
	}
	seg->settled = n;
	find_cut_off(seg, now_ms);
}

void
peers_tick(struct segment *seg, int64_t now_ms)
{
	struct peer *peer, *next;

	RB_FOREACH_SAFE(peer, peers, &seg->peers, next) {
		if (peer->alive && now_ms >= peer->heard_ms + peer->dead_ms)
			die(peer, now_ms);
		if (peer->alive && now_ms >= peer_ask_ms(peer))
			herald_soon(seg, now_ms);
		if (!peer->alive && now_ms - peer->heard_ms > FORGET_MS) {
			seg->e->ops->on_fellow(seg->e->arg, seg->ifindex, &peer->mac, false);
			peer_free(peer);
		}
	}
}

int64_t
peers_next_ms(const struct segment *seg)
{
	int64_t next_ms = INT64_MAX;
	struct peer *peer;

	RB_FOREACH(peer, peers, (struct peers *)&seg->peers) {
		int64_t dead_ms = peer->heard_ms + peer->dead_ms, asked_ms = peer_ask_ms(peer);
		int64_t due_ms = asked_ms < dead_ms && segment_speaks(seg) ? asked_ms : dead_ms;

		if (peer->alive && due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}
