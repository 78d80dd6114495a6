/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_timers.h"
#include "peer.h"

/*
 * What time does to a peer, in intervals of its hellos:
 *
 *	0        last hello
 *	2.2      late: a hello of ours polls the peer, three times an interval
 *	dead_ms  dead (3.5 by default): its claims end
 *	10 min   forgotten
 */

#define STABLE_MS       1000   /* a peer that is alive both ways for this time is stable */
#define FORGET_MS       600000
#define ALONE_INTERVALS 3      /* enough to receive hellos of all peers, if one hello is lost */

void
peers_tick(struct election_link *link, int64_t now_ms)
{
	struct peer *peer, *next;

	RB_FOREACH_SAFE(peer, peers, &link->peers, next) {
		if (now_ms >= peer->last_hello_ms + peer->dead_ms)
			peer_fire(peer, PEER_EV_DEAD_TIME, NULL, now_ms);
		if (now_ms >= peer_poll_ms(peer))
			peer_fire(peer, PEER_EV_POLL, NULL, now_ms);
		if (now_ms - peer->last_hello_ms > FORGET_MS)
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

		if (peer_is_alive(peer) && due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

/*
 * A peer is isolated when its hellos arrive, but its link receives nothing: it believes that it is
 * alone, and claims all VIPs.  The peer cannot know.  Of two nodes, neither can tell which of them
 * receives nothing, so a stable peer, which receives our hellos, has to be there as well.
 *
 * When the peer receives hellos again, its first ones may list another peer, and not us: for
 * ALONE_INTERVALS it still counts as alone.  It also stays isolated while it is late.
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
