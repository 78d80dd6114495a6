/* SPDX-License-Identifier: Apache-2.0 */
#include "election_impl.h"

#include <string.h>

/* What this node says of itself, and when. */

#define MANY_NODES        50 /* with more nodes on a LAN each says hello less often */
#define PAGES_MAX    16 /* a tick */
#define GOODBYES    3
#define GOODBYE_MS  20

static int64_t
stretched(const struct election_link *link, int64_t ms)
{
	int64_t n = (int64_t)link->n_alive + 1;

	ms = n > MANY_NODES ? ms * n / MANY_NODES : ms;
	return ms < UINT16_MAX ? ms : UINT16_MAX;
}

int64_t
election_link_interval_ms(const struct election_link *link)
{
	return stretched(link, link->e->opts.interval_ms);
}

int64_t
election_link_dead_ms(const struct election_link *link)
{
	return stretched(link, link->e->opts.dead_ms);
}

void
hello_tx_by(struct election_link *link, int64_t at_ms)
{
	if (at_ms < link->hello_ms)
		link->hello_ms = at_ms;
}

static void
add_heard(const struct peer *peer, struct hello *hello)
{
	if (peer->alive)
		hello->heard[hello->n_heard++] = (struct hello_heard){ peer->nonce, peer->seq };
}

/* Tells fellows that they are heard: all of them, or those whose turn it is. */
static void
add_all_heard(struct election_link *link, struct hello *hello)
{
	const struct peer *last = link->last_listed ? peer_find(link, link->last_listed) : NULL;
	struct peer *peer;
	size_t n = 0;

	while (link->n_unproven)
		hello->heard[hello->n_heard++] = link->unproven[--link->n_unproven];
	RB_FOREACH(peer, peers, &link->peers)
		n++;
	peer = last ? RB_NEXT(peers, NULL, (struct peer *)last) : NULL;
	for (; n && hello->n_heard < HELLO_HEARD_MAX; n--) {
		if (!peer)
			peer = RB_MIN(peers, &link->peers);
		add_heard(peer, hello);
		link->last_listed = peer->node;
		peer = RB_NEXT(peers, NULL, peer);
	}
}

/*
 * Asks those of whom we should have heard for a sign of life; who finds no room, in the next hello.
 */
static void
add_polls(struct election_link *link, struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &link->peers) {
		if (hello->n_polls == HELLO_POLLS_MAX)
			break;
		if (!peer->alive || now_ms < peer_poll_ms(peer))
			continue;
		peer->polled_ms = now_ms;
		hello->polls[hello->n_polls++] = peer->nonce;
	}
}

/*
 * A page of what is held, from hello->from on; what it covers is news no more.  Returns whether
 * there is more behind it.
 */
static bool
add_page(struct election_link *link, struct hello *hello)
{
	struct election_vip *election_vip = election_vip_from(link, &hello->from), *next;
	size_t room = hello_room(hello);

	hello->paged = true;
	hello->to = IP_LAST;
	for (; election_vip; election_vip = next) {
		size_t len = hello_held_len(&election_vip->ip);

		next = RB_NEXT(election_vips, NULL, election_vip);
		if (election_vip->held && len > room) {
			hello->to = hello->held[hello->n_held - 1].ip;
			return true;
		}
		election_vip_set_unsent(election_vip, false);
		if (election_vip->held) {
			room -= len;
			hello->held[hello->n_held++] =
			    (struct held_vip){ election_vip->ip, election_vip->own_term };
		}
		election_vip_free_if_unused(election_vip);
	}
	return false;
}

static uint8_t
flags_of(const struct election_link *link)
{
	return (uint8_t)((link->e->leaving ? HELLO_LEAVING : 0) |
	    (link->listening ? HELLO_LISTENING : 0) | (link->started ? HELLO_STARTED : 0) |
	    (link->yield_hellos ? HELLO_YIELDED : 0));
}

/*
 * A daemon wakes up to say hello; others' hellos can wait for that, but for those that say
 * something new, ask, or come from a node that hears nobody: it may have come back, and not know
 * it.  Where there are many nodes their hellos are more than may wait in a socket.
 */
static bool
is_calm(const struct election_link *link, const struct hello *hello)
{
	return !link->e->leaving && hello->flags == link->last_sent_flags &&
	    hello->n_stable_peers == link->last_sent_stable_peers && hello->n_heard && !hello->n_polls &&
	    link->n_alive < MANY_NODES;
}

/* Says hello, with a page that begins at @from; returns where the next one does. */
static struct ip
send_hello(struct election_link *link, const struct ip *from, int64_t now_ms, int64_t wall_s)
{
	struct election *e = link->e;
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello = {
		.src = link->mac,
		.start_s = e->opts.start_s,
		.nonce = e->opts.nonce,
		.seq = ++link->seq,
		.wall_s = wall_s,
		.interval_ms = (uint16_t)election_link_interval_ms(link),
		.dead_ms = (uint16_t)election_link_dead_ms(link),
		.n_stable_peers = link->n_stable_peers,
		.from = *from,
	};
	struct ip next = IP_FIRST;
	bool unsent_vips;

	hello.flags = flags_of(link);
	strcpy(hello.node, e->node);
	unsent_vips = link->full_rounds || link->n_unproven || !TAILQ_EMPTY(&link->unsent_vips);
	add_all_heard(link, &hello);
	add_polls(link, &hello, now_ms);
	if (!unsent_vips && is_calm(link, &hello))
		hello.flags |= HELLO_UNCHANGED;
	link->last_sent_flags = flags_of(link);
	link->last_sent_stable_peers = hello.n_stable_peers;
	if (add_page(link, &hello)) {
		next = hello.to;
		if (ip_next(&next) < 0)
			next = IP_FIRST;
	}
	link->sent_ms = now_ms;
	e->stats.sent++;
	e->ops->send(e->arg, link->ifindex, frame, hello_build(&hello, &e->key, frame));
	return next;
}

/*
 * A round under way goes on to its end: who appears again and again keeps nobody from the last
 * page.
 */
void
hello_tx_all(struct election_link *link, int64_t at_ms)
{
	link->full_rounds = ip_cmp(&link->next_page, &IP_FIRST) == 0 ? 1 : 2;
	hello_tx_by(link, at_ms);
}

bool
hello_tx_is_due(const struct election_link *link, int64_t now_ms)
{
	return election_link_ready(link) && (now_ms >= link->hello_ms || !TAILQ_EMPTY(&link->unsent_vips));
}

void
hello_tx_tick(struct election_link *link, int64_t now_ms, int64_t wall_s)
{
	int pages = 0;

	if (!election_link_ready(link))
		return;
	if (now_ms >= link->hello_ms) {
		do {
			link->next_page = send_hello(link, &link->next_page, now_ms, wall_s);
			if (link->full_rounds && ip_cmp(&link->next_page, &IP_FIRST) == 0)
				link->full_rounds--;
		} while (link->full_rounds && ++pages < PAGES_MAX);
		link->yield_hellos -= link->yield_hellos > 0;
		link->hello_ms = now_ms + election_link_interval_ms(link);
		if (link->e->leaving && link->n_held == 0 && ++link->goodbyes < GOODBYES)
			link->hello_ms = now_ms + GOODBYE_MS;
	}
	while (!TAILQ_EMPTY(&link->unsent_vips) && ++pages < PAGES_MAX)
		send_hello(link, &TAILQ_FIRST(&link->unsent_vips)->ip, now_ms, wall_s);
}

int64_t
hello_tx_next_ms(const struct election_link *link)
{
	if (!election_link_ready(link))
		return INT64_MAX;
	return TAILQ_EMPTY(&link->unsent_vips) ? link->hello_ms : link->sent_ms + 1;
}
