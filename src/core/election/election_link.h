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
 *	election.c  peer_queries.c          the calls of arplet/election.h, listening
 *	hello_rx.c  peer_timers.c           received hellos; polls and dead times
 *	election_rules.c  hello_tx.c        claim or drop a VIP; hellos to send
 *	claim_delay.c  hello_proof.c        when to claim a vacant VIP; proof against replays
 *	last_resort.c                       what to leave to peers that only the API knows
 *	hello_udp.c                         hellos as UDP, where multicast does not get through
 *	peer.c                              states of a peer, its claims
 *	peer_link.c  peer_claim.c           the links of a peer, their MACs; the claims of a peer
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
#define REQUESTS_MAX  24              /* most unproven senders of which this node keeps a record */
#define PROOF_MS      5000            /* age limit of a hello of ours that a peer lists as proof */
#define ANSWER_GAP_MS 10              /* after any hello, a poll or an answer waits this long */

RB_HEAD(election_vips, election_vip);
RB_HEAD(vip_schedule, election_vip);
RB_HEAD(peers, peer);

/* A sender of hellos that must prove that its hellos are new: see hello_proof.c. */
struct proof_request {
	bool used, waits; /* waits: our next hello lists the sender */
	uint32_t link_nonce, seq, start_s;
	int64_t listed_ms; /* when our hello last listed the sender */
	/* the first and the last number of the sender that proved peers have listed as heard */
	bool seen;
	uint32_t seen_seq, vouched_seq;
	int64_t vouched_ms; /* when vouched_seq last grew */
};

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
	int64_t udp_read_ms;     /* when each_udp_node() was last called */
	size_t n_unheard;        /* nodes that run, by the API, but whose hellos do not arrive */
	int64_t ask_from_ms;     /* when a VIP last needed to know these nodes: see last_resort.c */
	int64_t unheard_read_ms; /* when n_unheard was last counted */
	bool only_udp;           /* the multicast hellos of a peer, or to it, have not arrived */
	uint32_t udp_round;      /* number of calls of each_udp_node() */
	uint32_t nonce;          /* random number of this link; new when the link comes up */
	uint32_t seq;            /* sequence number of the last hello that this node sent */
	/* sequence numbers of PROOF_MS to PROOF_MS / 2 ago, and of the last PROOF_MS / 2 */
	uint32_t proof_seq[2];
	int64_t proof_ms;        /* when proof_seq was last updated */
	int64_t last_sent_ms;
	int64_t next_hello_ms;
	uint8_t last_sent_flags;
	uint16_t last_sent_stable_peers;
	int yield_hellos;        /* how many of the next hellos have the flag HELLO_YIELDED */
	unsigned int full_rounds; /* how many more times all pages of held VIPs are to be sent */
	struct ip next_page;     /* first address of the next page of held VIPs */
	const char *last_listed; /* last entry of the last hello's list of peers; NULL: none */
	unsigned int goodbyes;   /* how many goodbye hellos this node has sent, as it leaves */
	struct proof_request requests[REQUESTS_MAX];
	size_t n_requests_used;
	size_t n_requests;       /* requests that wait */
	int64_t unproven_ms;     /* when an unproven hello last arrived */
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
	uint32_t n_link_nonces; /* how many link nonces this daemon has derived */
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
/* election_link_renew_nonce - give the link a new nonce, so that all peers prove themselves again. */
void election_link_renew_nonce(struct election_link *link);
/* election_link_hello_by - send the next hello at @at_ms or earlier. */
void election_link_hello_by(struct election_link *link, int64_t at_ms);
/* election_link_hello_all_by - send the whole list of held VIPs in hellos, at @at_ms or earlier. */
void election_link_hello_all_by(struct election_link *link, int64_t at_ms);

#endif
