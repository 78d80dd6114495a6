/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELECTION_LINK_H
#define ELECTION_LINK_H

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
 * and the files that work on them; each calls only files below it:
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
 * More nodes on a LAN send hellos less often, so that all together send at most 500 a second (with
 * the default interval of 100 ms).
 */
#define MANY_NODES 50

#define NEVER_MS      (INT64_MIN / 2) /* a time in the past, for events that never happened */
#define UNPROVEN_MAX  4               /* most unproven starts that one hello lists */
#define ANSWER_GAP_MS 10              /* shortest time from a hello to one that answers a poll */

RB_HEAD(election_vips, election_vip);
RB_HEAD(vip_schedule, election_vip);
RB_HEAD(peers, peer);

struct election_link {
	RB_ENTRY(election_link) by_ifindex;
	struct election *election;
	int ifindex;
	struct mac mac;
	bool open, up;
	bool listening;        /* until listen_until_ms: this node claims nothing */
	bool started;          /* false: a cold start, until cold_until_ms at most */
	int64_t listen_until_ms, cold_until_ms;
	int64_t claims_from_ms; /* end of listening and cold start: claim delays count from it */
	struct election_vips vips;
	struct vip_schedule schedule; /* VIPs by the time of their next decision */
	TAILQ_HEAD(, election_vip) vacant_vips, unsent_vips;
	struct peers peers;
	size_t n_alive, n_held;  /* peers that are alive; VIPs that this node holds */
	uint16_t n_stable_peers;

	/* hellos that this node sends */
	uint32_t seq;            /* sequence number of the last hello */
	int64_t last_sent_ms;
	int64_t next_hello_ms;
	uint8_t last_sent_flags;
	uint16_t last_sent_stable_peers;
	int yield_hellos;        /* hellos still to be sent with HELLO_YIELDED */
	unsigned int full_rounds; /* how many times all pages are still to be sent at once */
	struct ip next_page;     /* first address of the next page */
	const char *last_listed; /* the peer that the last hello listed last; NULL: none */
	unsigned int goodbyes;   /* goodbye hellos sent since this node holds nothing */
	/* unproven starts that the next hello lists, so that their senders can prove them */
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
/* election_link_ready - true if hellos can be sent: the link is up, and there is a key. */
bool election_link_ready(const struct election_link *link);
/* election_link_interval_ms - time between two hellos; grows with the number of peers. */
int64_t election_link_interval_ms(const struct election_link *link);
/* election_link_dead_ms - dead time of this node; grows with the number of peers. */
int64_t election_link_dead_ms(const struct election_link *link);
/* election_link_hello_by - send the next hello at @at_ms or earlier. */
void election_link_hello_by(struct election_link *link, int64_t at_ms);
/* election_link_hello_all_by - send hellos with all pages of held VIPs, at @at_ms or earlier. */
void election_link_hello_all_by(struct election_link *link, int64_t at_ms);

#endif
