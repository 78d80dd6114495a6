/* SPDX-License-Identifier: Apache-2.0 */
#include "election_impl.h"

#include <stdlib.h>
#include <string.h>

/* Who is alive on a segment, and what they hold. */

#define INTERVAL_MIN_MS 10     /* of what a fellow says of itself */
#define INTERVAL_MAX_MS 10000
#define DEAD_MAX_MS     60000
#define STABLE_MS       1000   /* a fellow that has been there for so long counts as company */
#define FORGET_MS       600000 /* a fellow that was not heard for so long is forgotten */
#define ECHO_MS         5000   /* a hello that knows a hello of ours as young as this is no recording */
#define CLOCKS_APART_S  30     /* so far may clocks be apart where that proof is not to be had */
#define ALONE_INTERVALS 3    /* in so many all that speak are heard, though one hello is lost */
#define CLAIMS_MAX     65536  /* addresses of one fellow on one link */

/* How many hellos of ours on @link are younger than ECHO_MS, about. */
static uint32_t
echo_window(const struct election_link *link)
{
	return (uint32_t)(ECHO_MS / link->e->opts.interval_ms) + 16;
}

/*
 * Does @hello prove that its sender hears us, by naming a hello that we sent a moment ago?  Nobody
 * could have known its number, and signed it, before.
 */
static bool
echoes_us(const struct election_link *link, const struct hello *hello)
{
	for (size_t i = 0; i < hello->n_heard; i++) {
		if (hello->heard[i].nonce == link->e->opts.nonce &&
		    link->seq - hello->heard[i].seq <= echo_window(link))
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
	const struct election_link *link = peer->election_link;

	for (size_t i = 0; i < hello->n_heard; i++) {
		if (hello->heard[i].nonce == link->e->opts.nonce &&
		    link->seq - hello->heard[i].seq < link->seq - peer->known_seq)
			return echoes_us(link, hello);
	}
	return false;
}

/*
 * Is @hello new?  Within one start of its sender, numbers grow.  Another start than the one that
 * is known has to prove itself: by an echo; or, before it has heard us or where it cannot, by a
 * clock that agrees with ours and a start that is later.
 */
static bool
is_news(const struct election_link *link, const struct peer *peer, const struct hello *hello,
    int64_t wall_s)
{
	if (peer && peer->nonce == hello->nonce && peer->start_s == hello->start_s)
		return (int32_t)(hello->seq - peer->seq) > 0;
	if (peer ? echoes_us_since(peer, hello) : echoes_us(link, hello))
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
	struct election_vip *first = election_vip_from(peer->election_link, &hello->from);
	struct peer_claim key = { .election_vip = first };
	struct peer_claim *peer_claim = first ? RB_NFIND(peer_claims, &peer->peer_claims, &key) : NULL;
	size_t i = 0;

	while (peer_claim && ip_cmp(&peer_claim->election_vip->ip, &hello->to) <= 0) {
		struct peer_claim *next = RB_NEXT(peer_claims, &peer->peer_claims, peer_claim);

		while (i < hello->n_held && ip_cmp(&hello->held[i].ip, &peer_claim->election_vip->ip) < 0)
			i++;
		if (i == hello->n_held || !ip_equal(&hello->held[i].ip, &peer_claim->election_vip->ip))
			peer_claim_end(peer_claim, HOLD_LEFT, now_ms);
		peer_claim = next;
	}
	for (i = 0; i < hello->n_held && peer->n_claims < CLAIMS_MAX; i++)
		peer_claim_set(peer, &hello->held[i].ip, hello->held[i].term, now_ms);
}

void
peer_end_claims(struct peer *peer, enum hold_cause cause, int64_t now_ms)
{
	struct peer_claim *peer_claim;

	while ((peer_claim = RB_ROOT(&peer->peer_claims)))
		peer_claim_end(peer_claim, cause, now_ms);
}

static void
touch_held_by(struct peer *peer, int64_t now_ms)
{
	struct peer_claim *peer_claim;

	RB_FOREACH(peer_claim, peer_claims, &peer->peer_claims)
		election_vip_recheck(peer_claim->election_vip, now_ms);
}

/* What is vacant may have another first in rank. */
static void
touch_vacancies(struct election_link *link, int64_t now_ms)
{
	struct election_vip *election_vip;

	TAILQ_FOREACH(election_vip, &link->vacant_vips, in_vacant)
		election_vip_recheck(election_vip, now_ms);
}

/* It has started anew: what it held it does not hold any more, and it may have moved. */
static void
take_start(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct election_link *link = peer->election_link;
	bool known = peer->interval_ms;

	peer_end_claims(peer, HOLD_DEATH, now_ms);
	peer->retired[peer->n_retired++ % RETIRED_MAX] = peer->nonce;
	peer->nonce = hello->nonce;
	peer->start_s = hello->start_s;
	peer->known_seq = link->seq;
	peer->hears_us_ms = peer->full_sent_ms = NEVER_MS;
	peer->alive_since_ms = now_ms;
	if (known && mac_equal(&peer->mac, &hello->src))
		return;
	if (known)
		link->e->ops->on_peer(link->e->arg, link->ifindex, &peer->mac, false);
	link->e->ops->on_peer(link->e->arg, link->ifindex, &hello->src, true);
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
	struct election_link *link = peer->election_link;

	peer->alive = true;
	peer->alive_since_ms = now_ms;
	link->n_alive++;
	if (now_ms - peer->full_sent_ms < election_link_dead_ms(link))
		return;
	peer->full_sent_ms = now_ms;
	hello_tx_all(link, now_ms);
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
	return !peer->alive || (echoes_us(peer->election_link, hello) && peer_is_one_way(peer, now_ms));
}

/* Who is on the other side of a cut may not have heard what we hold. */
static void
reannounce(struct election_link *link)
{
	const struct election *e = link->e;
	struct election_vip *election_vip;

	RB_FOREACH(election_vip, election_vips, &link->election_vips) {
		if (election_vip->held && e->ops->reannounce)
			e->ops->reannounce(e->arg, link->ifindex, &election_vip->ip);
	}
}

static void
take_polls(struct election_link *link, const struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	for (size_t i = 0; i < hello->n_polls; i++) {
		if (hello->polls[i] == link->e->opts.nonce)
			hello_tx_by(link, link->sent_ms + ANSWER_GAP_MS);
		RB_FOREACH(peer, peers, &link->peers) {
			if (peer->nonce == hello->polls[i])
				peer->polled_ms = now_ms;
		}
	}
}

/* Its next hello may prove that it is no recording, if ours says that it was heard. */
static void
note_unproven(struct election_link *link, const struct hello *hello)
{
	if (link->n_unproven < UNPROVEN_MAX)
		link->unproven[link->n_unproven++] =
		    (struct hello_heard){ hello->nonce, hello->seq };
}

bool
peer_on_hello(struct election_link *link, const struct hello *hello, int64_t heard_ms, int64_t now_ms,
    int64_t wall_s)
{
	struct peer *peer = peer_find(link, hello->node);
	bool left;

	if (hello->nonce == link->e->opts.nonce || strcmp(hello->node, link->e->node) == 0)
		return false;
	if (!is_news(link, peer, hello, wall_s)) {
		note_unproven(link, hello);
		return false;
	}
	if (!peer)
		peer = peer_get(link, hello->node);
	if (was_cut(peer, hello, now_ms))
		reannounce(link);
	if (peer->nonce != hello->nonce || peer->start_s != hello->start_s || !peer->interval_ms)
		take_start(peer, hello, now_ms);
	left = (hello->flags & ~peer->flags) & HELLO_LEAVING;
	peer->seq = hello->seq;
	peer->flags = hello->flags;
	peer->n_stable_peers = hello->n_stable_peers;
	if (hello->n_heard == 0)
		peer->alone_ms = heard_ms;
	peer->interval_ms = bounded(hello->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	peer->dead_ms = bounded(hello->dead_ms, 2 * peer->interval_ms, DEAD_MAX_MS);
	if (heard_ms > peer->heard_ms) /* which is later than it was, when we were stopped */
		peer->heard_ms = heard_ms;
	if (echoes_us(link, hello))
		peer->hears_us_ms = heard_ms;
	if (!peer->alive)
		come_alive(peer, now_ms);
	if (left)
		touch_held_by(peer, now_ms);
	if (hello->flags & HELLO_STARTED && !link->started) {
		link->started = true;
		link->turns_from_ms = now_ms;
		touch_vacancies(link, now_ms);
	}
	take_polls(link, hello, now_ms);
	if (hello->paged)
		take_page(peer, hello, now_ms);
	return true;
}

/*
 * Each hello says that some of its sender's fellows are heard, HELLO_HEARD_MAX of them in turns:
 * within so much time a fellow that hears us has said so.
 */
static int64_t
turn_ms(const struct peer *peer)
{
	int64_t turns = 1 + (int64_t)peer->election_link->n_alive / HELLO_HEARD_MAX;

	return 4 * turns * peer->interval_ms;
}

bool
peer_is_one_way(const struct peer *peer, int64_t now_ms)
{
	return now_ms - peer->alive_since_ms > turn_ms(peer) && now_ms - peer->hears_us_ms > turn_ms(peer);
}

static void
die(struct peer *peer, int64_t now_ms)
{
	struct election_link *link = peer->election_link;

	peer->alive = false;
	link->n_alive--;
	link->e->stats.peer_deaths++;
	peer_end_claims(peer, HOLD_DEATH, now_ms);
	touch_vacancies(link, now_ms);
}

/*
 * A node whose link works in one direction only cannot know: it may be alone.  Of two nodes,
 * neither can tell which of them it is, so it takes a third that hears us, too.  When it hears
 * again, it hears one of us first: until it can have heard all, nothing has changed.  Nor when it
 * falls silent.
 */
static void
find_isolated(struct election_link *link, int64_t now_ms)
{
	struct peer *peer;
	struct peer_claim *peer_claim;

	RB_FOREACH(peer, peers, &link->peers) {
		bool alone = peer->heard_ms - peer->alone_ms <= ALONE_INTERVALS * peer->interval_ms;
		bool is = link->n_stable_peers && peer->alive && alone && peer_is_one_way(peer, now_ms);

		if (is == peer->isolated)
			continue;
		peer->isolated = is;
		RB_FOREACH(peer_claim, peer_claims, &peer->peer_claims)
			election_vip_recheck(peer_claim->election_vip, now_ms);
	}
}

void
peers_update_stable(struct election_link *link, int64_t now_ms)
{
	struct peer *peer;
	uint16_t n = 0;

	RB_FOREACH(peer, peers, &link->peers) {
		if (peer->alive && now_ms - peer->alive_since_ms >= STABLE_MS &&
		    !peer_is_one_way(peer, now_ms) && n < UINT16_MAX)
			n++;
	}
	link->n_stable_peers = n;
	find_isolated(link, now_ms);
}

void
peers_tick(struct election_link *link, int64_t now_ms)
{
	struct peer *peer, *next;

	RB_FOREACH_SAFE(peer, peers, &link->peers, next) {
		if (peer->alive && now_ms >= peer->heard_ms + peer->dead_ms)
			die(peer, now_ms);
		if (peer->alive && now_ms >= peer_poll_ms(peer))
			hello_tx_by(link, now_ms);
		if (!peer->alive && now_ms - peer->heard_ms > FORGET_MS) {
			link->e->ops->on_peer(link->e->arg, link->ifindex, &peer->mac, false);
			peer_free(peer);
		}
	}
}

int64_t
peers_next_ms(const struct election_link *link)
{
	int64_t next_ms = INT64_MAX;
	struct peer *peer;

	RB_FOREACH(peer, peers, (struct peers *)&link->peers) {
		int64_t dead_ms = peer->heard_ms + peer->dead_ms, polled_ms = peer_poll_ms(peer);
		int64_t due_ms = polled_ms < dead_ms && election_link_ready(link) ? polled_ms : dead_ms;

		if (peer->alive && due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}
