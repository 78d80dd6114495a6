/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_NDP_H
#define ARPLET_NDP_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/* IPv6 neighbour discovery over Ethernet: who has an address (RFC 4861 4.3, 4.4; RFC 4862 5.4). */
enum ndp_type {
	NDP_SOLICITATION = 135,
	NDP_ADVERTISEMENT = 136,
};

enum ndp_flags { /* of an advertisement */
	NDP_ROUTER = 0x80,
	NDP_SOLICITED = 0x40,
	NDP_OVERRIDE = 0x20,
};

#define NDP_FRAME_MAX 86 /* Ethernet, IPv6, the message and one link-layer option */

struct ndp {
	enum ndp_type type;
	uint8_t flags; /* of ndp_flags */
	struct mac ether_dst, ether_src;
	struct ip src, dst; /* of the packet; a probe has the source :: (RFC 4862 5.4.2) */
	struct ip target;
	bool has_mac;
	struct mac mac; /* has_mac: the source's in a solicitation, the target's otherwise */
};

/*
 * ndp_parse - decode an Ethernet frame.  Trailing bytes are fine.  -EBADMSG when it is anything
 * but a solicitation or advertisement that is valid by RFC 4861 7.1, or when it is VLAN tagged.
 */
int ndp_parse(const uint8_t *frame, size_t len, struct ndp *ret_ndp)
    __attribute__((warn_unused_result));

/* ndp_build - the frame of @ndp, checksum included; returns its length. */
size_t ndp_build(const struct ndp *ndp, uint8_t frame[NDP_FRAME_MAX]);

/*
 * ndp_notice - the unsolicited advertisement to all nodes that @target is at @mac (RFC 4861
 * 7.2.6).  It overrides what they know.  @src is an address of the interface.
 */
struct ndp ndp_notice(const struct mac *mac, const struct ip *src, const struct ip *target);

/* ndp_probe - does anyone use @target?  Claims nothing (RFC 4862 5.4.2). */
struct ndp ndp_probe(const struct mac *mac, const struct ip *target);

/*
 * ndp_answer - the answer to @solicitation: @mac has its target.  It goes to who asked, at the
 * MAC in its option or else at its Ethernet source; a probe has nobody to answer to, and all
 * nodes are told (RFC 4861 7.2.4).
 */
struct ndp ndp_answer(const struct ndp *solicitation, const struct mac *mac, const struct ip *src);

/* ndp_mac_of - the MAC that its sender says it has, or else that it was sent from. */
struct mac ndp_mac_of(const struct ndp *ndp);

/* ndp_group - the solicited-node multicast address of @ip (RFC 4291 2.7.1). */
struct ip ndp_group(const struct ip *ip);

enum ndp_verdict {
	NDP_IGNORE,
	NDP_ANSWER,   /* a solicitation for an address that we hold */
	NDP_CONFLICT, /* another host claims an address that we hold */
};

/* What the receiver knows about a frame that came in. */
struct ndp_host {
	struct mac mac;    /* of the link that it came in on */
	bool from_us;      /* its sender is one of our own links: an echo, or a loop in the LAN */
	bool holds_target; /* we hold its target on that link */
};

/*
 * ndp_judge - what to do about @ndp.
 *
 * A solicitation is answered when it was sent to a group or to the link's own MAC, with or
 * without an option that says whose it is, and a probe too: that defends the address (RFC 4862
 * 5.4.3).  An advertisement for what we hold, from another MAC, is a conflict.
 */
enum ndp_verdict ndp_judge(const struct ndp *ndp, const struct ndp_host *host);

#endif
