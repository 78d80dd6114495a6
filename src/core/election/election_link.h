/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_ELECTION_LINK_H
#define CORE_ELECTION_ELECTION_LINK_H

#include "arplet/election.h"
#include "hello_keys.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/*
 * The data of an election, from the daemon down to one claim:
 *
 *	struct election                   one per daemon: options, keys, counters
 *	  +- struct election_link         one per link: timers, the next hello
 *	       +- struct peer             one per node that sent a hello on this link
 *	       |    +- struct peer_claim --+   one per VIP that the peer holds
 *	       +- struct election_vip <----+   one per VIP: own claim, peers' claims, next decision
 *
 * The files of the election; each calls only functions of files below it:
 *
 *	election.c                          the calls of arplet/election.h, listening
 *	hello_rx.c  peer_timers.c           received hellos; polls and dead times
 *	election_rules.c  hello_tx.c        claim or drop a VIP; hellos to send
 *	claim_delay.c                       when to claim a vacant VIP
 *	peer.c                              states of a peer, its claims
 *	election_vip.c                      the VIPs of a link
 *	election_link.c  hello_keys.c       intervals, the next hello; keys that sign hellos
 */

struct election_vip;
struct peer;

/*
 * If a LAN has more nodes than this, each node sends hellos less often, so that all nodes together
 * send at most 500 hellos a second (at the default interval of 100 ms).
 */
#define MANY_NODES 50

#define NEVER_MS      (INT64_MIN / 2) /* the time of an event that never happened; long past */
#define UNPROVEN_MAX  4               /* most unproven peers that a hello lists */
#define ANSWER_GAP_MS 10              /* after any hello, a poll or an answer waits this long */

RB_HEAD(election_vips, election_vip);
RB_HEAD(vip_schedule, election_vip);
RB_HEAD(peers, peer);

struct election_link {
	RB_ENTRY(election_link) by_ifindex;
	struct election *election;
	int ifindex;
	struct mac mac;
	bool open, up;
	bool listening;        /* true until listen_until_ms: this node claims nothing */
	bool started;          /* false during a cold start, at most until cold_until_ms */
	int64_t listen_until_ms, cold_until_ms;
	int64_t claims_from_ms; /* end of listening and cold start, when claim delays begin */
	struct election_vips vips;
	struct vip_schedule schedule; /* VIPs, sorted by the time of the next decision */
	TAILQ_HEAD(, election_vip) vacant_vips, unsent_vips;
	struct peers peers;
	size_t n_alive, n_held;  /* numbers of live peers, and of VIPs that this node holds */
	uint16_t n_stable_peers;

	/* hellos that this node sends */
	uint32_t seq;            /* sequence number of the last hello that this node sent */
	int64_t last_sent_ms;
	int64_t next_hello_ms;
	uint8_t last_sent_flags;
	uint16_t last_sent_stable_peers;
	int yield_hellos;        /* how many of the next hellos have the flag HELLO_YIELDED */
	unsigned int full_rounds; /* how many more times all pages of held VIPs are to be sent */
	struct ip next_page;     /* first address of the next page of held VIPs */
	const char *last_listed; /* last entry of the last hello's list of peers; NULL: none */
	unsigned int goodbyes;   /* how many goodbye hellos this node has sent, as it leaves */
	/* received hellos that may be replayed; our next hello lists them to request a proof */
	struct hello_heard unproven[UNPROVEN_MAX];
	size_t n_unproven;
};
RB_HEAD(election_links, election_link);

struct election {
	const struct election_ops *ops;
	void *arg;
	struct election_opts opts;
	char *node;
	struct hello_keys keys;
	bool leaving;
	int64_t last_run_ms;   /* when the daemon last ran, to detect that it was stopped */
	struct election_links links;
	struct election_stats stats;
};

int election_link_cmp(const struct election_link *a, const struct election_link *b);
RB_PROTOTYPE(election_links, election_link, by_ifindex, election_link_cmp)

struct election_link *election_link_find(const struct election *election, int ifindex);
/* election_link_ready - true if this node can send hellos: the link is up, and a key is known. */
bool election_link_ready(const struct election_link *link);
/* election_link_interval_ms - time between two hellos; grows with the number of peers. */
int64_t election_link_interval_ms(const struct election_link *link);
/* election_link_dead_ms - dead time: silence after which peers consider this node dead. */
int64_t election_link_dead_ms(const struct election_link *link);
/* election_link_hello_by - send the next hello at @at_ms or earlier. */
void election_link_hello_by(struct election_link *link, int64_t at_ms);
/* election_link_hello_all_by - send the whole list of held VIPs in hellos, at @at_ms or earlier. */
void election_link_hello_all_by(struct election_link *link, int64_t at_ms);

#endif
