/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ELECTION_H
#define ARPLET_ELECTION_H

#include "arplet/hello.h"
#include "arplet/link.h"

/*
 * Who holds which address, among the daemons that hear each other on a LAN.  Each LAN decides for
 * itself, by what was heard on it: liveness is that of the wire, and the API server is not needed.
 * Pure: hellos, facts and time come in; hellos and decisions go out through ops.  All times are
 * milliseconds of a clock that goes on while the machine sleeps; wall_s is the wall clock, which
 * only serves to tell a recorded hello from a new one.
 *
 * The rules, of which src/core/election/election_vip.c has the table:
 *  - A holder that may hold stays.  A node that comes back takes nothing away.
 *  - Nobody holds it: the first in rank of those that are alive and may (elect.h) claims it.
 *  - The holder may not hold it any more, or leaves: the heir claims it, then the holder drops it; at
 *    last after leave_ms, unless it can serve still.
 *  - Two hold it: the one that has more company on the LAN stays, then the later claim, then the
 *    first in rank.  The other drops it at once.
 *  - Who has just started, or finds that it was stopped for longer than its dead time, holds
 *    nothing, and listens for one dead time before it claims.
 *  - A LAN on which no daemon has been for longer than cold_ms waits so long for nodes that rank
 *    before those that are there and are Ready: a cluster that starts has the holders that the rank
 *    wants.
 */
struct election;

/* Why the holder of an address is another than before. */
enum hold_cause {
	HOLD_FREE,     /* nobody held it */
	HOLD_DEATH,    /* its holder was not heard any more */
	HOLD_LEFT,     /* its holder left, or may not hold it any more */
	HOLD_CONTEST,  /* two held it */
	HOLD_LINK,     /* the link went down, or this daemon was stopped for a while */
	HOLD_OVER,     /* the address is not announced on this link any more */
	HOLD_CAUSES
};
extern const char *const hold_cause_name[HOLD_CAUSES]; /* "free", "death"... for metrics */

struct election_ops {
	/* Send a hello on a link.  What is lost is repeated. */
	void (*send)(void *arg, int ifindex, const uint8_t *frame, size_t len);
	/* May @node hold @ip, by what the API says of them? */
	bool (*may_hold)(void *arg, const struct ip *ip, const char *node);
	/* Visit the nodes of the cluster that may hold @ip; @ready: the API takes it for alive. */
	void (*each_candidate)(void *arg, const struct ip *ip,
	    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg);
	/* From now on this node answers for @ip on the link. */
	void (*hold)(void *arg, int ifindex, const struct ip *ip);
	/* From now on it does not. */
	void (*drop)(void *arg, int ifindex, const struct ip *ip);
	/*
	 * The holder of @ip on the link is another one, as far as this node hears; NULL: none.
	 * @gap_ms: for how long there was none, at most, if this node has just claimed it; or -1.
	 */
	void (*on_holder)(void *arg, int ifindex, const struct ip *ip, const char *node,
	    enum hold_cause cause, int64_t gap_ms);
	/* A host on the link with this MAC is a fellow daemon's node; or is not any more. */
	void (*on_peer)(void *arg, int ifindex, const struct mac *mac, bool is);
	/* Can this node serve @ip still, though it may not hold it any more?  NULL: no. */
	bool (*may_keep)(void *arg, const struct ip *ip);
	/*
	 * The LAN was cut and is whole again, or a fellow has let go of what it claimed, and this
	 * node held @ip all the time: clients may not know, so they are to be told if it stays
	 * here.  NULL: they are not.
	 */
	void (*reannounce)(void *arg, int ifindex, const struct ip *ip);
};

struct election_opts {
	const char *node;    /* this node */
	uint32_t start_s;    /* wall clock at the start */
	uint32_t nonce;      /* random; another at each start */
	int64_t interval_ms; /* between two hellos, with up to 50 nodes on the LAN; else longer */
	int64_t dead_ms;     /* after so much silence a node is gone; grows likewise */
	int64_t cold_ms;
	int64_t leave_ms;    /* who leaves, or may not hold any more, waits so long for an heir */
};

#define ELECTION_DEFAULTS                                                                      \
	((struct election_opts){ .interval_ms = 100, .dead_ms = 350, .cold_ms = 5000,          \
	    .leave_ms = 1000 })

/* election_new - ops and arg are kept, opts is copied.  Without a key it says and hears nothing. */
struct election *election_new(const struct election_ops *ops, void *arg,
    const struct election_opts *opts);
void election_free(struct election *e); /* NULL is fine */

/*
 * election_set_key - the key has changed.  For ELECTION_KEY_MS hellos of both keys are believed,
 * and half of that time the old one is still used, so that all nodes can learn the new one.
 */
#define ELECTION_KEY_MS 20000
void election_set_key(struct election *e, const struct hello_key *key, int64_t now_ms);

/*
 * election_open - say and hear hellos on a link while it is up.  To be called again when the link
 * changes; a new MAC or a link that comes up begins anew.
 */
void election_open(struct election *e, int ifindex, const struct mac *mac, bool up,
    int64_t now_ms);
/* election_close - the link is not used any more. */
void election_close(struct election *e, int ifindex, int64_t now_ms);

/*
 * election_want_holder - @ip is announced on the link by somebody; decide whether by this node, and
 * again now: what may_hold says may have changed.  Nodes are ranked by @key.
 */
void election_want_holder(struct election *e, int ifindex, const struct ip *ip, const struct ip *key,
    int64_t now_ms);
/* election_withdraw - nobody is to announce it on the link; it is dropped at once. */
void election_withdraw(struct election *e, int ifindex, const struct ip *ip, int64_t now_ms);

/* election_leave - this daemon is about to stop: let others take over. */
void election_leave(struct election *e, int64_t now_ms);
/* election_left - has it nothing any more, and said so? */
bool election_left(const struct election *e);

/*
 * election_check_stopped - to be called before anything else that came in is looked at.  A daemon that was
 * stopped for longer than its dead time finds out here, and drops what others have taken over.
 */
void election_check_stopped(struct election *e, int64_t now_ms);

/*
 * election_on_hello - a frame came in on a link, at heard_ms, and is read now.  What is HELLO_UNCHANGED
 * may have waited: it has to be read before election_tick(), which may find its sender dead, and
 * before what came in later.  Negative errno: see hello_parse; it is counted.
 */
int election_on_hello(struct election *e, int ifindex, const uint8_t *frame, size_t len,
    int64_t heard_ms, int64_t now_ms, int64_t wall_s);

/* election_next_ms - when election_tick() is due; INT64_MAX: not before something changes. */
int64_t election_next_ms(const struct election *e);
void election_tick(struct election *e, int64_t now_ms, int64_t wall_s);

/* election_has_peers - are there fellows on the link, for a while, who hear this node? */
bool election_has_peers(const struct election *e, int ifindex);

/* A fellow daemon on a link, as others may see it. */
struct peer_view {
	const char *node;
	int ifindex;
	struct mac mac;
	int64_t heard_ms;   /* when it last was */
	bool hears_us;
	bool alive, leaving;
	size_t n_held;       /* addresses on this link */
};
/* election_each_peer - those heard since the links were opened, by link, then by name. */
void election_each_peer(const struct election *e,
    void (*visit)(void *arg, const struct peer_view *peer_view), void *arg);

struct election_stats {
	uint64_t sent, received;
	uint64_t bad, foreign, forged, replayed; /* frames that were not believed */
	uint64_t stalls;                        /* times that this daemon was stopped for long */
	uint64_t peer_deaths;                         /* of fellows */
	uint64_t changes[HOLD_CAUSES];           /* of holders */
};
const struct election_stats *election_stats(const struct election *e);

#endif
