/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ELECTION_H
#define ARPLET_ELECTION_H

#include "arplet/hello.h"
#include "arplet/link.h"

/*
 * The election decides which node holds a VIP on a LAN.  The nodes on a LAN elect a holder by the
 * hellos that they receive there, so the election works even if the API server is down.
 *
 * The election does no I/O.  The caller passes received hellos and the time to the election.  The
 * election sends hellos and reports its decisions through election_ops.  All times are milliseconds
 * of a clock that also runs while the machine sleeps.
 *
 * The rules of the election, which src/core/election/election_rules.c has as a table:
 *  - An eligible holder keeps its VIP.  A node that returns to the LAN does not preempt the holder.
 *  - If a VIP has no holder, the first node in rank (node_rank.h) that is alive and eligible claims
 *    the VIP.
 *  - A holder that leaves, or is no longer eligible, keeps the VIP until a successor has claimed
 *    the VIP, for leave_ms at most.  One exception: a holder that is no longer eligible, but can
 *    still serve the VIP, keeps it for longer.
 *  - If two nodes hold a VIP, the node with more stable peers (alive both ways for 1 s) keeps it.
 *    If both nodes have the same number of stable peers, the node whose claim has the higher term
 *    keeps the VIP.  If the terms are equal too, the first node in rank keeps the VIP.  The node
 *    that does not keep the VIP drops it at once.
 *  - A daemon that has just started, or was suspended for longer than its dead time, holds no VIP.
 *    After its start or suspension, a daemon claims VIPs only after it has listened to hellos for
 *    one dead time.
 *  - Cold start: while no daemon on the LAN has run for longer than cold_ms, a node does not claim
 *    a VIP if a Ready node precedes this node in rank, because the daemon of that Ready node will
 *    probably start soon.
 */
struct election;

/* Why the holder of a VIP changed. */
enum holder_change {
	CHANGE_FREE,    /* the VIP had no holder before */
	CHANGE_DEATH,   /* the holder's hellos stopped */
	CHANGE_LEFT,    /* the holder left, or is no longer eligible */
	CHANGE_CONTEST, /* two nodes held the VIP, and one of them dropped it */
	CHANGE_LINK,    /* this node's link went down, or its daemon was suspended */
	CHANGE_OVER,    /* the VIP is no longer announced on this link */
	HOLDER_CHANGES
};
extern const char *const holder_change_label[HOLDER_CHANGES]; /* for metrics: "free", "death"... */

/* How a hello arrived. */
enum hello_carrier {
	HELLO_MULTICAST, /* as a multicast Ethernet frame */
	HELLO_UDP,       /* as the payload of a UDP datagram, to a node address of this node */
	HELLO_CARRIERS
};
extern const char *const hello_carrier_label[HELLO_CARRIERS]; /* for metrics: "multicast", "udp" */

struct election_ops {
	/* Send a hello on a link.  If a hello gets lost, later hellos repeat its contents. */
	void (*send)(void *arg, int ifindex, const uint8_t *frame, size_t len);
	/* Return true if @node is eligible to hold @ip, according to the API objects. */
	bool (*may_hold)(void *arg, const struct ip *ip, const char *node);
	/* Visit the nodes that are eligible to hold @ip; @ready: the Node object is Ready. */
	void (*each_candidate)(void *arg, const struct ip *ip,
	    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg);
	/* This node holds @ip on the link from now on. */
	void (*hold)(void *arg, int ifindex, const struct ip *ip);
	/* This node no longer holds @ip on the link. */
	void (*drop)(void *arg, int ifindex, const struct ip *ip);
	/*
	 * The holder of @ip on the link has changed, according to the hellos that this node
	 * received.  @node: the new holder; NULL: no node holds @ip.  @gap_ms: if this node has
	 * just claimed @ip, the longest time for which @ip can have had no holder; else -1.
	 */
	void (*on_holder)(void *arg, int ifindex, const struct ip *ip, const char *node,
	    enum holder_change change, int64_t gap_ms);
	/*
	 * From now on, @mac on the link belongs to a peer; @is_peer false: @mac no longer belongs
	 * to a peer.
	 */
	void (*on_peer)(void *arg, int ifindex, const struct mac *mac, bool is_peer);
	/*
	 * Return true if this node can still serve @ip although it is not eligible any more.  If
	 * may_keep is NULL, a node that is not eligible never serves @ip.
	 */
	bool (*may_keep)(void *arg, const struct ip *ip);
	/*
	 * A partition of the LAN has ended, or a peer has dropped @ip, while this node holds @ip.
	 * The ARP caches of clients possibly have a wrong MAC for @ip, so announce @ip again.  If
	 * reannounce is NULL, nothing happens.
	 */
	void (*reannounce)(void *arg, int ifindex, const struct ip *ip);
	/*
	 * Send a hello as UDP datagram to port HELLO_PORT of @node, on the link.  @payload has no
	 * Ethernet header.  The caller finds the address: the address of @node, by the API, that
	 * lies in a prefix of the link.  NULL: the election sends hellos only by send().
	 */
	void (*send_udp)(void *arg, int ifindex, const char *node, const uint8_t *payload,
	    size_t len);
	/*
	 * Visit the nodes, other than this node, that have by the API a node address in a prefix of
	 * the link; send_udp() reaches these nodes.  NULL: there are none.
	 */
	void (*each_udp_node)(void *arg, int ifindex,
	    void (*visit)(void *visit_arg, const char *node), void *visit_arg);
	/*
	 * The hellos between this node and @node get through on the link by @carrier from now on.
	 * HELLO_UDP: for some seconds, only UDP has worked in at least one direction.  If on_carrier
	 * is NULL, nothing happens.
	 */
	void (*on_carrier)(void *arg, int ifindex, const char *node, enum hello_carrier carrier);
	/*
	 * The last resort, for a peer from which no hello has arrived on a link since this daemon
	 * started: this node takes from the peer no VIP that api_holds() is true for, and leaves it
	 * a free VIP for some seconds, as long as api_runs() is true.  NULL: unknown, so false.
	 *
	 * api_runs: return true if, by the API, the daemon of @node runs: the Node and the arplet pod
	 * are Ready, and the Node's Lease in kube-node-lease was renewed in the last 20 s.
	 * api_holds: return true if a ServiceL2Status says that @node announces @ip.
	 */
	bool (*api_runs)(void *arg, const char *node);
	bool (*api_holds)(void *arg, const struct ip *ip, const char *node);
	/*
	 * The last resort concerns @ip from now on: no hello of @node arrives, but by the API @node
	 * runs, so this node leaves @ip to @node.  Called once for each node and link.
	 */
	void (*on_last_resort)(void *arg, int ifindex, const struct ip *ip, const char *node);
};

struct election_opts {
	const char *node;    /* name of this node */
	uint32_t start_s;    /* wall clock at the daemon's start, s */
	uint32_t nonce;      /* random number, different at each start of the daemon */
	int64_t interval_ms; /* time between two hellos; if a LAN has over 50 nodes, it is longer */
	/* silence after which peers take this node for dead; longer if a LAN has over 50 nodes */
	int64_t dead_ms;
	int64_t cold_ms;     /* how long this node waits for other nodes at a cold start */
	int64_t leave_ms;    /* how long a holder that leaves or is ineligible awaits a successor */
};

#define ELECTION_DEFAULTS                                                                      \
	((struct election_opts){ .interval_ms = 100, .dead_ms = 350, .cold_ms = 5000,          \
	    .leave_ms = 1000 })

/*
 * election_new - create an election without links.  Without a key, the election sends and accepts
 * no hello.  @ops and @arg must outlive the election, which copies @opts.
 */
struct election *election_new(const struct election_ops *ops, void *arg,
    const struct election_opts *opts);
void election_free(struct election *election); /* NULL is fine */

/*
 * election_set_key - change the key that signs hellos.  For ELECTION_KEY_MS, this node accepts
 * hellos with the old key too.  In the first half of ELECTION_KEY_MS, this node still signs hellos
 * with the old key, because some peers possibly do not have the new key yet.
 */
#define ELECTION_KEY_MS 20000
void election_set_key(struct election *election, const struct hello_key *key, int64_t now_ms);

/*
 * election_open - send and accept hellos on a link while it is up.  The caller must call
 * election_open() again when the link changes.  If the link comes up, or its MAC is new, this node
 * listens to hellos for one dead time before it claims VIPs.
 */
void election_open(struct election *election, int ifindex, const struct mac *mac, bool up,
    int64_t now_ms);
/*
 * election_close - stop using a link: drop the VIPs that this node holds on the link, and forget
 * the peers there.
 */
void election_close(struct election *election, int ifindex, int64_t now_ms);

/*
 * election_want_holder - let the nodes on the link elect a holder of @ip.  The rank of a node is a
 * hash of the node's name and @rank_key.  The caller must call election_want_holder() again when
 * the results of the callbacks may_hold, may_keep or each_candidate change.
 */
void election_want_holder(struct election *election, int ifindex, const struct ip *ip,
    const struct ip *rank_key, int64_t now_ms);
/* election_withdraw - end the election of a holder of @ip on the link; drop @ip at once. */
void election_withdraw(struct election *election, int ifindex, const struct ip *ip, int64_t now_ms);

/* election_leave - this daemon is about to stop: let peers take over all VIPs of this node. */
void election_leave(struct election *election, int64_t now_ms);
/*
 * election_left - true if this node is leaving, holds no VIP, and has sent hellos without VIPs on
 * each link.
 */
bool election_left(const struct election *election);

/*
 * election_check_stopped - detect that this daemon was suspended for longer than its dead time.
 * After such a suspension, drop all VIPs, because peers have taken over these VIPs.  The event loop
 * must call election_check_stopped() first after each wake-up, before this node answers a frame.
 */
void election_check_stopped(struct election *election, int64_t now_ms);

/*
 * election_on_hello - apply a hello that arrived on a link at @rx_ms, and was read at @now_ms.
 * @frame: for HELLO_MULTICAST, the frame with its Ethernet header; for HELLO_UDP, the payload of the
 * datagram, which has no Ethernet header.
 *
 * The caller may delay a hello with HELLO_UNCHANGED, but must read the hello before all frames that
 * arrived after it.  The caller must also read the hello before it calls election_tick();
 * otherwise, election_tick() can declare the sender of the hello dead.
 *
 * If the frame is refused, the election counts it and returns a negative errno: see hello_parse().
 * -EALREADY: the frame is possibly a replay of an old hello, or its sender is new and has not proved
 * itself yet.  -EXDEV: the hello was sent on another link of this node.  -EADDRNOTAVAIL: the source
 * of the Ethernet frame is not the MAC in the hello.
 */
int election_on_hello(struct election *election, int ifindex, enum hello_carrier carrier,
    const uint8_t *frame, size_t len, int64_t rx_ms, int64_t now_ms);

/* election_next_ms - when election_tick() is due; INT64_MAX: only after another call. */
int64_t election_next_ms(const struct election *election);
void election_tick(struct election *election, int64_t now_ms);

/* election_has_peers - true if this node and a peer have heard each other on the link for 1 s. */
bool election_has_peers(const struct election *election, int ifindex);

/*
 * election_peer_may_answer - true if arplet on the peer with this MAC possibly answers requests for
 * @ip: the peer's hellos list @ip, or have stopped.  False for a node that sent no hello yet.
 */
bool election_peer_may_answer(const struct election *election, int ifindex, const struct ip *ip,
    const struct mac *mac);

/* A peer on a link, for metrics. */
struct peer_view {
	const char *node;
	int ifindex;
	struct mac mac;
	int64_t last_hello_ms; /* when the peer's latest hello arrived */
	bool hears_us;         /* false: the peer is dead, or does not receive our hellos */
	bool alive, leaving;
	enum hello_carrier carrier; /* see election_ops.on_carrier */
	size_t n_held;         /* number of VIPs that the peer holds on this link */
};
/* election_each_peer - visit all peers, including dead peers, sorted by link, then by name. */
void election_each_peer(const struct election *election,
    void (*visit)(void *arg, const struct peer_view *peer_view), void *arg);

struct election_stats {
	uint64_t sent, received;                 /* hellos */
	/* frames that were refused: see election_on_hello() and hello_parse() */
	uint64_t bad, foreign, forged, replayed, other_link, wrong_mac;
	/* suspensions of this daemon for longer than its dead time */
	uint64_t stalls;
	uint64_t peer_deaths;
	uint64_t changes[HOLDER_CHANGES];        /* changes of holders, by cause */
};
const struct election_stats *election_stats(const struct election *election);

#endif
