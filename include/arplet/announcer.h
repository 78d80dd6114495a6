/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANNOUNCE_H
#define ARPLET_ANNOUNCE_H

#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * The life of the addresses that this node announces: one state machine for each address on each
 * link.  Pure: frames and time come in, frames go out through ops, and the owner calls
 * announcer_tick() when announcer_next_ms() has come.  All times are monotonic milliseconds.
 */
struct announcer;

enum ann_state {
	ANN_ELECTED,  /* ours to announce, but its link is not there or is down */
	ANN_CLAIMING, /* answered for; gratuitous ARP or NDP goes out in rounds */
	ANN_HOLDING,  /* answered for; said again every refresh_ms */
	ANN_YIELDED,  /* left to another host for yield_ms: not a word about it */
	ANN_PROBING,  /* that time is over, and the LAN is asked whether it is free (RFC 5227 2.1.1) */
	ANN_STATES
};

/* announcer_answers - does the node answer for an address in this state? */
static inline bool
announcer_answers(enum ann_state state)
{
	return state == ANN_CLAIMING || state == ANN_HOLDING;
}

/* Who else is there where one of our addresses is. */
enum ann_conflict {
	CONFLICT_NONE,
	CONFLICT_DEFENDED,  /* another host claims it, and is told every ten seconds that it is ours */
	CONFLICT_YIELDED,  /* ... and has been left to it for a while */
	CONFLICT_PEER_KERNEL, /* a fellow node that does not hold it answers: its kernel has the address */
	CONFLICTS
};

/* What to do about a host that goes on after it was told (RFC 5227 2.4). */
enum ann_policy {
	POLICY_DEFEND, /* (c): go on, and tell it again, once in each ANNOUNCER_DEFEND_MS */
	POLICY_YIELD,  /* (b): leave the address to it for yield_ms, then ask whether it is free */
};

/* What the announcer asks of its owner; none of them may call back into it. */
struct announcer_ops {
	/*
	 * Send a frame on a link: ARP when @family is IPv4, NDP when it is IPv6.  0, or a
	 * negative errno when it did not leave.
	 */
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/*
	 * The trouble with an address on a link has become another one; @other is the MAC that
	 * caused it.  Said once for each change, however often the other host speaks; not said
	 * when the address is removed.
	 */
	void (*on_conflict)(void *arg, int ifindex, const struct ip *ip, enum ann_conflict trouble,
	    const struct mac *other);
	/* What to do about a host that goes on claiming @ip.  NULL: as announcer_opts say. */
	enum ann_policy (*policy)(void *arg, const struct ip *ip);
	/* Are there fellows on the link whom this node hears, and who hear it?  NULL: always. */
	bool (*has_peers)(void *arg, int ifindex);
};

#define ANNOUNCER_DEFEND_MS 10000 /* DEFEND_INTERVAL of RFC 5227 */

struct announcer_opts {
	int64_t claim_ms; /* from one round of a claim to the next */
	unsigned int claim_rounds;
	int64_t refresh_ms;       /* the longest time between two rounds while holding */
	int64_t pace_ms;          /* in so much time a link may send ... */
	unsigned int pace_rounds; /* ... this many rounds: three frames of ARP, or two of NDP */
	enum ann_policy policy;
	int64_t yield_ms;
};

/*
 * 1.1 s outlasts the second for which Linux keeps an entry locked (locktime); five rounds take
 * 4.4 s.  Switches forget a MAC after 300 s by default: 60 s leaves room for losses.  A link
 * says at most 1,000 addresses a second, which fills 2% of 100 Mbit/s.  A host that was left an
 * address keeps it for a minute: long enough for a person to see, and for its peers to be served.
 */
#define ANNOUNCER_DEFAULTS                                                                     \
	((struct announcer_opts){ .claim_ms = 1100,                                            \
	    .claim_rounds = 5,                                                                 \
	    .refresh_ms = 60000,                                                               \
	    .pace_ms = 10,                                                                     \
	    .pace_rounds = 10,                                                                 \
	    .policy = POLICY_DEFEND,                                                           \
	    .yield_ms = 60000 })

/* announcer_new - @ops and @arg are kept, @opts is copied. */
struct announcer *announcer_new(const struct announcer_ops *ops, void *arg,
    const struct announcer_opts *opts);
void announcer_free(struct announcer *a); /* NULL is fine */

/*
 * announcer_set_link - a link is there, or has changed.  When it comes up or its MAC is another
 * one, its addresses are claimed again from the start.
 */
void announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms);

/*
 * announcer_set_no_socket - a link has no way to hear and send frames about addresses of @family, or
 * has one again: until then they wait, as if the link were down.
 */
void announcer_set_no_socket(struct announcer *a, int ifindex, uint8_t family, bool deaf,
    int64_t now_ms);

/* announcer_del_link - it is gone; its addresses wait, in case it comes back, to be removed. */
void announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms);

/*
 * announcer_add - announce @ip on a link.  What is there already goes on undisturbed.  Nothing
 * is sent before the next announcer_tick(), which is due at once.
 */
void announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/* announcer_remove - say no more about it, at once; fine when it is not there. */
void announcer_remove(struct announcer *a, const struct ip *ip, int ifindex);

/*
 * announcer_on_arp, announcer_on_ndp - a frame came in on a link: answer it, count it, or report
 * a conflict.
 */
void announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms);
void announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms);

/*
 * announcer_set_peer - @mac belongs to another node that runs arplet, or does so no more.  What
 * it says is the election's affair, never a conflict; only when it answers a question about an
 * address that we hold, again and again, its kernel has that address.  When it tells the LAN that
 * it has one, and that one is still ours a moment later, the LAN is told so: a node that hears
 * nobody goes on saying what it held, and draws clients to itself.
 */
void announcer_set_peer(struct announcer *a, const struct mac *mac, bool peer_view);

/*
 * announcer_reannounce - the link was cut: when @ip is still ours a moment later, so that a fellow on
 * the other side has yielded, the LAN is told once more.
 */
void announcer_reannounce(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/* announcer_is_cluster_mac - is @mac a link's of this node, or a fellow's? */
bool announcer_is_cluster_mac(const struct announcer *a, const struct mac *mac);

/* announcer_next_ms - when announcer_tick() is due; INT64_MAX: not before something changes. */
int64_t announcer_next_ms(const struct announcer *a);
void announcer_tick(struct announcer *a, int64_t now_ms);

#define ANN_HOSTS_MAX 4

/* An address on a link, as others may see it. */
struct ann_status {
	struct ip ip;
	enum ann_state state : 8;
	enum ann_conflict trouble : 8; /* as last told */
	uint8_t n_hosts;
	int ifindex;
	uint64_t requests, answers, gratuitous, conflicts; /* frames since it was added */
	/*
	 * Who claimed it, and in how many frames; one more host takes the place of the quietest.
	 * NULL: nobody, as of nearly every address; else room for ANN_HOSTS_MAX.
	 */
	struct conflicting_host {
		struct mac mac;
		uint64_t frames;
	} *hosts;
};

/* announcer_each - call @fn for every address, by link, then by address. */
void announcer_each(const struct announcer *a,
    void (*fn)(void *arg, const struct ann_status *ann_status), void *arg);

/* announcer_serves - is there an address of this family on the link? */
bool announcer_serves(const struct announcer *a, int ifindex, uint8_t family);

/*
 * announcer_addresses - those of one family on one link, sorted, in @ret_ips (room for @max);
 * returns how many there are.
 */
size_t announcer_addresses(const struct announcer *a, int ifindex, uint8_t family,
    struct ip *ret_ips, size_t max);

#endif
