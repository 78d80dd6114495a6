/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_NODES_H
#define LAN_NODES_H

#include "arplet/election.h"

/*
 * A simulated LAN: the elections of a few nodes, and a clock that the test sets.  Hellos arrive at
 * once, except between nodes that lan.cut separates.  A node reads hellos with HELLO_UNCHANGED as
 * late as a daemon is allowed to.  The nodes are named "n0", "n1" and so on; the MAC of node i ends
 * in i.
 */
#define LAN_NODES_MAX 80
#define LAN_HELD_MAX  320
#define LAN_IFINDEX   2

/* Recorded hellos. */
struct recording {
	size_t n;
	struct frame {
		int64_t at_ms;
		size_t len;
		uint8_t bytes[HELLO_FRAME_MAX];
	} frames[512];
};

struct test_lan {
	int64_t now_ms, wall_s; /* wall_s: from it the nodes take the times of their starts */
	size_t n;
	struct test_node {
		struct test_lan *lan;
		struct election *e; /* the node's election; NULL: the daemon does not run */
		bool stopped;       /* the daemon is stopped, as by SIGSTOP */
		int64_t skew_s;     /* the node's wall clock minus wall_s of the LAN */
		char name[4];
		struct held {
			struct ip ip;
			int64_t since_ms;
		} held[LAN_HELD_MAX];
		size_t n_held;
		struct recording *backlog;   /* hellos that arrived while the daemon was stopped */
		struct recording *unchanged; /* hellos with HELLO_UNCHANGED that are still unread */
		struct recording *recording; /* hellos that the node sends; NULL: not recorded */
		struct frame last_sent;      /* the node's last hello */
		uint64_t claims, drops, reannounced;
		struct reported_holder {
			char node[HELLO_NODE_MAX]; /* "": none */
			enum holder_change change;
			int64_t gap_ms;
		} reported_holder; /* the last on_holder() call about the measured VIP */
	} nodes[LAN_NODES_MAX];
	bool cut[LAN_NODES_MAX][LAN_NODES_MAX];        /* [from][to]: the LAN loses the hellos */
	/* [viewer][node]: by the API data of the viewer, the node is ineligible */
	bool ineligible[LAN_NODES_MAX][LAN_NODES_MAX];
	bool not_ready[LAN_NODES_MAX];                 /* by the API, the node is not Ready */
	bool can_serve[LAN_NODES_MAX];                 /* the result of may_keep() */
	bool without_key;                              /* lan_start() sets no key */
	struct ip measured; /* the VIP to which the four times below refer */
	/* longest time so far in which the VIP had no holder, and in which it had two holders */
	int64_t no_holder_ms, two_holders_ms;
	/* when the VIP last had a holder, and when it last had fewer than two holders */
	int64_t last_held_ms, last_single_ms;
};

#define LAN_SECRET "sixteen bytes..."
/* lan_key - the key that signs the hellos of all nodes; do not free it. */
struct hello_key lan_key(void);

void lan_init(struct test_lan *lan, size_t n);
void lan_done(struct test_lan *lan);
/* lan_start - start the daemon of node @i; its hellos have a new nonce. */
void lan_start(struct test_lan *lan, size_t i);
void lan_crash(struct test_lan *lan, size_t i);
/* lan_stop - stop the daemon of node @i as by SIGSTOP, or let it continue as by SIGCONT. */
void lan_stop(struct test_lan *lan, size_t i, bool stopped);
/* lan_want_holder - call election_want_holder() for @ip on all nodes that run. */
void lan_want_holder(struct test_lan *lan, const char *ip);
/* lan_run - let @ms pass.  Fails if election_tick() of a node stays due, as in a busy loop. */
void lan_run(struct test_lan *lan, int64_t ms);
/* lan_measure - set no_holder_ms and two_holders_ms to 0, and from now on measure them for @ip. */
void lan_measure(struct test_lan *lan, const char *ip);
/* lan_holders - those of the nodes 0 to 9 that hold @ip, as digits: "", "1" or "02". */
const char *lan_holders(const struct test_lan *lan, const char *ip);
/* lan_cut - cut the LAN between the nodes @a and @b (strings of digits), or end the cut. */
void lan_cut(struct test_lan *lan, const char *a, const char *b, bool cut);
/* lan_receive - pass a hello to node @to; returns the result of election_on_hello(). */
int lan_receive(struct test_lan *lan, size_t to, const struct frame *frame);
/* lan_first_in_rank - the node that ranks first for @ip among the nodes 0 to @n - 1. */
size_t lan_first_in_rank(const struct test_lan *lan, const char *ip, size_t n);

#endif
