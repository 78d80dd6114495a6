/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/election.h"
#include "election_vip.h"
#include "peer.h"

bool
election_has_peers(const struct election *election, int ifindex)
{
	const struct election_link *link = election_link_find(election, ifindex);

	return link && link->n_stable_peers;
}

void
election_each_peer(const struct election *election,
    void (*visit)(void *arg, const struct peer_view *peer_view), void *arg)
{
	struct election_link *link;
	struct peer *peer;

	RB_FOREACH(link, election_links, (struct election_links *)&election->links) {
		RB_FOREACH(peer, peers, &link->peers) {
			bool alive = peer_is_alive(peer);

			if (!peer->last_link)
				continue;
			struct peer_view peer_view = {
				.node = peer->node,
				.ifindex = link->ifindex,
				.mac = peer->last_link->mac,
				.last_hello_ms = peer->last_hello_ms,
				.hears_us = alive && !peer_is_one_way(peer, peer->last_hello_ms),
				.alive = alive,
				.leaving = peer_is_leaving(peer),
				.carrier = peer->carrier,
				.n_held = peer->n_claims,
			};

			visit(arg, &peer_view);
		}
	}
}

static bool
peer_holds(const struct peer *peer, const struct ip *ip)
{
	struct election_vip *vip = election_vip_find(peer->link, ip);
	struct peer_claim key = { .vip = vip };

	return vip && RB_FIND(peer_claims, (struct peer_claims *)&peer->claims, &key);
}

bool
election_peer_may_answer(const struct election *election, int ifindex, const struct ip *ip,
    const struct mac *mac)
{
	struct election_link *link = election_link_find(election, ifindex);
	struct peer *peer;

	if (!link)
		return false;
	RB_FOREACH(peer, peers, &link->peers) {
		if (peer_has_mac(peer, mac))
			return !peer_is_alive(peer) || peer_holds(peer, ip);
	}
	return false;
}
