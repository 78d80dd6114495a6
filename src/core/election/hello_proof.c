/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_proof.h"
#include "peer.h"

/*
 * A hello's signature proves that a node of this cluster made the hello, but not when, and not on
 * which LAN.  A hello that was recorded earlier, or that is relayed from another LAN, must have no
 * effect.  So each link has a random nonce, which is new whenever the link comes up.  A peer has to
 * prove once for each pair of links that its hellos are new and cross this LAN:
 *
 *	this node, link nonce A             the peer's daemon, link nonce B
 *	    <----- hello, nonce B, seq 1 -------   not proved: kept in link->requests
 *	    ------ hello, nonce A, seq 700, unproven: B 1 ---->
 *	    <----- hello, nonce B, seq 2, heard: A 700 --------   proved
 *
 * No recording lists our number 700, and no hello on another LAN lists our link nonce A.  After the
 * proof, the sequence number of nonce B must grow with each hello.
 *
 * A peer that does not receive our hellos cannot list them.  Another, proved peer can vouch for it:
 * if that peer has listed number 39 and then number 40 of nonce B as heard, then number 41 is new, and
 * sent on this LAN.  One number is not enough, because a dead peer stays listed for a dead time.
 *
 * If a host receives the frames on both LANs and relays hellos in both directions without delay, the
 * LANs are one LAN for hellos.
 */

#define COPIES_MAX 16 /* a copy by the other carrier is at most this many hellos late */

void
hello_proof_tick(struct election_link *link, int64_t now_ms)
{
	int64_t age_ms = now_ms - link->proof_ms;

	if (age_ms < PROOF_MS / 2)
		return;
	link->proof_seq[0] = age_ms < PROOF_MS ? link->proof_seq[1] : link->seq;
	link->proof_seq[1] = link->seq;
	link->proof_ms = now_ms;
}

/* Returns true if we sent our hello @seq after our hello @after_seq. */
static bool
is_sent_after(const struct election_link *link, uint32_t seq, uint32_t after_seq)
{
	return link->seq - seq < link->seq - after_seq;
}

bool
hello_proof_lists_us(const struct election_link *link, const struct hello *hello,
    enum hello_heard_as *ret_as)
{
	for (size_t i = 0; i < hello->n_heard; i++) {
		const struct hello_heard *heard = &hello->heard[i];

		if (heard->link_nonce != link->nonce ||
		    !is_sent_after(link, heard->seq, link->proof_seq[0]))
			continue;
		if (ret_as)
			*ret_as = heard->as;
		return true;
	}
	return false;
}

/*
 * lists_us_since - true if @hello lists a hello that we sent after we accepted the present start of
 * @peer.  Only a daemon that runs after that moment can list such a hello, so @hello is no replay
 * of an earlier start.
 */
static bool
lists_us_since(const struct peer *peer, const struct hello *hello)
{
	const struct election_link *link = peer->link;

	for (size_t i = 0; i < hello->n_heard; i++) {
		const struct hello_heard *heard = &hello->heard[i];

		if (heard->link_nonce == link->nonce &&
		    is_sent_after(link, heard->seq, peer->proof_after_seq))
			return hello_proof_lists_us(link, hello, NULL);
	}
	return false;
}

bool
hello_proof_is_same_start(const struct peer *peer, const struct hello *hello)
{
	return peer->nonce == hello->nonce && peer->start_s == hello->start_s;
}

static enum hello_proof
check_number(const struct peer_link *from, const struct hello *hello, enum hello_carrier carrier)
{
	uint32_t newest = peer_link_seq(from);

	if ((int32_t)(hello->seq - newest) > 0)
		return PROOF_NEW;
	if ((int32_t)(hello->seq - from->seq[carrier]) > 0 && newest - hello->seq < COPIES_MAX)
		return PROOF_COPY;
	return PROOF_REPLAY;
}

/* True if @hello lists the nonce of another link of ours, so it was sent there. */
static bool
lists_other_link(const struct election_link *link, const struct hello *hello)
{
	struct election_link *other;

	RB_FOREACH(other, election_links, &link->election->links) {
		for (size_t i = 0; other != link && i < hello->n_heard; i++) {
			if (hello->heard[i].link_nonce == other->nonce)
				return true;
		}
	}
	return false;
}

static struct proof_request *
find_request(struct election_link *link, uint32_t nonce)
{
	for (size_t i = 0; i < REQUESTS_MAX; i++) {
		if (link->requests[i].used && link->requests[i].link_nonce == nonce)
			return &link->requests[i];
	}
	return NULL;
}

static bool
is_vouched(struct election_link *link, const struct hello *hello, int64_t now_ms)
{
	const struct proof_request *request = find_request(link, hello->link_nonce);

	return request && now_ms - request->vouched_ms <= PROOF_MS &&
	    (int32_t)(hello->seq - request->vouched_seq) > 0;
}

void
hello_proof_note_vouched(struct election_link *link, const struct hello *hello, int64_t now_ms)
{
	if (!link->n_requests_used || now_ms - link->unproven_ms > PROOF_MS)
		return;
	for (size_t i = 0; i < hello->n_heard; i++) {
		const struct hello_heard *heard = &hello->heard[i];
		struct proof_request *request = find_request(link, heard->link_nonce);

		if (!request || heard->as == HEARD_UNPROVEN)
			continue;
		if (!request->seen) {
			request->seen = true;
			request->seen_seq = heard->seq;
		} else if ((int32_t)(heard->seq - request->seen_seq) > 0) {
			request->vouched_seq = heard->seq;
			request->vouched_ms = now_ms;
		}
	}
}

void
hello_proof_done(struct election_link *link, const struct hello *hello)
{
	struct proof_request *request = find_request(link, hello->link_nonce);

	if (!request)
		return;
	link->n_requests -= request->waits;
	link->n_requests_used--;
	*request = (struct proof_request){ .used = false };
}

enum hello_proof
hello_proof(struct election_link *link, struct peer *peer, const struct hello *hello,
    enum hello_carrier carrier, int64_t now_ms)
{
	bool known = peer && peer->state != PEER_UNPROVEN;
	struct peer_link *from = known && hello_proof_is_same_start(peer, hello) ?
	    peer_link_find(peer, hello->link_nonce) : NULL;

	hello_proof_tick(link, now_ms);
	if (from && from->proved_to == link->nonce)
		return check_number(from, hello, carrier);
	if (from && check_number(from, hello, carrier) != PROOF_NEW)
		return PROOF_REPLAY;
	if (known && !from ? lists_us_since(peer, hello) : hello_proof_lists_us(link, hello, NULL))
		return PROOF_NEW;
	if (is_vouched(link, hello, now_ms))
		return PROOF_NEW;
	return lists_other_link(link, hello) ? PROOF_OTHER_LINK : PROOF_MISSING;
}

/*
 * The senders that this node has requested a proof from.  Anybody can send old hellos again, with
 * many nonces.  So the latest starts of daemons have the first claim to the few places, and a sender
 * hastens our next hello at most once in an interval.
 */
static struct proof_request *
place_for(struct election_link *link, const struct hello *hello)
{
	struct proof_request *last = &link->requests[0], *request;

	request = find_request(link, hello->link_nonce);
	if (request)
		return request;
	for (size_t i = 0; i < REQUESTS_MAX; i++) {
		request = &link->requests[i];
		if (request->waits < last->waits ||
		    (request->waits == last->waits && request->start_s < last->start_s))
			last = request;
	}
	if (last->waits && last->start_s > hello->start_s)
		return NULL;
	link->n_requests -= last->waits;
	link->n_requests_used += !last->used;
	*last = (struct proof_request){ .used = true, .link_nonce = hello->link_nonce,
		.start_s = hello->start_s, .listed_ms = NEVER_MS, .vouched_ms = NEVER_MS };
	return last;
}

void
hello_proof_request(struct election_link *link, const struct hello *hello, int64_t now_ms)
{
	struct proof_request *request = place_for(link, hello);

	link->unproven_ms = now_ms;
	if (!request)
		return;
	request->seq = hello->seq;
	link->n_requests += !request->waits;
	request->waits = true;
	if (now_ms - request->listed_ms >= election_link_interval_ms(link))
		election_link_hello_by(link, link->last_sent_ms + ANSWER_GAP_MS);
}

void
hello_proof_add_requests(struct election_link *link, struct hello *hello, size_t max,
    int64_t now_ms)
{
	for (size_t i = 0; i < REQUESTS_MAX && max && link->n_requests; i++) {
		struct proof_request *request = &link->requests[i];

		if (!request->waits || hello->n_heard == HELLO_HEARD_MAX)
			continue;
		hello->heard[hello->n_heard++] =
		    (struct hello_heard){ request->link_nonce, request->seq, HEARD_UNPROVEN };
		request->waits = false;
		request->listed_ms = now_ms;
		link->n_requests--;
		max--;
	}
}

bool
hello_proof_has_requests(const struct election_link *link)
{
	return link->n_requests;
}
