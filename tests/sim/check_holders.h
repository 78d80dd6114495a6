/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_HOLDERS_H
#define CHECK_HOLDERS_H

#include "arplet/ip.h"
#include "node.h"

/*
 * Checks of the holders.  The simulator sends ARP requests to every node, as a client would, and
 * compares the nodes that answer with the nodes that should answer.  Some wrong states, such as two
 * holders, are unavoidable for a while.  The checks fail only if such a state lasts too long.
 */
#define CHECKED_VIPS_MAX 16

/*
 * A VIP on a LAN.  Arrays are indexed by node.  Members whose names end in _ms, except left_ms, are
 * the time at which a wrong state began; INT64_MAX: the state is right.
 */
struct checked_vip {
	int lan;
	struct ip ip;
	unsigned int answering; /* bit set: indexes of the nodes that answer */
	int last_announcer;     /* the sender of the last gratuitous ARP on the LAN */
	/* sender of the last gratuitous ARP that reached a client beside the node */
	int nearby_last_announcer[NODES_MAX];
	/* time at which the running node stopped answering; INT64_MAX: it has not stopped */
	int64_t left_ms[NODES_MAX];
	int64_t unserved_ms[NODES_MAX];    /* the node is eligible, but no holder is reachable */
	int64_t two_holders_ms[NODES_MAX]; /* the node and another reachable node both answer */
	int64_t misled_ms[NODES_MAX];      /* clients send to this node, which receives no frames */
	/* clients beside this node still send to it, although it released the VIP */
	int64_t stale_clients_ms[NODES_MAX];
	int64_t ineligible_ms[NODES_MAX];  /* the node answers, but knows that it is not eligible */
};

/* The values of ELECTION_DEFAULTS. */
#define HELLO_MS      100
#define HELLO_DEAD_MS 350

struct holder_checks {
	struct checked_vip vips[CHECKED_VIPS_MAX];
	size_t n_vips;
	int64_t next_check_ms;   /* time of the next check, even if the answers stay the same */
	uint64_t changes, sent;  /* counts at steady_since_ms: holder changes, hellos sent by all */
	int64_t steady_since_ms; /* time at which the steady state began */
};

struct sim;

void check_holders_init(struct sim *sim);
/* check_holders - runs after every event. */
void check_holders(struct sim *sim);
/* check_holders_on_announcement - notes that node @n announced @ip with a gratuitous ARP. */
void check_holders_on_announcement(struct sim *sim, int lan, const struct ip *ip, int n);
/*
 * check_steady_begin, check_steady_holders - run at the start and the end of the steady state.
 * The check fails if a holder changed, or if nodes sent more hellos than the interval requires.
 */
void check_steady_begin(struct sim *sim);
void check_steady_holders(struct sim *sim);
/*
 * check_holders_on_thaw - sends ARP requests to a daemon that was stopped for @for_ms.  The daemon
 * gets these requests before it processes timers and other inputs.
 */
void check_holders_on_thaw(struct sim *sim, struct sim_node *node, int64_t for_ms);

#endif
