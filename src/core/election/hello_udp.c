/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_udp.h"
#include "peer.h"

#include <string.h>

/*
 * Some switches and hypervisors drop unknown EtherTypes or multicast, but not ARP.  So each hello
 * also leaves as UDP unicast to the nodes that have, by the API, a node address on the link:
 *
 *	the node                                            gets our hellos by UDP
 *	is silent, or not yet proved                        for 10 s all; then one in 1 s; later in 5 s,
 *	                                                    unless it has answered before
 *	is alive, and multicast fails in a direction        all
 *	is alive, and multicast works in both directions    only polls, and the answers to its polls
 */

#define REFRESH_MS       1000
#define REFRESH_START_MS 50 /* while listening, because the Nodes have perhaps not been read yet */
#define OFTEN_MS     10000 /* time in which a silent node gets a hello every GAP_OFTEN_MS */
#define SOMETIMES_MS 60000 /* time after which a silent node gets a hello every GAP_SELDOM_MS */
#define ONLY_UDP_MS  600000 /* the same, on a link on which multicast has failed */
#define GAP_OFTEN_MS     100
#define GAP_SOMETIMES_MS 1000
#define GAP_SELDOM_MS    5000
#define CARRIER_MS   3000  /* a change of carrier is reported after this time */

static void
on_udp_node(void *arg, const char *node)
{
	struct election_link *link = arg;
	struct peer *peer;

	if (strcmp(node, link->election->node) == 0)
		return;
	peer = peer_get(link, node);
	if (!peer->udp_round)
		peer->silent_from_ms = link->udp_read_ms;
	peer->udp_round = link->udp_round;
}

void
hello_udp_tick(struct election_link *link, int64_t now_ms)
{
	const struct election *election = link->election;
	int64_t refresh_ms = link->listening ? REFRESH_START_MS : REFRESH_MS;
	struct peer *peer, *next;

	if (!election->ops->each_udp_node || now_ms - link->udp_read_ms < refresh_ms)
		return;
	link->udp_read_ms = now_ms;
	link->udp_round++;
	election->ops->each_udp_node(election->arg, link->ifindex, on_udp_node, link);
	RB_FOREACH_SAFE(peer, peers, &link->peers, next) {
		if (!peer->udp_round || peer->udp_round == link->udp_round)
			continue;
		peer->udp_round = 0; /* the node is gone, or has no address on the link any more */
		if (peer->state == PEER_UNPROVEN)
			peer_free(peer);
	}
}

void
hello_udp_restart(struct election_link *link, int64_t now_ms)
{
	struct peer *peer;

	link->udp_read_ms = NEVER_MS;
	RB_FOREACH(peer, peers, &link->peers)
		peer->silent_from_ms = now_ms;
}

/*
 * The shortest time between two hellos by UDP to a node that does not answer.  If only UDP worked on
 * the link before, perhaps the node still receives our hellos, and we do not receive its hellos.  Then the
 * node would declare us dead in each longer pause.
 */
static int64_t
gap_ms(const struct peer *peer, int64_t now_ms)
{
	int64_t silent_ms = now_ms - peer->silent_from_ms;


	if (silent_ms < OFTEN_MS || (peer->link->only_udp && silent_ms < ONLY_UDP_MS))
		return GAP_OFTEN_MS;
	return silent_ms < SOMETIMES_MS || peer->last_link ? GAP_SOMETIMES_MS : GAP_SELDOM_MS;
}

/* True if multicast fails in at least one direction, or is not proved yet in both directions. */
static bool
needs_udp(const struct peer *peer, int64_t now_ms)
{
	return !peer_hears_multicast(peer, now_ms) || peer->listed_as != HEARD ||
	    peer_is_one_way(peer, now_ms);
}

static bool
is_due(const struct peer *peer, int64_t now_ms)
{
	if (peer->answer_by_udp)
		return true;
	if (peer_is_alive(peer))
		return now_ms >= peer_late_ms(peer) || needs_udp(peer, now_ms);
	return now_ms - peer->udp_sent_ms >= gap_ms(peer, now_ms);
}

void
hello_udp_send(struct election_link *link, const uint8_t *frame, size_t len, int64_t now_ms)
{
	const struct election *election = link->election;
	struct peer *peer;

	if (!election->ops->send_udp)
		return;
	RB_FOREACH(peer, peers, &link->peers) {
		if (!peer->udp_round || !is_due(peer, now_ms))
			continue;
		peer->udp_sent_ms = now_ms;
		peer->answer_by_udp = false;
		election->ops->send_udp(election->arg, link->ifindex, peer->node,
		    frame + HELLO_ETHER_LEN, len - HELLO_ETHER_LEN);
	}
}

static enum hello_carrier
carrier_of(const struct peer *peer, int64_t now_ms)
{
	return peer_hears_multicast(peer, now_ms) && peer->listed_as != HEARD_BY_UDP ?
	    HELLO_MULTICAST : HELLO_UDP;
}

void
hello_udp_update_carriers(struct election_link *link, int64_t now_ms)
{
	const struct election *election = link->election;
	struct peer *peer;

	link->only_udp = false;
	RB_FOREACH(peer, peers, &link->peers) {
		link->only_udp |= peer->carrier == HELLO_UDP || peer->listed_as == HEARD_BY_UDP;
		if (!peer_is_alive(peer) || carrier_of(peer, now_ms) == peer->carrier)
			peer->carrier_since_ms = now_ms;
		if (now_ms - peer->carrier_since_ms < CARRIER_MS)
			continue;
		peer->carrier = carrier_of(peer, now_ms);
		if (election->ops->on_carrier)
			election->ops->on_carrier(election->arg, link->ifindex, peer->node,
			    peer->carrier);
	}
}
