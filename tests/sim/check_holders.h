/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_HOLDERS_H
#define CHECK_HOLDERS_H

#include "arplet/ip.h"
#include "node.h"

/*
 * Checks of the holders.  The simulator sends ARP requests to every node, as a client would, and
 * compares the nodes that answer with the nodes that should answer.  A state that the rules allow
 * for a while, such as two holders, is a failure only if it lasts for too long.
 */
#define CHECKED_VIPS_MAX 16

/*
 * A VIP on a LAN.  Arrays are indexed by node.  The members whose names end in _ms, except left_ms,
 * are the start of a wrong state; INT64_MAX: the state is right.
 */
struct checked_vip {
	int lan;
	struct ip ip;
	unsigned int answering; /* bit set: indexes of the nodes that answer */
	int last_announcer;     /* the sender of the last gratuitous ARP on the LAN */
	int nearby_last_announcer[NODES_MAX];   /* ... received by a client beside the node */
	int64_t left_ms[NODES_MAX];             /* last answer of a running node; INT64_MAX: now */
	int64_t unserved_ms[NODES_MAX];         /* the node is eligible; no holder is reachable */
	int64_t two_holders_ms[NODES_MAX];      /* the node and a reachable node both answer */
	int64_t misled_ms[NODES_MAX];           /* clients send to a node that receives nothing */
	int64_t stale_clients_ms[NODES_MAX];    /* a client beside the node missed the move */
	int64_t ineligible_ms[NODES_MAX];       /* the node answers and knows it is not eligible */
};

/* The values of ELECTION_DEFAULTS. */
#define HELLO_MS      100
#define HELLO_DEAD_MS 350

struct holder_checks {
	struct checked_vip vips[CHECKED_VIPS_MAX];
	size_t n_vips;
	int64_t next_check_ms;   /* time of the next check, even if nothing changed */
	uint64_t changes, sent;  /* sums over all elections at steady_since_ms */
	int64_t steady_since_ms; /* start of the steady state */
};

struct sim;

void check_holders_init(struct sim *sim);
/* check_holders - after every event. */
void check_holders(struct sim *sim);
/* check_holders_on_announcement - notes that node @n announced @ip with a gratuitous ARP. */
void check_holders_on_announcement(struct sim *sim, int lan, const struct ip *ip, int n);
/*
 * check_steady_begin, check_steady_holders - around the steady state: holders do not change, and
 * nodes send no more hellos than the interval requires.
 */
void check_steady_begin(struct sim *sim);
void check_steady_holders(struct sim *sim);
/*
 * check_holders_on_thaw - a daemon continues after a stop of @for_ms: the first ARP requests reach
 * it before its timers and inputs.
 */
void check_holders_on_thaw(struct sim *sim, struct sim_node *node, int64_t for_ms);

/*
 * node_trusts - true if node @m has to accept the hellos of node @n.  One exception: if their wall
 * clocks differ too much, @m accepts only hellos that list @m as heard, because other hellos could
 * be replayed.
 */
bool node_trusts(const struct sim *sim, int lan, int m, int n);

#endif
