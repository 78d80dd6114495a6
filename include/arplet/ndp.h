/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_NDP_H
#define ARPLET_NDP_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/* IPv6 Neighbor Discovery over Ethernet: solicitations and advertisements (RFC 4861 4.3, 4.4). */
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
	struct ip src, dst; /* of the packet; src is :: in a probe (RFC 4862 5.4.2) */
	struct ip target;
	bool has_mac;
	struct mac mac; /* of the source, in a solicitation, or of the target; valid if has_mac */
};

/*
 * ndp_parse - decode an Ethernet frame, with or without trailing bytes.
 *
 * -EBADMSG: not a solicitation or advertisement that is valid by RFC 4861 7.1, or VLAN tagged.
 */
int ndp_parse(const uint8_t *frame, size_t len, struct ndp *ret_ndp)
    __attribute__((warn_unused_result));

/* ndp_build - write the frame of @ndp with its checksum; returns its length. */
size_t ndp_build(const struct ndp *ndp, uint8_t frame[NDP_FRAME_MAX]);

/*
 * ndp_notice - the unsolicited advertisement to all nodes that @mac has @target (RFC 4861 7.2.6).
 * It overrides their neighbor caches.  @src is an address of the interface.
 */
struct ndp ndp_notice(const struct mac *mac, const struct ip *src, const struct ip *target);

/*
 * ndp_probe - the solicitation that asks for users of @target, and claims nothing (RFC 4862 5.4.2).
 */
struct ndp ndp_probe(const struct mac *mac, const struct ip *target);

/*
 * ndp_answer - the advertisement that answers @solicitation: @mac has its target.
 *
 * It is sent to the source of the solicitation, at ndp_mac_of().  The source of a probe is ::, so
 * the answer to a probe is sent to all nodes (RFC 4861 7.2.4).
 */
struct ndp ndp_answer(const struct ndp *solicitation, const struct mac *mac, const struct ip *src);

/* ndp_mac_of - the MAC in the option of @ndp, or without an option its Ethernet source. */
struct mac ndp_mac_of(const struct ndp *ndp);

/* ndp_group - the solicited-node multicast address of @ip (RFC 4291 2.7.1). */
struct ip ndp_group(const struct ip *ip);

enum ndp_verdict {
	NDP_IGNORE,
	NDP_ANSWER,   /* a solicitation for an address that this node holds */
	NDP_CONFLICT, /* another host claims an address that this node holds */
};

/* What the receiver knows about a received frame. */
struct ndp_host {
	struct mac mac;    /* of the link that received the frame */
	bool from_us;      /* the sender is a link of this node: an echo, or a loop in the LAN */
	bool holds_target; /* this node holds the frame's target address on that link */
};

/*
 * ndp_judge - decide what to do about @ndp.
 *
 * A node answers solicitations that were sent to a group or to the link's own MAC, with or without
 * the option.  The answer to a probe defends the address (RFC 4862 5.4.3).  An advertisement from
 * another MAC for an address that this node holds is a conflict.
 */
enum ndp_verdict ndp_judge(const struct ndp *ndp, const struct ndp_host *host);

#endif
