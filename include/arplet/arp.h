/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ARP_H
#define ARPLET_ARP_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/* ARP for IPv4 over Ethernet (RFC 826, RFC 5227). */
enum arp_op {
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

#define ARP_FRAME_LEN 60 /* shortest Ethernet frame, without its checksum */

struct arp {
	enum arp_op op;
	struct mac ether_dst, ether_src;
	struct mac sender_mac;
	struct ip sender_ip;
	struct mac target_mac;
	struct ip target_ip;
};

/*
 * arp_parse - decode an Ethernet frame, with or without padding and trailing bytes.
 *
 * -EBADMSG: not an ARP request or reply for IPv4 over Ethernet, or VLAN tagged.  A tagged frame
 * belongs to the VLAN's own interface.
 */
int arp_parse(const uint8_t *frame, size_t len, struct arp *ret_arp)
    __attribute__((warn_unused_result));

/* arp_build - write the frame of @arp, padded to ARP_FRAME_LEN. */
void arp_build(const struct arp *arp, uint8_t frame[ARP_FRAME_LEN]);

/* Broadcasts about an address that no request has caused. */
enum arp_notice {
	ARP_GRATUITOUS_REQUEST, /* updates the caches of hosts that learn from requests */
	ARP_GRATUITOUS_REPLY,   /* updates the caches of hosts that learn from replies only */
	ARP_PROBE,              /* RFC 5227 2.1.1: asks for users of the address, claims nothing */
	ARP_ANNOUNCEMENT,       /* RFC 5227 2.3: claims the address */
	ARP_NOTICES
};

/* arp_notice - the broadcast of @kind for @ip (IPv4), sent from the interface with @mac. */
struct arp arp_notice(enum arp_notice kind, const struct mac *mac, const struct ip *ip);

/* arp_answer - the reply to @request, which tells its ARP sender that @mac has the target. */
struct arp arp_answer(const struct arp *request, const struct mac *mac);

enum arp_verdict {
	ARP_IGNORE,
	ARP_ANSWER,   /* a request for an address that this node holds */
	ARP_CONFLICT, /* another host claims an address that this node holds */
};

/* What the receiver knows about a received frame. */
struct arp_host {
	struct mac mac;    /* of the link that received the frame */
	bool from_us;      /* the sender is a link of this node: an echo, or a loop in the LAN */
	bool holds_sender; /* this node holds the frame's sender address on that link */
	bool holds_target; /* this node holds the frame's target address on that link */
};

/*
 * arp_judge - decide what to do about @arp.
 *
 * A node answers requests, and probes (sender 0.0.0.0), that were broadcast or sent to the link's
 * own MAC.  A frame from another MAC with a sender address that this node holds is a conflict (RFC
 * 5227 2.4), be it a request or a reply.
 */
enum arp_verdict arp_judge(const struct arp *arp, const struct arp_host *host);

#endif
