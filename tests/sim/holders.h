/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOLDERS_H
#define HOLDERS_H

#include "arplet/ip.h"
#include "node.h"

/*
 * Who answers for which address, as a client finds out by asking, and what must be true of it.
 * Only what is wrong for longer than the rules need is wrong.
 */
#define SPOTS_MAX 16

/* An address on a LAN. */
struct spot {
	int lan;
	struct ip ip;
	int last;                     /* whose gratuitous ARP a client has heard last */
	unsigned int answer;          /* the nodes that do, by their index */
	int64_t left_ms[NODES_MAX];   /* when a node that runs on did last; INT64_MAX: it does */
	int told[NODES_MAX];          /* the same as last, for a client beside each node */
	int64_t stale_ms[NODES_MAX];  /* since when a client beside a node that has left it is not told */
	int64_t none_ms[NODES_MAX];   /* since when a node could, and hears of none that does */
	int64_t double_ms[NODES_MAX]; /* since when a node does, and hears of another that does */
	int64_t drawn_ms[NODES_MAX];  /* since when a node that hears nobody has the clients */
	int64_t unfit_ms[NODES_MAX];  /* since when a node does, and may not by its own view */
};

/* As ELECTION_DEFAULTS has them. */
#define HELLO_MS      100
#define HELLO_DEAD_MS 350

struct holders {
	struct spot spots[SPOTS_MAX];
	size_t n_spots;
	int64_t look_ms;        /* when they are looked at again, though nothing has changed */
	uint64_t changes, sent; /* of all elections, at near_ms */
	int64_t near_ms;
};

struct sim;

void holders_start(struct sim *sim);
/* holders_step - after every step. */
void holders_step(struct sim *sim);
/* holders_said - a node has told the LAN that it has an address. */
void holders_said(struct sim *sim, int lan, const struct ip *ip, int n);
/* holders_near_rest, holders_rest - nothing happens in between, if all is well. */
void holders_near_rest(struct sim *sim);
void holders_rest(struct sim *sim);
/* holders_thawed - a daemon that was stopped for @for_ms goes on, and clients have asked it. */
void holders_thawed(struct sim *sim, struct host *node, int64_t for_ms);

/*
 * holders_know - does @m have to know of @n?  A hello whose clock is far from ours is believed only
 * from who hears us: it could be a recording.
 */
bool holders_know(const struct sim *sim, int lan, int m, int n);

#endif
