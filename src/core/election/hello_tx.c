/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_tx.h"
#include "election_vip.h"
#include "hello_proof.h"
#include "hello_udp.h"
#include "peer.h"

#include <string.h>

/*
 * Hellos that this node sends on a link:
 *  - one each interval, with the next page of the VIPs that it holds;
 *  - one at once, with the page around a VIP that it claimed or dropped;
 *  - one at once to poll a late peer, or to answer a poll;
 *  - all pages at once when a peer appears;
 *  - GOODBYES goodbye hellos, when the daemon stops and holds no VIP any more.
 */

#define PAGES_MAX   16 /* in one tick */
#define GOODBYES    3  /* number of goodbye hellos, so that one arrives */
#define GOODBYE_MS  20 /* between two goodbye hellos */
#define REQUESTS_FIRST 8 /* most unproven senders that are listed before the other peers */

/* Lists the links of a living peer, unless @hello already lists the peer. */
static void
add_peer(struct peer *peer, struct hello *hello, int64_t now_ms)
{
	enum hello_heard_as as = peer_hears_multicast(peer, now_ms) ? HEARD : HEARD_BY_UDP;

	if (!peer_is_alive(peer) || peer->listed_seq == hello->seq)
		return;
	for (size_t i = 0; i < PEER_LINKS_MAX && hello->n_heard < HELLO_HEARD_MAX; i++) {
		const struct peer_link *link = &peer->links[i];

		if (!link->used || link->silent)
			continue;
		hello->heard[hello->n_heard++] =
		    (struct hello_heard){ link->nonce, peer_link_seq(link), as };
		peer->list_first = false;
		peer->listed_seq = hello->seq;
	}
}

/*
 * Lists peers in this order: peers that need the entry to prove themselves; unproven senders; all
 * other peers that are alive.  If @hello has no room for all peers, the next hello continues the
 * list.  At least HELLO_HEARD_MAX - REQUESTS_FIRST entries are for peers.
 */
static void
add_heard(struct election_link *link, struct hello *hello, int64_t now_ms)
{
	const struct peer *last = link->last_listed ? peer_find(link, link->last_listed) : NULL;
	struct peer *peer;
	size_t n = 0;

	RB_FOREACH(peer, peers, &link->peers) {
		n++;
		if (peer->list_first)
			add_peer(peer, hello, now_ms);
	}
	hello_proof_add_requests(link, hello, REQUESTS_FIRST, now_ms);
	peer = last ? RB_NEXT(peers, NULL, (struct peer *)last) : NULL;
	for (; n && hello->n_heard < HELLO_HEARD_MAX; n--) {
		if (!peer)
			peer = RB_MIN(peers, &link->peers);
		add_peer(peer, hello, now_ms);
		link->last_listed = peer->node;
		peer = RB_NEXT(peers, NULL, peer);
	}
	hello_proof_add_requests(link, hello, REQUESTS_MAX, now_ms);
}

/* Polls the late peers.  If @hello has no room for all late peers, the next hello polls more. */
static void
add_polls(struct election_link *link, struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	RB_FOREACH(peer, peers, &link->peers) {
		if (hello->n_polls == HELLO_POLLS_MAX)
			break;
		if (!peer_is_alive(peer) || now_ms < peer_poll_ms(peer))
			continue;
		peer->polled_ms = now_ms;
		hello->polls[hello->n_polls++] = peer->last_link->nonce;
	}
}

/*
 * Adds a page of held VIPs, from hello->from on, as large as the frame allows.  This node
 * does not hold any other VIP from hello->from to hello->to.  Returns true if another page follows.
 */
static bool
add_page(struct election_link *link, struct hello *hello)
{
	struct election_vip *vip = election_vip_at_or_after(link, &hello->from), *next;
	size_t room = hello_room(hello);

	hello->paged = true;
	hello->to = IP_LAST;
	for (; vip; vip = next) {
		size_t len = hello_held_len(&vip->ip);

		next = RB_NEXT(election_vips, NULL, vip);
		if (vip->held && len > room) {
			hello->to = hello->held[hello->n_held - 1].ip;
			return true;
		}
		election_vip_set_unsent(vip, false);
		if (vip->held) {
			room -= len;
			hello->held[hello->n_held++] = (struct held_vip){ vip->ip, vip->own_term };
		}
		election_vip_free_if_unused(vip);
	}
	return false;
}

static uint8_t
flags_of(const struct election_link *link)
{
	return (uint8_t)((link->election->leaving ? HELLO_LEAVING : 0) |
	    (link->listening ? HELLO_LISTENING : 0) | (link->started ? HELLO_STARTED : 0) |
	    (link->yield_hellos ? HELLO_YIELDED : 0));
}

/*
 * is_unchanged - true if @hello is not urgent: peers read it when they wake up to send their own
 * hellos.  Urgent hellos are:
 *  - a hello with a change or a poll;
 *  - a hello of a node that receives no hellos, because its network partition may just have ended;
 *  - all hellos on a LAN with many nodes, because unread hellos would overflow the sockets.
 */
static bool
is_unchanged(const struct election_link *link, const struct hello *hello)
{
	return !link->election->leaving && hello->flags == link->last_sent_flags &&
	    hello->n_stable_peers == link->last_sent_stable_peers && hello->n_heard &&
	    !hello->n_polls && link->n_alive < MANY_NODES;
}

/* Sends a hello with the page that begins at @from; returns where the next page begins. */
static struct ip
send_hello(struct election_link *link, const struct ip *from, int64_t now_ms)
{
	struct election *election = link->election;
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello = {
		.src = link->mac,
		.flags = flags_of(link),
		.start_s = election->opts.start_s,
		.nonce = election->opts.nonce,
		.link_nonce = link->nonce,
		.seq = ++link->seq,
		.interval_ms = (uint16_t)election_link_interval_ms(link),
		.dead_ms = (uint16_t)election_link_dead_ms(link),
		.n_stable_peers = link->n_stable_peers,
		.from = *from,
	};
	struct ip next = IP_FIRST;
	size_t len;
	bool changed = link->full_rounds || hello_proof_has_requests(link) ||
	    !TAILQ_EMPTY(&link->unsent_vips);

	strcpy(hello.node, election->node);
	add_heard(link, &hello, now_ms);
	add_polls(link, &hello, now_ms);
	if (!changed && is_unchanged(link, &hello))
		hello.flags |= HELLO_UNCHANGED;
	link->last_sent_flags = flags_of(link);
	link->last_sent_stable_peers = hello.n_stable_peers;
	if (add_page(link, &hello)) {
		next = hello.to;
		if (ip_next(&next) < 0)
			next = IP_FIRST;
	}
	link->last_sent_ms = now_ms;
	election->stats.sent++;
	len = hello_build(&hello, &election->keys.current, frame);
	election->ops->send(election->arg, link->ifindex, frame, len);
	hello_udp_send(link, frame, len, now_ms);
	return next;
}

bool
hello_tx_is_due(const struct election_link *link, int64_t now_ms)
{
	return election_link_ready(link) &&
	    (now_ms >= link->next_hello_ms || !TAILQ_EMPTY(&link->unsent_vips));
}

void
hello_tx_tick(struct election_link *link, int64_t now_ms)
{
	int pages = 0;

	if (!election_link_ready(link))
		return;
	hello_proof_tick(link, now_ms);
	hello_udp_tick(link, now_ms);
	if (now_ms >= link->next_hello_ms) {
		do {
			link->next_page = send_hello(link, &link->next_page, now_ms);
			if (link->full_rounds && ip_cmp(&link->next_page, &IP_FIRST) == 0)
				link->full_rounds--;
		} while (link->full_rounds && ++pages < PAGES_MAX);
		link->yield_hellos -= link->yield_hellos > 0;
		link->next_hello_ms = now_ms + election_link_interval_ms(link);
		if (link->election->leaving && link->n_held == 0 && ++link->goodbyes < GOODBYES)
			link->next_hello_ms = now_ms + GOODBYE_MS;
	}
	while (!TAILQ_EMPTY(&link->unsent_vips) && ++pages < PAGES_MAX)
		send_hello(link, &TAILQ_FIRST(&link->unsent_vips)->ip, now_ms);
}

int64_t
hello_tx_next_ms(const struct election_link *link)
{
	if (!election_link_ready(link))
		return INT64_MAX;
	return TAILQ_EMPTY(&link->unsent_vips) ? link->next_hello_ms : link->last_sent_ms + 1;
}
