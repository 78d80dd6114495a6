/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_HOLDERS_H
#define CHECK_HOLDERS_H

#include "arplet/ip.h"
#include "node.h"

/*
 * Who answers for which address, as a client finds out by asking, and what must be true of it.
 * Only what is wrong for longer than the rules need is wrong.
 */
#define CHECKED_VIPS_MAX 16

/* An address on a LAN. */
struct checked_vip {
	int lan;
	struct ip ip;
	int last_announcer;                     /* whose gratuitous ARP a client has heard last */
	unsigned int answering;          /* the nodes that do, by their index */
	int64_t left_ms[NODES_MAX];   /* when a node that runs on did last; INT64_MAX: it does */
	int nearby_last_announcer[NODES_MAX];          /* the same as last, for a client beside each node */
	int64_t stale_clients_ms[NODES_MAX];  /* since when a client beside a node that has left it is not told */
	int64_t unserved_ms[NODES_MAX];   /* since when a node could, and hears of none that does */
	int64_t two_holders_ms[NODES_MAX]; /* since when a node does, and hears of another that does */
	int64_t misled_ms[NODES_MAX];  /* since when a node that hears nobody has the clients */
	int64_t ineligible_ms[NODES_MAX];  /* since when a node does, and may not by its own view */
};

/* As ELECTION_DEFAULTS has them. */
#define HELLO_MS      100
#define HELLO_DEAD_MS 350

struct holder_checks {
	struct checked_vip vips[CHECKED_VIPS_MAX];
	size_t n_vips;
	int64_t next_check_ms;        /* when they are looked at again, though nothing has changed */
	uint64_t changes, sent; /* of all elections, at steady_since_ms */
	int64_t steady_since_ms;
};

struct sim;

void check_holders_init(struct sim *sim);
/* check_holders - after every step. */
void check_holders(struct sim *sim);
/* check_holders_on_announcement - a node has told the LAN that it has an address. */
void check_holders_on_announcement(struct sim *sim, int lan, const struct ip *ip, int n);
/* check_steady_begin, check_steady_holders - nothing happens in between, if all is well. */
void check_steady_begin(struct sim *sim);
void check_steady_holders(struct sim *sim);
/* check_holders_on_thaw - a daemon that was stopped for @for_ms goes on, and clients have asked it. */
void check_holders_on_thaw(struct sim *sim, struct sim_node *node, int64_t for_ms);

/*
 * node_trusts - does @m have to know of @n?  A hello whose clock is far from ours is believed only
 * from who hears us: it could be a recording.
 */
bool node_trusts(const struct sim *sim, int lan, int m, int n);

#endif
