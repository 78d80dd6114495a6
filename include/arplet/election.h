/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ELECTION_H
#define ARPLET_ELECTION_H

#include "arplet/hello.h"
#include "arplet/link.h"

/*
 * The election: which node holds a VIP on a LAN.  Each LAN decides for itself, by the hellos that
 * arrive on it, so the election works without the API server.
 *
 * The election is pure: hellos, facts and times are arguments; hellos and decisions leave through
 * ops.  All times are milliseconds of a clock that also runs while the machine sleeps.  Only wall_s
 * is the wall clock, in seconds; it helps to tell a replayed hello from a new one.
 *
 * The rules; src/core/election/election_rules.c has the table:
 *  - An eligible holder keeps its VIP.  A node that comes back does not preempt it.
 *  - The first node in rank (rank.h) that is alive and eligible claims a VIP without a holder.
 *  - A holder that leaves, or is no longer eligible, keeps the VIP until its successor has claimed
 *    it, for leave_ms at most.  Except: it keeps the VIP for longer while it can still serve it.
 *  - Of two holders, the one with more stable peers keeps the VIP, then the one with the later
 *    claim, then the first in rank.  The other drops it at once.
 *  - A daemon that has just started, or was stopped for longer than its dead time, holds nothing,
 *    and listens for one dead time before it claims.
 *  - At a cold start, when no daemon has run on the LAN for cold_ms, a node waits up to cold_ms for
 *    Ready nodes that rank before it, so that no VIP moves twice.
 */
struct election;

/* Why the holder of a VIP changed. */
enum holder_change {
	CHANGE_FREE,    /* there was no holder before */
	CHANGE_DEATH,   /* the holder's hellos stopped */
	CHANGE_LEFT,    /* the holder left, or is no longer eligible */
	CHANGE_CONTEST, /* two nodes held it */
	CHANGE_LINK,    /* this node's link went down, or its daemon was stopped */
	CHANGE_OVER,    /* the VIP is no longer announced on this link */
	HOLDER_CHANGES
};
extern const char *const holder_change_label[HOLDER_CHANGES]; /* of metrics: "free", "death"... */

struct election_ops {
	/* Send a hello on a link.  The election repeats what gets lost. */
	void (*send)(void *arg, int ifindex, const uint8_t *frame, size_t len);
	/* Return true if @node is eligible to hold @ip, by the API. */
	bool (*may_hold)(void *arg, const struct ip *ip, const char *node);
	/*
	 * Visit the nodes of the cluster that are eligible; @ready: the API has the node as Ready.
	 */
	void (*each_candidate)(void *arg, const struct ip *ip,
	    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg);
	/* This node holds @ip on the link from now on. */
	void (*hold)(void *arg, int ifindex, const struct ip *ip);
	/* This node no longer holds @ip on the link. */
	void (*drop)(void *arg, int ifindex, const struct ip *ip);
	/*
	 * The holder of @ip on the link changed, by the hellos that this node received; @node is
	 * NULL if there is none.  @gap_ms: the longest time that the VIP can have been without a
	 * holder, if this node has just claimed it; else -1.
	 */
	void (*on_holder)(void *arg, int ifindex, const struct ip *ip, const char *node,
	    enum holder_change change, int64_t gap_ms);
	/* The host with this MAC on the link is a peer's node, or (@is_peer false) no longer is. */
	void (*on_peer)(void *arg, int ifindex, const struct mac *mac, bool is_peer);
	/*
	 * Return true if this node, which is not eligible, can still serve @ip.  NULL: it never
	 * can.
	 */
	bool (*may_keep)(void *arg, const struct ip *ip);
	/*
	 * A cut of the LAN has ended, or a peer has dropped @ip, which this node held all the time.
	 * Clients may have a wrong MAC for it, so announce it again.  NULL: do nothing.
	 */
	void (*reannounce)(void *arg, int ifindex, const struct ip *ip);
};

struct election_opts {
	const char *node;    /* name of this node */
	uint32_t start_s;    /* wall clock at the daemon's start */
	uint32_t nonce;      /* random, another at each start */
	int64_t interval_ms; /* between two hellos; grows with the nodes on the LAN, from 50 on */
	int64_t dead_ms;     /* silence after which peers take this node for dead; grows likewise */
	int64_t cold_ms;     /* longest wait for other nodes at a cold start */
	int64_t leave_ms;    /* longest wait for a successor: this node leaves, or is ineligible */
};

#define ELECTION_DEFAULTS                                                                      \
	((struct election_opts){ .interval_ms = 100, .dead_ms = 350, .cold_ms = 5000,          \
	    .leave_ms = 1000 })

/*
 * election_new - an election without links; it sends and accepts no hello until it has a key.  The
 * caller keeps @ops and @arg alive; @opts is copied.
 */
struct election *election_new(const struct election_ops *ops, void *arg,
    const struct election_opts *opts);
void election_free(struct election *election); /* NULL is fine */

/*
 * election_set_key - change the key that signs hellos.  For ELECTION_KEY_MS hellos with the old key
 * are accepted too.  In the first half of that time this node signs with the old key, until all
 * nodes have the new one.
 */
#define ELECTION_KEY_MS 20000
void election_set_key(struct election *election, const struct hello_key *key, int64_t now_ms);

/*
 * election_open - send and accept hellos on a link while it is up.  Call it again when the link
 * changes; after a new MAC, or when the link comes up, this node listens before it claims.
 */
void election_open(struct election *election, int ifindex, const struct mac *mac, bool up,
    int64_t now_ms);
/* election_close - stop to use a link; its VIPs are dropped, its peers forgotten. */
void election_close(struct election *election, int ifindex, int64_t now_ms);

/*
 * election_want_holder - let the nodes of the link elect a holder of @ip.  Nodes are ranked by
 * @rank_key.  Call it again when the results of may_hold, may_keep or each_candidate change.
 */
void election_want_holder(struct election *election, int ifindex, const struct ip *ip,
    const struct ip *rank_key, int64_t now_ms);
/* election_withdraw - @ip needs no holder on the link any more; drop it at once. */
void election_withdraw(struct election *election, int ifindex, const struct ip *ip, int64_t now_ms);

/* election_leave - this daemon is about to stop: hand over all VIPs. */
void election_leave(struct election *election, int64_t now_ms);
/* election_left - true if this node leaves, holds no VIP, and has sent that on each link. */
bool election_left(const struct election *election);

/*
 * election_check_stopped - detect that this daemon was stopped for longer than its dead time, and
 * drop the VIPs, which peers have taken over.  Call it first after each wake-up, before any frame
 * is answered.
 */
void election_check_stopped(struct election *election, int64_t now_ms);

/*
 * election_on_hello - apply a frame that arrived on a link at @rx_ms and is read now.
 *
 * A hello with HELLO_UNCHANGED may be read late.  The caller has to read it before election_tick(),
 * which could find its sender dead, and before frames that arrived later.
 *
 * Returns a negative errno, and counts the frame, if it is refused: see hello_parse(); -EALREADY:
 * it may be replayed.
 */
int election_on_hello(struct election *election, int ifindex, const uint8_t *frame, size_t len,
    int64_t rx_ms, int64_t now_ms, int64_t wall_s);

/* election_next_ms - when election_tick() is due; INT64_MAX: not before another call. */
int64_t election_next_ms(const struct election *election);
void election_tick(struct election *election, int64_t now_ms, int64_t wall_s);

/* election_has_peers - true if the link has stable peers. */
bool election_has_peers(const struct election *election, int ifindex);

/* A peer on a link, for metrics. */
struct peer_view {
	const char *node;
	int ifindex;
	struct mac mac;
	int64_t last_hello_ms; /* when its latest hello arrived */
	bool hears_us;         /* false: dead or one-way */
	bool alive, leaving;
	size_t n_held;         /* VIPs that it holds on this link */
};
/* election_each_peer - visit all peers, the dead ones too, by link, then by name. */
void election_each_peer(const struct election *election,
    void (*visit)(void *arg, const struct peer_view *peer_view), void *arg);

struct election_stats {
	uint64_t sent, received;                 /* hellos */
	uint64_t bad, foreign, forged, replayed; /* frames that were refused */
	uint64_t stalls;                         /* stops of this daemon beyond its dead time */
	uint64_t peer_deaths;
	uint64_t changes[HOLDER_CHANGES];        /* of holders */
};
const struct election_stats *election_stats(const struct election *election);

#endif
