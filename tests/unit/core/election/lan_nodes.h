/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_PARTY_H
#define LAN_PARTY_H

#include "arplet/election.h"

/*
 * A LAN of a few daemons' elections, with a clock that is moved by hand: hellos arrive at once,
 * where no cable is cut, and those that are calm are read as late as they may be.  Node i is called
 * "n0", "n1"...; its MAC ends in i.
 */
#define PARTY_MAX     80
#define PARTY_HELD    320
#define PARTY_IFINDEX 2

/* Hellos that were recorded. */
struct tape {
	size_t n;
	struct frame {
		int64_t at_ms;
		size_t len;
		uint8_t bytes[HELLO_FRAME_MAX];
	} frames[512];
};

struct party {
	int64_t now_ms, wall_s;
	size_t n;
	struct guest {
		struct party *party;
		struct election *e; /* NULL: not running */
		bool frozen;        /* its clock and its ears stand still */
		int64_t skew_s;     /* its wall clock */
		char name[4];
		struct held {
			struct ip ip;
			int64_t since_ms;
		} held[PARTY_HELD];
		size_t n_held;
		struct tape *inbox; /* while it is frozen */
		struct tape *recheck; /* hellos that are calm, until it wakes up anyway */
		struct tape *tape;  /* NULL, or what it says is recorded here */
		uint64_t claims;
		uint64_t drops;
		uint64_t reminds;
		struct reported_holder {
			char node[HELLO_NODE_MAX]; /* "": none */
			enum holder_change change;
			int64_t gap_ms;
		} reported_holder; /* who holds the watched address, as on_holder said last */
	} guests[PARTY_MAX];
	bool cut[PARTY_MAX][PARTY_MAX]; /* [from][to] */
	bool unfit[PARTY_MAX][PARTY_MAX]; /* [who thinks so][node]: may not hold */
	bool absent[PARTY_MAX];         /* not Ready, says the API */
	bool serves[PARTY_MAX];         /* still, though it may not hold */
	bool keyless; /* who starts has no key yet */
	int64_t none_ms, both_ms; /* since party_reset: the longest time with no holder, with two */
	int64_t none_since, both_since;
	struct ip watched;
};

void party_init(struct party *p, size_t n);
void party_done(struct party *p);
void party_start(struct party *p, size_t i); /* the daemon of node i, with a new nonce */
#define PARTY_SECRET "sixteen bytes..."
/* party_key - what all hellos are signed with. */
struct hello_key party_key(void);
void party_crash(struct party *p, size_t i);
void party_stand(struct party *p, const char *ip); /* on all that run */
void party_run(struct party *p, int64_t ms);
/* party_measure - of @ip, from now on: none_ms, both_ms. */
void party_measure(struct party *p, const char *ip);
/* party_holders - the nodes that hold @ip, as digits: "", "1", "02"; of the first ten. */
const char *party_holders(const struct party *p, const char *ip);
/* party_cut - nodes of @a and of @b (digits) do not hear each other any more; or again. */
void party_cut(struct party *p, const char *a, const char *b, bool cut);
void party_freeze(struct party *p, size_t i, bool frozen);
/* party_hear - a hello arrives at node @to; what election_on_hello() returns. */
int party_hear(struct party *p, size_t to, const struct frame *frame);
/* party_first - the node that ranks first for @ip, of the first @n. */
size_t party_first(const struct party *p, const char *ip, size_t n);

#endif
