/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include "arplet/arena.h"
#include "election_vip.h"

#include <stdlib.h>
#include <string.h>

int
peer_cmp(const struct peer *a, const struct peer *b)
{
	return strcmp(a->node, b->node);
}

RB_GENERATE(peers, peer, by_node, peer_cmp)

struct peer *
peer_find(const struct election_link *link, const char *node)
{
	struct peer key = { .node = (char *)node };

	return RB_FIND(peers, (struct peers *)&link->peers, &key);
}

struct peer *
peer_get(struct election_link *link, const char *node)
{
	struct peer *peer = peer_find(link, node);

	if (peer)
		return peer;
	peer = xcalloc(1, sizeof(*peer));
	peer->link = link;
	peer->node = xstrdup(node);
	peer->last_hello_ms = peer->polled_ms = peer->full_sent_ms = NEVER_MS;
	peer->listed_us_ms = peer->listed_nobody_ms = peer->udp_sent_ms = NEVER_MS;
	peer->unproven_ms = NEVER_MS;
	peer->received_ms[HELLO_MULTICAST] = peer->received_ms[HELLO_UDP] = NEVER_MS;
	peer->listed_as = HEARD_UNPROVEN;
	RB_INSERT(peers, &link->peers, peer);
	return peer;
}

void
peer_free(struct peer *peer)
{
	struct election_link *link = peer->link;
	struct election_vip *vip;

	peer_end_claims(peer, CHANGE_LINK, peer->last_hello_ms);
	peer_links_clear(peer);
	RB_FOREACH(vip, election_vips, &link->vips) {
		if (vip->reported_holder == peer->node)
			vip->reported_holder = NULL;
	}
	if (link->last_listed == peer->node)
		link->last_listed = NULL;
	link->n_alive -= peer_is_alive(peer);
	RB_REMOVE(peers, &link->peers, peer);
	free(peer->node);
	free(peer);
}

void
peer_list_first(struct peer *peer)
{
	peer->list_first = true;
	election_link_hello_by(peer->link, peer->link->last_sent_ms + ANSWER_GAP_MS);
}

/*
 * A late peer is polled three times in a hello interval.  If another node polls the peer, this node
 * polls later, so that not all nodes poll at once.  A poll is part of a hello, which this node
 * sends ANSWER_GAP_MS after its last hello or later.
 */
int64_t
peer_poll_ms(const struct peer *peer)
{
	int64_t due_ms = peer_late_ms(peer);
	int64_t next_poll_ms = peer->polled_ms + peer->interval_ms / 3;
	int64_t next_hello_ms = peer->link->last_sent_ms + ANSWER_GAP_MS;

	due_ms = due_ms > next_poll_ms ? due_ms : next_poll_ms;
	return due_ms > next_hello_ms ? due_ms : next_hello_ms;
}

/*
 * The time after which a peer is one-way if none of its hellos has listed this node.  A hello lists
 * at most HELLO_HEARD_MAX peers, so perhaps only every second hello lists us.  The time is enough
 * for four hellos that list us, so the peer is not one-way even if three of them are lost.
 */
static int64_t
listing_ms(const struct peer *peer)
{
	int64_t hellos = 1 + (int64_t)peer->link->n_alive / HELLO_HEARD_MAX;

	return 4 * hellos * peer->interval_ms;
}

bool
peer_is_one_way(const struct peer *peer, int64_t now_ms)
{
	int64_t ms = listing_ms(peer);

	return now_ms - peer->alive_since_ms > ms && now_ms - peer->listed_us_ms > ms;
}

typedef void peer_act(struct peer *peer, const struct hello *hello, int64_t now_ms);

static void
begin_start(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	peer->nonce = hello->nonce;
	peer->start_s = hello->start_s;
	peer->proof_after_seq = peer->link->seq;
	peer->listed_us_ms = peer->full_sent_ms = NEVER_MS;
	peer->listed_as = HEARD_UNPROVEN;
	peer->unproven_ms = NEVER_MS;
	peer->api_runs = peer->api_holds = peer->had_chance = peer->reported_unheard = false;
	peer->alive_since_ms = now_ms;
}

/* A restarted daemon holds no VIPs, even if the restart took less than the daemon's dead time. */
static void
act_restart(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	peer_end_claims(peer, CHANGE_DEATH, now_ms);
	peer_links_clear(peer);
	begin_start(peer, hello, now_ms);
}

/*
 * Sends the whole list of VIPs that this node holds, because the peer has no list yet.  A peer with
 * a short dead time could die and appear again with each hello, so this node sends its list for one
 * peer at most once per dead time of this node.
 */
static void
act_appear(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct election_link *link = peer->link;

	(void)hello;
	peer->alive_since_ms = now_ms;
	link->n_alive++;
	if (now_ms - peer->full_sent_ms < election_link_dead_ms(link))
		return;
	peer->full_sent_ms = now_ms;
	election_link_hello_all_by(link, now_ms);
}

/* Decides again about the VIPs of a peer that leaves, is isolated, or is not isolated any more. */
static void
act_recheck(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct peer_claim *claim;

	(void)hello;
	RB_FOREACH(claim, peer_claims, &peer->claims)
		election_vip_recheck(claim->vip, now_ms);
}

static void
act_poll(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	(void)hello;
	election_link_hello_by(peer->link, now_ms);
}

static void
act_die(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	struct election_link *link = peer->link;

	(void)hello;
	link->n_alive--;
	link->election->stats.peer_deaths++;
	peer->silent_from_ms = now_ms;
	peer_end_claims(peer, CHANGE_DEATH, now_ms);
	election_vips_recheck_vacant(link, now_ms); /* claims do not wait for a dead peer */
}

static void
act_forget(struct peer *peer, const struct hello *hello, int64_t now_ms)
{
	(void)hello, (void)now_ms;
	peer_free(peer);
}

/*
 * The states of a peer on one link.  Events that the table does not list are ignored.
 *
 *	UNPROVEN --hello--> ALIVE --one-way, lists nobody--> ISOLATED
 *	                    ^  | ^                             |  |
 *	              hello |  | +--lists us, or somebody------+  |
 *	                    |  | dead time                        | dead time
 *	                    |  v                                  |
 *	                    DEAD <--------------------------------+
 *	                     |
 *	                     +--ten minutes--> freed
 *
 * Three more conditions of a peer are not states; functions compute them when needed:
 *	late     (alive)  2.2 intervals without a hello; polls are sent, PEER_EV_POLL
 *	one-way  (alive)  peer_is_one_way(), from the times of its hellos
 *	leaving           peer_is_leaving(), from the flags of its latest hello
 */
/* clang-format off */
static const struct {
	enum peer_state next;
	peer_act *act;
} steps[PEER_STATES][PEER_EVENTS] = {
	/* in            on                    go to           and do       */
	[PEER_UNPROVEN] [PEER_EV_START]     = { PEER_UNPROVEN, begin_start },
	[PEER_UNPROVEN] [PEER_EV_HELLO]     = { PEER_ALIVE,    act_appear  },
	[PEER_ALIVE]    [PEER_EV_START]     = { PEER_ALIVE,    act_restart },
	[PEER_ALIVE]    [PEER_EV_LEAVING]   = { PEER_ALIVE,    act_recheck },
	[PEER_ALIVE]    [PEER_EV_ISOLATED]  = { PEER_ISOLATED, act_recheck },
	[PEER_ALIVE]    [PEER_EV_POLL]      = { PEER_ALIVE,    act_poll    },
	[PEER_ALIVE]    [PEER_EV_DEAD_TIME] = { PEER_DEAD,     act_die     },
	[PEER_ISOLATED] [PEER_EV_START]     = { PEER_ISOLATED, act_restart },
	[PEER_ISOLATED] [PEER_EV_LEAVING]   = { PEER_ISOLATED, act_recheck },
	[PEER_ISOLATED] [PEER_EV_REJOINED]  = { PEER_ALIVE,    act_recheck },
	[PEER_ISOLATED] [PEER_EV_POLL]      = { PEER_ISOLATED, act_poll    },
	[PEER_ISOLATED] [PEER_EV_DEAD_TIME] = { PEER_DEAD,     act_die     },
	[PEER_DEAD]     [PEER_EV_START]     = { PEER_DEAD,     act_restart },
	[PEER_DEAD]     [PEER_EV_HELLO]     = { PEER_ALIVE,    act_appear  },
	[PEER_DEAD]     [PEER_EV_FORGET]    = { PEER_DEAD,     act_forget  },
};
/* clang-format on */

void
peer_fire(struct peer *peer, enum peer_event event, const struct hello *hello, int64_t now_ms)
{
	enum peer_state from = peer->state;

	if (!steps[from][event].act)
		return;
	peer->state = steps[from][event].next;
	steps[from][event].act(peer, hello, now_ms);
}
