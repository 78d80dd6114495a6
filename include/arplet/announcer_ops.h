/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANNOUNCER_OPS_H
#define ARPLET_ANNOUNCER_OPS_H

#include "arplet/ann_status.h"

/* The callbacks of an announcer's owner.  A callback must not call the announcer. */
struct announcer_ops {
	/*
	 * Send a frame on a link: an ARP frame if @family is IPv4, an NDP frame if it is IPv6.
	 * Returns 0, or a negative errno if the frame was not sent.
	 */
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/*
	 * The conflict about an address on a link begins, changes or ends; @other: the MAC of the
	 * other host.  The announcer calls on_conflict once for each change, not for each frame.
	 * The announcer does not call on_conflict if announcer_remove() ends the conflict.
	 */
	void (*on_conflict)(void *arg, int ifindex, const struct ip *ip,
	    enum ann_conflict conflict, const struct mac *other);
	/* Return the policy for conflicts about @ip.  NULL: use announcer_opts.policy. */
	enum ann_policy (*policy)(void *arg, const struct ip *ip);
	/*
	 * Return true if this node and a peer on the link receive each other's hellos.  NULL:
	 * always true.
	 */
	bool (*has_peers)(void *arg, int ifindex);
	/*
	 * A peer with the MAC @mac answered a probe of @ip, which this node holds.  Return true if
	 * arplet on the peer possibly sent the answer; false: the peer's kernel has @ip configured.
	 * NULL: always false.
	 */
	bool (*peer_may_answer)(void *arg, int ifindex, const struct ip *ip,
	    const struct mac *mac);
	/*
	 * The host @mac, which is no node of this cluster, claims @ip, which this node holds.
	 * Return true if the host is a proxy host (proxy_hosts.h): then its claim is no conflict.
	 * NULL: always false.
	 */
	bool (*is_proxy_host)(void *arg, int ifindex, const struct ip *ip, const struct mac *mac,
	    int64_t now_ms);
};

#define ANNOUNCER_DEFEND_MS 10000 /* DEFEND_INTERVAL of RFC 5227 */

/* All times in milliseconds. */
struct announcer_opts {
	int64_t claim_ms;          /* time between two announcements of a claim */
	unsigned int claim_rounds; /* number of announcements of a claim */
	int64_t refresh_ms;        /* longest time between two announcements of a held address */
	int64_t pace_ms;           /* a link sends at most pace_rounds announcements in this time */
	/*
	 * limit of announcements in pace_ms; an announcement is up to 3 ARP or 2 NDP frames.  First
	 * announcements of claims count against the limit, but only other claims delay them.
	 */
	unsigned int pace_rounds;
	enum ann_policy policy;
	int64_t yield_ms; /* how long this node leaves an address to a conflicting host */
};

/*
 * After an update of a neighbour entry, Linux ignores further updates for one second (locktime), so
 * claim_ms is more than one second.  Most switches forget a MAC after 300 s.  Because announcements
 * can get lost, refresh_ms is only a fifth of 300 s.  With pace_ms and pace_rounds, a link
 * announces up to 1,000 addresses a second, which uses 2% of 100 Mbit/s.  Because of yield_ms, a
 * conflict lasts at least a minute, so that people can notice the conflict.
 */
#define ANNOUNCER_DEFAULTS                                                                     \
	((struct announcer_opts){ .claim_ms = 1100,                                            \
	    .claim_rounds = 5,                                                                 \
	    .refresh_ms = 60000,                                                               \
	    .pace_ms = 10,                                                                     \
	    .pace_rounds = 10,                                                                 \
	    .policy = POLICY_DEFEND,                                                           \
	    .yield_ms = 60000 })

#endif
