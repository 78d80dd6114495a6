/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANNOUNCER_OPS_H
#define ARPLET_ANNOUNCER_OPS_H

#include "arplet/ann_status.h"

/* The callbacks of an announcer's owner; none of them may call the announcer. */
struct announcer_ops {
	/*
	 * Send a frame on a link: ARP if @family is IPv4, NDP if it is IPv6.  Returns 0, or a
	 * negative errno if the frame was not sent.
	 */
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/*
	 * The conflict about an address on a link has changed; @other is the MAC of the other host.
	 * Called once for each change, not for each frame, and not when the address is removed.
	 */
	void (*on_conflict)(void *arg, int ifindex, const struct ip *ip,
	    enum ann_conflict conflict, const struct mac *other);
	/* The policy for @ip.  NULL: announcer_opts.policy. */
	enum ann_policy (*policy)(void *arg, const struct ip *ip);
	/* True if hellos of peers arrive on the link and list this node as heard.  NULL: always. */
	bool (*has_peers)(void *arg, int ifindex);
};

#define ANNOUNCER_DEFEND_MS 10000 /* DEFEND_INTERVAL of RFC 5227 */

/* All times in milliseconds. */
struct announcer_opts {
	int64_t claim_ms;          /* between the rounds of a claim */
	unsigned int claim_rounds; /* rounds of a claim */
	int64_t refresh_ms;        /* longest time between two rounds while holding */
	int64_t pace_ms;           /* period in which a link may send pace_rounds */
	unsigned int pace_rounds;  /* rounds per pace_ms, of up to 3 ARP or 2 NDP frames */
	enum ann_policy policy;
	int64_t yield_ms; /* how long an address is left to a conflicting host */
};

/*
 * claim_ms is longer than the second in which Linux ignores further updates of a neighbour entry
 * (locktime).  refresh_ms is a fifth of the 300 s after which most switches forget a MAC, because
 * rounds may be lost.  The pace lets a link announce 1,000 addresses a second, which uses 2% of 100
 * Mbit/s.  yield_ms gives a person a minute to see the conflict.
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
