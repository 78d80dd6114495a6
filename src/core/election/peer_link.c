/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_link.h"
#include "peer.h"

struct peer_link *
peer_link_find(struct peer *peer, uint32_t nonce)
{
	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		if (peer->links[i].used && peer->links[i].nonce == nonce)
			return &peer->links[i];
	}
	return NULL;
}

static bool
has_mac(const struct peer *peer, const struct mac *mac)
{
	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		if (peer->links[i].has_mac && mac_equal(&peer->links[i].mac, mac))
			return true;
	}
	return peer->has_unproven_mac && mac_equal(&peer->unproven_mac, mac);
}

static void
report_mac(const struct peer *peer, const struct mac *mac, bool is_peer)
{
	const struct election *election = peer->link->election;

	election->ops->on_peer(election->arg, peer->link->ifindex, mac, is_peer);
}

void
peer_link_set_mac(struct peer *peer, struct peer_link *link, const struct mac *mac)
{
	struct mac old = link->mac;

	if (mac && link->has_mac && mac_equal(mac, &old))
		return;
	if (link->has_mac) {
		link->has_mac = false;
		if (!has_mac(peer, &old))
			report_mac(peer, &old, false);
	}
	if (!mac)
		return;
	if (!has_mac(peer, mac))
		report_mac(peer, mac, true);
	link->has_mac = true;
	link->mac = *mac;
}

void
peer_note_unproven_mac(struct peer *peer, const struct mac *mac)
{
	struct mac old = peer->unproven_mac;

	if (peer->has_unproven_mac && !(mac && mac_equal(mac, &old))) {
		peer->has_unproven_mac = false;
		if (!has_mac(peer, &old))
			report_mac(peer, &old, false);
	}
	if (!mac || peer->has_unproven_mac)
		return;
	if (!has_mac(peer, mac))
		report_mac(peer, mac, true);
	peer->has_unproven_mac = true;
	peer->unproven_mac = *mac;
}

/* Ends the claims that the peer made only on @link; its claims on other links continue. */
static void
end_claims(struct peer *peer, const struct peer_link *link, int64_t now_ms)
{
	uint8_t bit = peer_link_bit(peer, link);
	struct peer_claim *claim, *next;

	RB_FOREACH_SAFE(claim, peer_claims, &peer->claims, next) {
		claim->links &= (uint8_t)~bit;
		if (!claim->links)
			peer_claim_end(claim, CHANGE_LINK, now_ms);
	}
}

static void
forget(struct peer *peer, struct peer_link *link, int64_t now_ms)
{
	end_claims(peer, link, now_ms);
	peer_link_set_mac(peer, link, NULL);
	link->used = false;
	peer->n_links--;
	/* a hello from the forgotten link, sent before now, must not be proved again */
	peer->proof_after_seq = peer->link->seq;
}

static struct peer_link *
find_room(struct peer *peer, int64_t now_ms)
{
	struct peer_link *oldest = &peer->links[0];

	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		if (!peer->links[i].used)
			return &peer->links[i];
		if (peer->links[i].last_hello_ms < oldest->last_hello_ms)
			oldest = &peer->links[i];
	}
	forget(peer, oldest, now_ms);
	return oldest;
}

struct peer_link *
peer_link_add(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct peer_link *link = find_room(peer, now_ms);

	*link = (struct peer_link){ .used = true, .nonce = hello->link_nonce,
		.proved_to = peer->link->nonce, .last_hello_ms = NEVER_MS };
	peer->n_links++;
	link->seq[HELLO_MULTICAST] = link->seq[HELLO_UDP] = hello->seq - 1;
	return link;
}

bool
peer_has_mac(const struct peer *peer, const struct mac *mac)
{
	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		if (peer->links[i].has_mac && mac_equal(&peer->links[i].mac, mac))
			return true;
	}
	return false;
}

void
peer_links_clear(struct peer *peer)
{
	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		peer_link_set_mac(peer, &peer->links[i], NULL);
		peer->links[i].used = false;
	}
	peer_note_unproven_mac(peer, NULL);
	peer->n_links = 0;
	peer->last_link = NULL;
}

static int64_t
silent_from_ms(const struct peer *peer, const struct peer_link *link)
{
	return link->used && !link->silent ? link->last_hello_ms + peer->dead_ms : INT64_MAX;
}

void
peer_links_tick(struct peer *peer, int64_t now_ms)
{
	for (size_t i = 0; peer->n_links > 1 && i < PEER_LINKS_MAX; i++) {
		struct peer_link *link = &peer->links[i];

		if (link == peer->last_link || now_ms < silent_from_ms(peer, link))
			continue;
		link->silent = true;
		end_claims(peer, link, now_ms);
		peer_link_set_mac(peer, link, NULL);
	}
}

int64_t
peer_links_next_ms(const struct peer *peer)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < PEER_LINKS_MAX; i++) {
		const struct peer_link *link = &peer->links[i];
		int64_t due_ms = silent_from_ms(peer, link);

		if (link != peer->last_link && due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}
