/* SPDX-License-Identifier: Apache-2.0 */
#include "election_impl.h"

#include <string.h>

/* What this node says of itself, and when. */

#define CROWD        50 /* with more nodes on a LAN each says hello less often */
#define PAGES_MAX    16 /* a tick */
#define FAREWELLS    3
#define FAREWELL_MS  20

static int64_t
stretched(const struct segment *seg, int64_t ms)
{
	int64_t n = (int64_t)seg->n_alive + 1;

	ms = n > CROWD ? ms * n / CROWD : ms;
	return ms < UINT16_MAX ? ms : UINT16_MAX;
}

int64_t
segment_interval_ms(const struct segment *seg)
{
	return stretched(seg, seg->e->opts.interval_ms);
}

int64_t
segment_dead_ms(const struct segment *seg)
{
	return stretched(seg, seg->e->opts.dead_ms);
}

void
herald_soon(struct segment *seg, int64_t at_ms)
{
	if (at_ms < seg->hello_ms)
		seg->hello_ms = at_ms;
}

static void
add_ear(const struct peer *peer, struct hello *hello)
{
	if (peer->alive)
		hello->ears[hello->n_ears++] = (struct hello_ear){ peer->nonce, peer->seq };
}

/* Tells fellows that they are heard: all of them, or those whose turn it is. */
static void
add_ears(struct segment *seg, struct hello *hello)
{
	const struct peer *last = seg->ear ? peer_find(seg, seg->ear) : NULL;
	struct peer *peer;
	size_t n = 0;

	while (seg->n_strangers)
		hello->ears[hello->n_ears++] = seg->strangers[--seg->n_strangers];
	RB_FOREACH(peer, peers, &seg->peers)
		n++;
	peer = last ? RB_NEXT(peers, NULL, (struct peer *)last) : NULL;
	for (; n && hello->n_ears < HELLO_EARS_MAX; n--) {
		if (!peer)
			peer = RB_MIN(peers, &seg->peers);
		add_ear(peer, hello);
		seg->ear = peer->node;
		peer = RB_NEXT(peers, NULL, peer);
	}
}

/*
 * Asks those of whom we should have heard for a sign of life; who finds no room, in the next hello.
 */
static void
add_asks(struct segment *seg, struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &seg->peers) {
		if (hello->n_asks == HELLO_ASKS_MAX)
			break;
		if (!peer->alive || now_ms < peer_ask_ms(peer))
			continue;
		peer->asked_ms = now_ms;
		hello->asks[hello->n_asks++] = peer->nonce;
	}
}

/*
 * A page of what is held, from hello->from on; what it covers is news no more.  Returns whether
 * there is more behind it.
 */
static bool
add_page(struct segment *seg, struct hello *hello)
{
	struct seat *seat = seat_from(seg, &hello->from), *next;
	size_t room = hello_room(hello);

	hello->paged = true;
	hello->to = IP_LAST;
	for (; seat; seat = next) {
		size_t len = hello_hold_len(&seat->ip);

		next = RB_NEXT(seats, NULL, seat);
		if (seat->held && len > room) {
			hello->to = hello->holds[hello->n_holds - 1].ip;
			return true;
		}
		seat_set_fresh(seat, false);
		if (seat->held) {
			room -= len;
			hello->holds[hello->n_holds++] =
			    (struct hello_hold){ seat->ip, seat->own_term };
		}
		seat_free_if_idle(seat);
	}
	return false;
}

static uint8_t
flags_of(const struct segment *seg)
{
	return (uint8_t)((seg->e->leaving ? HELLO_LEAVING : 0) |
	    (seg->listening ? HELLO_LISTENING : 0) | (seg->warm ? HELLO_WARM : 0) |
	    (seg->yields ? HELLO_YIELDED : 0));
}

/*
 * A daemon wakes up to say hello; others' hellos can wait for that, but for those that say
 * something new, ask, or come from a node that hears nobody: it may have come back, and not know
 * it.  Where there are many nodes their hellos are more than may wait in a socket.
 */
static bool
is_calm(const struct segment *seg, const struct hello *hello)
{
	return !seg->e->leaving && hello->flags == seg->said_flags &&
	    hello->settled == seg->said_settled && hello->n_ears && !hello->n_asks &&
	    seg->n_alive < CROWD;
}

/* Says hello, with a page that begins at @from; returns where the next one does. */
static struct ip
say_hello(struct segment *seg, const struct ip *from, int64_t now_ms, int64_t wall_s)
{
	struct election *e = seg->e;
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello = {
		.src = seg->mac,
		.start_s = e->opts.start_s,
		.nonce = e->opts.nonce,
		.seq = ++seg->seq,
		.wall_s = wall_s,
		.interval_ms = (uint16_t)segment_interval_ms(seg),
		.dead_ms = (uint16_t)segment_dead_ms(seg),
		.settled = seg->settled,
		.from = *from,
	};
	struct ip next = IP_FIRST;
	bool news;

	hello.flags = flags_of(seg);
	strcpy(hello.node, e->node);
	news = seg->rounds || seg->n_strangers || !TAILQ_EMPTY(&seg->news);
	add_ears(seg, &hello);
	add_asks(seg, &hello, now_ms);
	if (!news && is_calm(seg, &hello))
		hello.flags |= HELLO_CALM;
	seg->said_flags = flags_of(seg);
	seg->said_settled = hello.settled;
	if (add_page(seg, &hello)) {
		next = hello.to;
		if (ip_next(&next) < 0)
			next = IP_FIRST;
	}
	seg->sent_ms = now_ms;
	e->stats.sent++;
	e->ops->send(e->arg, seg->ifindex, frame, hello_build(&hello, &e->key, frame));
	return next;
}

/*
 * A round under way goes on to its end: who appears again and again keeps nobody from the last
 * page.
 */
void
herald_all(struct segment *seg, int64_t at_ms)
{
	seg->rounds = ip_cmp(&seg->cursor, &IP_FIRST) == 0 ? 1 : 2;
	herald_soon(seg, at_ms);
}

bool
herald_is_due(const struct segment *seg, int64_t now_ms)
{
	return segment_speaks(seg) && (now_ms >= seg->hello_ms || !TAILQ_EMPTY(&seg->news));
}

void
herald_tick(struct segment *seg, int64_t now_ms, int64_t wall_s)
{
	int pages = 0;

	if (!segment_speaks(seg))
		return;
	if (now_ms >= seg->hello_ms) {
		do {
			seg->cursor = say_hello(seg, &seg->cursor, now_ms, wall_s);
			if (seg->rounds && ip_cmp(&seg->cursor, &IP_FIRST) == 0)
				seg->rounds--;
		} while (seg->rounds && ++pages < PAGES_MAX);
		seg->yields -= seg->yields > 0;
		seg->hello_ms = now_ms + segment_interval_ms(seg);
		if (seg->e->leaving && seg->n_held == 0 && ++seg->farewells < FAREWELLS)
			seg->hello_ms = now_ms + FAREWELL_MS;
	}
	while (!TAILQ_EMPTY(&seg->news) && ++pages < PAGES_MAX)
		say_hello(seg, &TAILQ_FIRST(&seg->news)->ip, now_ms, wall_s);
}

int64_t
herald_next_ms(const struct segment *seg)
{
	if (!segment_speaks(seg))
		return INT64_MAX;
	return TAILQ_EMPTY(&seg->news) ? seg->hello_ms : seg->sent_ms + 1;
}
