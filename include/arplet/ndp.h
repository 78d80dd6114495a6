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

/* bytes of Ethernet and IPv6 headers, the NDP message, and one link-layer option */
#define NDP_FRAME_MAX 86

struct ndp {
	enum ndp_type type;
	uint8_t flags; /* of ndp_flags */
	struct mac ether_dst, ether_src;
	struct ip src, dst; /* IPv6 addresses; src is :: in a probe (RFC 4862 5.4.2) */
	struct ip target;
	bool has_mac;
	/* MAC of a solicitation's source, or of an advertisement's target; valid if has_mac */
	struct mac mac;
};

/*
 * ndp_parse - decode an Ethernet frame with an NDP message; trailing bytes are ignored.
 *
 * -EBADMSG: the frame is no valid solicitation or advertisement (RFC 4861 7.1), or has a VLAN tag.
 */
int ndp_parse(const uint8_t *frame, size_t len, struct ndp *ret_ndp)
    __attribute__((warn_unused_result));

/* ndp_build - write the frame of @ndp with its checksum; returns the length of the frame. */
size_t ndp_build(const struct ndp *ndp, uint8_t frame[NDP_FRAME_MAX]);

/*
 * ndp_notice - build the unsolicited advertisement to all nodes that maps @target to @mac (RFC 4861
 * 7.2.6).  The advertisement overrides entries of neighbor caches.  @src: an address of the
 * interface.
 */
struct ndp ndp_notice(const struct mac *mac, const struct ip *src, const struct ip *target);

/*
 * ndp_probe - build the solicitation that asks whether a host uses @target, without claiming
 * @target (RFC 4862 5.4.2).
 */
struct ndp ndp_probe(const struct mac *mac, const struct ip *target);

/*
 * ndp_answer - build the advertisement that answers @solicitation, and maps the target address to
 * @mac.
 *
 * The destination of the answer is the source of the solicitation, whose MAC ndp_mac_of() returns.
 * The source of a probe is ::, so the answer to a probe is sent to all nodes (RFC 4861 7.2.4).
 */
struct ndp ndp_answer(const struct ndp *solicitation, const struct mac *mac, const struct ip *src);

/* ndp_mac_of - the MAC of @ndp's link-layer option; without this option, the Ethernet source. */
struct mac ndp_mac_of(const struct ndp *ndp);

/* ndp_group - the solicited-node multicast address of @ip (RFC 4291 2.7.1). */
struct ip ndp_group(const struct ip *ip);

enum ndp_verdict {
	NDP_IGNORE,
	NDP_ANSWER,   /* answer: a solicitation for an address that this node holds */
	NDP_CONFLICT, /* conflict: another host claims an address that this node holds */
};

/* What this node knows about a received frame. */
struct ndp_host {
	struct mac mac;    /* MAC of the link that received the frame */
	bool from_us;      /* this node sent the frame: an echo, or a loop in the LAN */
	bool holds_target; /* this node holds the frame's target address on that link */
};

/*
 * ndp_judge - decide whether this node answers @ndp, ignores it, or treats it as a conflict.
 *
 * A node answers a solicitation that was sent to a group or to the link's own MAC, even if the
 * solicitation has no link-layer option.  The answer to a probe defends the address (RFC 4862
 * 5.4.3).  An advertisement from another MAC for an address that this node holds is a conflict.
 */
enum ndp_verdict ndp_judge(const struct ndp *ndp, const struct ndp_host *host);

#endif
