/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_timers.h"
#include "peer.h"

/*
 * The timers of a peer, from its last hello on:
 *
 *	2.2 intervals (220 ms)   late: hellos of this node poll the peer, three in each interval
 *	dead_ms       (350 ms)   dead: the peer's claims end
 *	FORGET_MS     (10 min)   freed
 */

#define STABLE_MS       1000   /* a peer that is alive both ways for this time is stable */
#define FORGET_MS       600000
#define ALONE_INTERVALS 3      /* hello intervals; long enough even if a hello is lost */

void
peers_tick(struct election_link *link, int64_t now_ms)
{
	struct peer *peer, *next;

	RB_FOREACH_SAFE(peer, peers, &link->peers, next) {
		if (now_ms >= peer->last_hello_ms + peer->dead_ms)
			peer_fire(peer, PEER_EV_DEAD_TIME, NULL, now_ms);
		if (peer->n_links > 1 && peer_is_alive(peer))
			peer_links_tick(peer, now_ms);
		if (now_ms >= peer_poll_ms(peer))
			peer_fire(peer, PEER_EV_POLL, NULL, now_ms);
		if (now_ms - peer->last_hello_ms > FORGET_MS && !peer->udp_round)
			peer_fire(peer, PEER_EV_FORGET, NULL, now_ms); /* frees the peer */
	}
}

int64_t
peers_next_ms(const struct election_link *link)
{
	int64_t next_ms = INT64_MAX;
	struct peer *peer;

	RB_FOREACH(peer, peers, (struct peers *)&link->peers) {
		int64_t dead_ms = peer->last_hello_ms + peer->dead_ms, poll_ms = peer_poll_ms(peer);
		int64_t due_ms = poll_ms < dead_ms && election_link_ready(link) ? poll_ms : dead_ms;

		if (!peer_is_alive(peer))
			continue;
		if (due_ms < next_ms)
			next_ms = due_ms;
		due_ms = peer->n_links > 1 ? peer_links_next_ms(peer) : INT64_MAX;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

/*
 * is_isolated - true if hellos of the peer arrive, but the peer's link receives no hellos.
 *
 * An isolated peer considers all other nodes dead, and claims all VIPs.  In a cluster of two nodes,
 * neither node knows whose link is broken.  So a peer counts as isolated only if this node has
 * another, stable peer, which shows that this node's link works.
 *
 * When the peer's link works again, the peer may list another node before it lists us.  So the peer
 * stays isolated for ALONE_INTERVALS after its last hello that listed no peers.
 */
static bool
is_isolated(const struct peer *peer, int64_t now_ms)
{
	int64_t alone_ms = peer->last_hello_ms - peer->listed_nobody_ms;

	return peer->link->n_stable_peers && alone_ms <= ALONE_INTERVALS * peer->interval_ms &&
	    peer_is_one_way(peer, now_ms);
}

void
peers_update_stable(struct election_link *link, int64_t now_ms)
{
	struct peer *peer;
	uint16_t n = 0;

	RB_FOREACH(peer, peers, &link->peers) {
		if (peer_is_alive(peer) && now_ms - peer->alive_since_ms >= STABLE_MS &&
		    !peer_is_one_way(peer, now_ms) && n < UINT16_MAX)
			n++;
	}
	link->n_stable_peers = n;
	RB_FOREACH(peer, peers, &link->peers)
		peer_fire(peer, is_isolated(peer, now_ms) ? PEER_EV_ISOLATED : PEER_EV_REJOINED,
		    NULL, now_ms);
}
