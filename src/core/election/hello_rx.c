/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_rx.h"
#include "election_vip.h"
#include "hello_proof.h"
#include "peer.h"

#include <errno.h>
#include <string.h>

#define INTERVAL_MIN_MS 10 /* limits for the hello interval and the dead time of a peer */
#define INTERVAL_MAX_MS 10000
#define DEAD_MAX_MS     60000
#define CLAIMS_MAX      65536 /* most VIPs that one peer can hold on a link */

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
			peer_claim_unset(claim, now_ms);
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
	bool same = hello_proof_is_same_start(peer, hello);

	if (hello->flags & HELLO_YIELDED && !(same && peer->flags & HELLO_YIELDED))
		return true;
	if (!same)
		return !(hello->flags & HELLO_LISTENING);
	return !peer_is_alive(peer) ||
	    (peer_is_one_way(peer, now_ms) && hello_proof_lists_us(peer->link, hello, NULL));
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

/* Answers a poll of this node by @from.  Records when peers were polled, so that we poll them later. */
static void
apply_polls(struct peer *from, const struct hello *hello, int64_t now_ms)
{
	struct election_link *link = from->link;
	struct peer *peer;

	for (size_t i = 0; i < hello->n_polls; i++) {
		if (hello->polls[i] == link->nonce) {
			from->answer_by_udp = true;
			election_link_hello_by(link, link->last_sent_ms + ANSWER_GAP_MS);
		}
		RB_FOREACH(peer, peers, &link->peers) {
			if (peer_link_find(peer, hello->polls[i]))
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
	enum hello_heard_as as;

	peer->flags = hello->flags;
	peer->n_stable_peers = hello->n_stable_peers;
	peer->interval_ms = clamp(hello->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	peer->dead_ms = clamp(hello->dead_ms, 2 * peer->interval_ms, DEAD_MAX_MS);
	if (rx_ms > peer->last_hello_ms)
		peer->last_hello_ms = rx_ms;
	if (hello->n_heard == 0)
		peer->listed_nobody_ms = rx_ms;
	if (!hello_proof_lists_us(peer->link, hello, &as))
		return;
	peer->listed_us_ms = rx_ms;
	peer->listed_as = as;
	if (as == HEARD_UNPROVEN)
		peer_list_first(peer); /* our next hello proves itself to the peer */
}

/* Notes that @hello of the peer arrived by @carrier; it can be a copy of a known hello. */
static void
note_arrival(struct peer *peer, const struct hello *hello, enum hello_carrier carrier,
    int64_t rx_ms)
{
	peer_link_find(peer, hello->link_nonce)->seq[carrier] = hello->seq;
	if (rx_ms > peer->received_ms[carrier])
		peer->received_ms[carrier] = rx_ms;
}

/* Updates the link of the peer from which @hello, the newest hello of the peer, comes. */
static void
update_link(struct peer *peer, const struct hello *hello, enum hello_carrier carrier,
    int64_t rx_ms, int64_t now_ms)
{
	struct peer_link *from = peer_link_find(peer, hello->link_nonce);

	if (!from) {
		from = peer_link_add(peer, hello, now_ms);
		hello_proof_done(peer->link, hello);
		peer_list_first(peer);
	}
	note_arrival(peer, hello, carrier, rx_ms);
	if (from->proved_to != peer->link->nonce)
		hello_proof_done(peer->link, hello);
	from->proved_to = peer->link->nonce;
	from->silent = false;
	if (rx_ms > from->last_hello_ms)
		from->last_hello_ms = rx_ms;
	peer->last_link = from;
	peer_link_set_mac(peer, from, &hello->src);
	peer_note_unproven_mac(peer, NULL);
}

/* Ends the cold start on this link, because a peer has ended its own cold start. */
static void
end_cold_start(struct election_link *link, int64_t now_ms)
{
	link->started = true;
	link->claims_from_ms = now_ms;
	election_vips_recheck_vacant(link, now_ms);
}

/*
 * is_sign_of_life - true if @hello, which is unproven, shows that the peer runs, unless an attacker
 * sends it.  It is from a later start than the known one, or from a link that was proved before our
 * link went down.
 */
static bool
is_sign_of_life(struct peer *peer, const struct hello *hello, enum hello_carrier carrier)
{
	struct peer_link *from = hello_proof_is_same_start(peer, hello) ?
	    peer_link_find(peer, hello->link_nonce) : NULL;

	if (from)
		from->seq[carrier] = hello->seq; /* the same hello is a sign of life only once */
	return from || hello->start_s > peer->start_s;
}

static int
refuse(struct election_link *link, struct peer *peer, const struct hello *hello,
    enum hello_carrier carrier, enum hello_proof proof, int64_t now_ms)
{
	if (proof != PROOF_REPLAY) {
		hello_proof_request(link, hello, now_ms);
		if (peer) {
			peer->answer_by_udp = true;
			peer_note_unproven_mac(peer, &hello->src);
		}
		if (peer && is_sign_of_life(peer, hello, carrier))
			peer->unproven_ms = now_ms;
	}
	return proof == PROOF_OTHER_LINK ? -EXDEV : -EALREADY;
}

int
hello_rx(struct election_link *link, const struct hello *hello, enum hello_carrier carrier,
    int64_t rx_ms, int64_t now_ms)
{
	const struct election *election = link->election;
	struct peer *peer = peer_find(link, hello->node);
	enum hello_proof proof;
	bool leaving;

	if (hello->nonce == election->opts.nonce || strcmp(hello->node, election->node) == 0)
		return -EALREADY;
	proof = hello_proof(link, peer, hello, carrier, now_ms);
	if (proof == PROOF_COPY)
		note_arrival(peer, hello, carrier, rx_ms);
	if (proof != PROOF_NEW)
		return proof == PROOF_COPY ? 0 : refuse(link, peer, hello, carrier, proof, now_ms);
	if (!peer)
		peer = peer_get(link, hello->node);
	if (was_cut(peer, hello, now_ms))
		reannounce_all(link);
	if (peer->state == PEER_UNPROVEN || !hello_proof_is_same_start(peer, hello))
		peer_fire(peer, PEER_EV_START, hello, now_ms);
	leaving = hello->flags & ~peer->flags & HELLO_LEAVING;
	update_link(peer, hello, carrier, rx_ms, now_ms);
	copy_fields(peer, hello, rx_ms);
	peer_fire(peer, PEER_EV_HELLO, NULL, now_ms);
	if (leaving)
		peer_fire(peer, PEER_EV_LEAVING, NULL, now_ms);
	if (hello->flags & HELLO_STARTED && !link->started)
		end_cold_start(link, now_ms);
	hello_proof_note_vouched(link, hello, now_ms);
	apply_polls(peer, hello, now_ms);
	if (hello->paged)
		apply_page(peer, hello, now_ms);
	return 0;
}
