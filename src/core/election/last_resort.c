/* SPDX-License-Identifier: Apache-2.0 */
#include "last_resort.h"
#include "arplet/node_rank.h"
#include "peer.h"

#include <string.h>

/*
 * If no hello of a node gets through, neither as multicast nor as UDP, only the API shows that its
 * daemon runs.  This file has the rules for such a node.  They concern no peer from which a proved
 * hello has arrived since this daemon started: that peer is dead after its dead time, whatever the
 * API says.  One exception: hellos of the peer arrive now, but the peer cannot prove them, because it
 * has restarted, or our link was down, and it does not receive our hellos.
 *
 * To answer api_runs(), the daemon reads from the API server.  So this node does not ask for ever
 * about a node that has never run a daemon: it asks for ASK_START_MS, and for ASK_MS when a VIP has no
 * holder, but at most once in ASK_PAUSE_MS.
 *
 * The rules concern only nodes that have, by the API, a node address in a prefix of the link.  A
 * node without one is perhaps not on this LAN.
 */

#define ASK_START_MS 30000
#define ASK_MS       10000
#define ASK_PAUSE_MS 60000
#define COUNT_MS  200  /* between two calls of api_runs() for each peer that is not alive */
#define LEAVE_MS  5000 /* how long a free VIP is left to a node that ranks first */
#define SETTLE_MS 3000 /* after a claim, until the ServiceL2Statuses of all nodes show it */

static bool
is_unheard(const struct peer *peer, int64_t now_ms)
{
	if (!peer->udp_round || peer_is_alive(peer))
		return false;
	return peer->state == PEER_UNPROVEN ||
	    now_ms - peer->unproven_ms < election_link_dead_ms(peer->link);
}

static bool
ask_runs(struct peer *peer, int64_t now_ms)
{
	const struct election_link *link = peer->link;
	const struct election *election = link->election;

	if (!is_unheard(peer, now_ms))
		return false;
	if (peer->api_runs || now_ms - peer->silent_from_ms < ASK_START_MS ||
	    now_ms - link->ask_from_ms < ASK_MS || peer->state != PEER_UNPROVEN)
		peer->api_runs = election->ops->api_runs(election->arg, peer->node);
	return peer->api_runs;
}

void
last_resort_tick(struct election_link *link, int64_t now_ms)
{
	const struct election *election = link->election;
	struct peer *peer;
	size_t n = 0;

	if (!election->ops->api_runs || now_ms - link->unheard_read_ms < COUNT_MS)
		return;
	link->unheard_read_ms = now_ms;
	RB_FOREACH(peer, peers, &link->peers)
		n += ask_runs(peer, now_ms);
	if (n && !link->n_unheard)
		election_vips_recheck(link, now_ms);
	link->n_unheard = n;
}

struct search {
	const struct election_vip *vip;
	int64_t now_ms;
	bool is_due;            /* a free VIP has been left to nodes that rank first for LEAVE_MS */
	struct rank own;
	struct peer *holder;    /* a node that holds the VIP, by the API */
	bool holder_is_before;  /* and that ranks before this node */
	struct peer *first;     /* a node that ranks before this node, and can still claim the VIP */
};

static void
on_candidate(void *arg, const char *node, bool ready)
{
	struct search *search = arg;
	const struct election_vip *vip = search->vip;
	const struct election *election = vip->link->election;
	struct peer *peer = peer_find(vip->link, node);
	struct rank rank;
	bool before;

	if (!ready || !peer || !is_unheard(peer, search->now_ms) || !peer->api_runs)
		return;
	election_vip_rank(vip, node, &rank);
	before = rank_before(&rank, &search->own);
	if (election->ops->api_holds && election->ops->api_holds(election->arg, &vip->ip, node)) {
		peer->api_holds = true;
		search->holder = peer;
		search->holder_is_before |= before;
	} else if (before && search->is_due) {
		peer->had_chance = true;
	} else if (before && (peer->api_holds || !peer->had_chance)) {
		search->first = peer;
	}
}

static struct search
find(const struct election_vip *vip, bool is_due, int64_t now_ms)
{
	const struct election *election = vip->link->election;
	struct search search = { .vip = vip, .now_ms = now_ms, .is_due = is_due };

	if (!election->ops->api_runs || !vip->wanted)
		return search;
	election_vip_rank(vip, election->node, &search.own);
	election->ops->each_candidate(election->arg, &vip->ip, on_candidate, &search);
	return search;
}

static void
report(const struct election_vip *vip, struct peer *peer)
{
	const struct election *election = vip->link->election;

	if (peer->reported_unheard || !election->ops->on_last_resort)
		return;
	peer->reported_unheard = true;
	election->ops->on_last_resort(election->arg, vip->link->ifindex, &vip->ip, peer->node);
}

int64_t
last_resort_due_ms(const struct election_vip *vip, int64_t from_ms, int64_t now_ms)
{
	struct election_link *link = vip->link;
	int64_t left_until_ms = vip->vacant_ms + LEAVE_MS;
	struct search search;

	if (now_ms - link->ask_from_ms > ASK_PAUSE_MS)
		link->ask_from_ms = now_ms;
	if (!link->n_unheard || now_ms < from_ms)
		return INT64_MIN;
	search = find(vip, now_ms >= left_until_ms, now_ms);
	if (!search.holder && !search.first)
		return INT64_MIN;
	report(vip, search.holder ? search.holder : search.first);
	if (search.holder)
		return now_ms + LAST_RESORT_RECHECK_MS;
	return left_until_ms;
}

bool
last_resort_wins(const struct election_vip *vip, int64_t now_ms)
{
	struct search search;

	if (!vip->link->n_unheard || now_ms - vip->held_since_ms < SETTLE_MS)
		return false;
	search = find(vip, false, now_ms);
	if (search.holder)
		report(vip, search.holder);
	return search.holder && search.holder_is_before;
}
