/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_NODES_H
#define LAN_NODES_H

#include "arplet/election.h"

/*
 * A LAN with the elections of a few nodes, and a clock that the test moves.  Hellos arrive at once
 * unless lan.cut says otherwise, and hellos with HELLO_UNCHANGED are read as late as allowed.  Node
 * i has the name "n0", "n1" ..., and a MAC that ends in i.
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
	int64_t now_ms, wall_s;
	size_t n;
	struct test_node {
		struct test_lan *lan;
		struct election *e; /* NULL: the daemon does not run */
		bool stopped;       /* the daemon is stopped, as by SIGSTOP */
		int64_t skew_s;     /* how far its wall clock is ahead */
		char name[4];
		struct held {
			struct ip ip;
			int64_t since_ms;
		} held[LAN_HELD_MAX];
		size_t n_held;
		struct recording *backlog;   /* hellos that arrived while the daemon was stopped */
		struct recording *unchanged; /* hellos with HELLO_UNCHANGED that are still unread */
		struct recording *recording; /* of the hellos that it sends; NULL: not recorded */
		uint64_t claims, drops, reannounced;
		struct reported_holder {
			char node[HELLO_NODE_MAX]; /* "": none */
			enum holder_change change;
			int64_t gap_ms;
		} reported_holder; /* the last on_holder() call about the measured VIP */
	} nodes[LAN_NODES_MAX];
	bool cut[LAN_NODES_MAX][LAN_NODES_MAX];        /* [from][to]: hellos are lost */
	bool ineligible[LAN_NODES_MAX][LAN_NODES_MAX]; /* [viewer][node]: by the viewer's API data */
	bool not_ready[LAN_NODES_MAX];                 /* the API has the node as not Ready */
	bool can_serve[LAN_NODES_MAX];                 /* the result of may_keep() */
	bool without_key;                              /* lan_start() sets no key */
	struct ip measured; /* the VIP for the times below */
	int64_t no_holder_ms, two_holders_ms; /* longest time with no holder and with two, so far */
	int64_t last_held_ms, last_single_ms; /* when it last had a holder; and less than two */
};

#define LAN_SECRET "sixteen bytes..."
/* lan_key - the key that signs all hellos; do not free it. */
struct hello_key lan_key(void);

void lan_init(struct test_lan *lan, size_t n);
void lan_done(struct test_lan *lan);
/* lan_start - start the daemon of node i, with a new nonce. */
void lan_start(struct test_lan *lan, size_t i);
void lan_crash(struct test_lan *lan, size_t i);
/* lan_stop - stop the daemon of node i like SIGSTOP, or continue it. */
void lan_stop(struct test_lan *lan, size_t i, bool stopped);
/* lan_want_holder - call election_want_holder() for @ip on all nodes that run. */
void lan_want_holder(struct test_lan *lan, const char *ip);
/* lan_run - let @ms pass; fails if a node's tick is due again and again. */
void lan_run(struct test_lan *lan, int64_t ms);
/* lan_measure - measure no_holder_ms and two_holders_ms of @ip from now on. */
void lan_measure(struct test_lan *lan, const char *ip);
/* lan_holders - the nodes that hold @ip, as digits: "", "1", "02"; of the first ten nodes. */
const char *lan_holders(const struct test_lan *lan, const char *ip);
/* lan_cut - cut the LAN between the nodes of @a and those of @b (digits), or end the cut. */
void lan_cut(struct test_lan *lan, const char *a, const char *b, bool cut);
/* lan_receive - let a hello arrive at node @to; returns the result of election_on_hello(). */
int lan_receive(struct test_lan *lan, size_t to, const struct frame *frame);
/* lan_first_in_rank - the node that ranks first for @ip, of the first @n nodes. */
size_t lan_first_in_rank(const struct test_lan *lan, const char *ip, size_t n);

#endif
