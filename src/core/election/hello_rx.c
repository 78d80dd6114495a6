/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_rx.h"
#include "election_vip.h"
#include "peer.h"

#include <string.h>

#define INTERVAL_MIN_MS 10 /* limits for the hello interval and the dead time of a peer */
#define INTERVAL_MAX_MS 10000
#define DEAD_MAX_MS     60000
#define PROOF_MS        5000  /* age limit of a hello of ours that a peer lists as its proof */
#define CLOCKS_APART_S  30    /* a hello needs no proof if its wall clock is this near to ours */
#define CLAIMS_MAX      65536 /* most VIPs that one peer can hold on a link */

/*
 * A hello's signature proves that a node of this cluster made the hello, but not when.  A replayed
 * hello must not revive a dead peer.  So each start of a daemon has a random nonce, and the daemon
 * has to prove once that the start is new:
 *
 *	this node            the peer's daemon, just started
 *	    <----- hello, nonce N, seq 1 -------   not proved: kept in link->unproven
 *	    ------ hello, seq 700, heard: N ---->
 *	    <----- hello, seq 2, heard: us, 700-   proved: no recording has our number 700
 *
 * One exception: a hello whose wall clock is near ours needs no such proof, unless this node has
 * accepted a later start before.  After the proof, the sequence number must grow with each hello.
 */

/* proof_window - the number of hellos that this node sends in PROOF_MS, plus a reserve. */
static uint32_t
proof_window(const struct election_link *link)
{
	return (uint32_t)(PROOF_MS / link->election->opts.interval_ms) + 16;
}

/* lists_us - true if @hello lists one of our hellos of the last PROOF_MS as received. */
static bool
lists_us(const struct election_link *link, const struct hello *hello)
{
	for (size_t i = 0; i < hello->n_heard; i++) {
		if (hello->heard[i].nonce == link->election->opts.nonce &&
		    link->seq - hello->heard[i].seq <= proof_window(link))
			return true;
	}
	return false;
}

/*
 * lists_us_since - true if @hello lists a hello that we sent after we accepted the present start of
 * @peer.  Only a daemon that runs after that moment can list such a hello, so @hello is no replay
 * of an earlier run.  So the peer recovers even if this node accepted a replayed start before.
 */
static bool
lists_us_since(const struct peer *peer, const struct hello *hello)
{
	const struct election_link *link = peer->link;

	for (size_t i = 0; i < hello->n_heard; i++) {
		if (hello->heard[i].nonce == link->election->opts.nonce &&
		    link->seq - hello->heard[i].seq < link->seq - peer->our_seq_at_start)
			return lists_us(link, hello);
	}
	return false;
}

static bool
is_old_start(const struct peer *peer, const struct hello *hello)
{
	for (size_t i = 0; i < OLD_STARTS_MAX; i++) {
		if (peer->old_nonces[i] == hello->nonce)
			return true;
	}
	return hello->start_s < peer->start_s;
}

static bool
is_same_start(const struct peer *peer, const struct hello *hello)
{
	return peer->nonce == hello->nonce && peer->start_s == hello->start_s;
}

/* is_proved - true if @hello is not replayed; @peer: its sender, or NULL for an unknown sender. */
static bool
is_proved(const struct election_link *link, const struct peer *peer, const struct hello *hello,
    int64_t wall_s)
{
	if (peer && is_same_start(peer, hello))
		return (int32_t)(hello->seq - peer->seq) > 0;
	if (peer ? lists_us_since(peer, hello) : lists_us(link, hello))
		return true;
	if (peer && is_old_start(peer, hello))
		return false;
	return hello->wall_s >= wall_s - CLOCKS_APART_S && hello->wall_s <= wall_s + CLOCKS_APART_S;
}

/* Lists @hello in our next hello, so that the sender's next hello can prove its start. */
static void
note_unproven(struct election_link *link, const struct hello *hello)
{
	const struct hello_heard heard = { hello->nonce, hello->seq };

	if (link->n_unproven < UNPROVEN_MAX)
		link->unproven[link->n_unproven++] = heard;
}

static int64_t
clamp(int64_t value, int64_t min, int64_t max)
{
	return value < min ? min : value > max ? max : value;
}

/*
 * Updates the peer's claims by the page in @hello: the peer holds the VIPs that the page lists, and
 * no other VIP from hello->from to hello->to.
 */
static void
apply_page(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct election_vip *first = election_vip_at_or_after(peer->link, &hello->from);
	struct peer_claim key = { .vip = first };
	struct peer_claim *claim = first ? RB_NFIND(peer_claims, &peer->claims, &key) : NULL;
	size_t i = 0;

	while (claim && ip_cmp(&claim->vip->ip, &hello->to) <= 0) {
		struct peer_claim *next = RB_NEXT(peer_claims, &peer->claims, claim);

		while (i < hello->n_held && ip_cmp(&hello->held[i].ip, &claim->vip->ip) < 0)
			i++;
		if (i == hello->n_held || !ip_equal(&hello->held[i].ip, &claim->vip->ip))
			peer_claim_end(claim, CHANGE_LEFT, now_ms);
		claim = next;
	}
	for (i = 0; i < hello->n_held && peer->n_claims < CLAIMS_MAX; i++)
		peer_claim_set(peer, &hello->held[i].ip, hello->held[i].term, now_ms);
}

/*
 * was_cut - true if hellos between this node and the sender were lost until now, in one direction
 * or in both.  Each of these facts shows that hellos were lost:
 *  - The sender has yielded VIPs: another node held the VIPs, too, or the sender lost its link.
 *  - The sender has restarted, but its hello has no HELLO_LISTENING: we missed its first hellos.
 *  - The sender was dead.
 *  - The sender did not list us as heard before (it was one-way), and lists us now.
 */
static bool
was_cut(const struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	bool same = is_same_start(peer, hello);

	if (hello->flags & HELLO_YIELDED && !(same && peer->flags & HELLO_YIELDED))
		return true;
	if (!same)
		return !(hello->flags & HELLO_LISTENING);
	return !peer_is_alive(peer) ||
	    (lists_us(peer->link, hello) && peer_is_one_way(peer, now_ms));
}

/* Announces all held VIPs again, in case clients still send to the MAC of another node. */
static void
reannounce_all(struct election_link *link)
{
	const struct election *election = link->election;
	struct election_vip *vip;

	RB_FOREACH(vip, election_vips, &link->vips) {
		if (vip->held && election->ops->reannounce)
			election->ops->reannounce(election->arg, link->ifindex, &vip->ip);
	}
}

/* Answers a poll of this node.  Records when peers were polled, so that we poll them later. */
static void
apply_polls(struct election_link *link, const struct hello *hello, int64_t now_ms)
{
	struct peer *peer;

	for (size_t i = 0; i < hello->n_polls; i++) {
		if (hello->polls[i] == link->election->opts.nonce)
			election_link_hello_by(link, link->last_sent_ms + ANSWER_GAP_MS);
		RB_FOREACH(peer, peers, &link->peers) {
			if (peer->nonce == hello->polls[i])
				peer->polled_ms = now_ms;
		}
	}
}

/*
 * Copies the fields of @hello to @peer.  @rx_ms: when @hello arrived; after a stop of this process,
 * peer->last_hello_ms can be later than @rx_ms.
 */
static void
copy_fields(struct peer *peer, const struct hello *hello, int64_t rx_ms)
{
	peer->seq = hello->seq;
	peer->flags = hello->flags;
	peer->n_stable_peers = hello->n_stable_peers;
	peer->interval_ms = clamp(hello->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	peer->dead_ms = clamp(hello->dead_ms, 2 * peer->interval_ms, DEAD_MAX_MS);
	if (rx_ms > peer->last_hello_ms)
		peer->last_hello_ms = rx_ms;
	if (hello->n_heard == 0)
		peer->listed_nobody_ms = rx_ms;
	if (lists_us(peer->link, hello))
		peer->listed_us_ms = rx_ms;
}

/* Ends the cold start on this link, because a peer has ended its own cold start. */
static void
end_cold_start(struct election_link *link, int64_t now_ms)
{
	link->started = true;
	link->claims_from_ms = now_ms;
	election_vips_recheck_vacant(link, now_ms);
}

bool
hello_rx(struct election_link *link, const struct hello *hello, int64_t rx_ms, int64_t now_ms,
    int64_t wall_s)
{
	const struct election *election = link->election;
	struct peer *peer = peer_find(link, hello->node);
	bool leaving;

	if (hello->nonce == election->opts.nonce || strcmp(hello->node, election->node) == 0)
		return false;
	if (!is_proved(link, peer, hello, wall_s)) {
		note_unproven(link, hello);
		return false;
	}
	if (!peer)
		peer = peer_get(link, hello->node);
	if (was_cut(peer, hello, now_ms))
		reannounce_all(link);
	if (peer->state == PEER_UNPROVEN || !is_same_start(peer, hello))
		peer_fire(peer, PEER_EV_START, hello, now_ms);
	leaving = hello->flags & ~peer->flags & HELLO_LEAVING;
	copy_fields(peer, hello, rx_ms);
	peer_fire(peer, PEER_EV_HELLO, NULL, now_ms);
	if (leaving)
		peer_fire(peer, PEER_EV_LEAVING, NULL, now_ms);
	if (hello->flags & HELLO_STARTED && !link->started)
		end_cold_start(link, now_ms);
	apply_polls(link, hello, now_ms);
	if (hello->paged)
		apply_page(peer, hello, now_ms);
	return true;
}
