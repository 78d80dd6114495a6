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

#define ARP_FRAME_LEN 60 /* length of the shortest Ethernet frame, without its checksum */

struct arp {
	enum arp_op op;
	struct mac ether_dst, ether_src;
	struct mac sender_mac;
	struct ip sender_ip;
	struct mac target_mac;
	struct ip target_ip;
};

/*
 * arp_parse - decode an Ethernet frame with an ARP message; padding and trailing bytes are ignored.
 *
 * -EBADMSG: the frame is no ARP request or reply for IPv4 over Ethernet, or it has a VLAN tag.  A
 * frame with a VLAN tag is for another interface: the interface of the VLAN.
 */
int arp_parse(const uint8_t *frame, size_t len, struct arp *ret_arp)
    __attribute__((warn_unused_result));

/* arp_build - write the frame of @arp, padded to ARP_FRAME_LEN. */
void arp_build(const struct arp *arp, uint8_t frame[ARP_FRAME_LEN]);

/* ARP broadcasts that a node sends on its own, not as an answer to a request. */
enum arp_notice {
	ARP_GRATUITOUS_REQUEST, /* updates the ARP caches of hosts that learn from requests */
	ARP_GRATUITOUS_REPLY,   /* updates the ARP caches of hosts that learn only from replies */
	ARP_PROBE,              /* asks whether a host uses the address; claims nothing */
	ARP_ANNOUNCEMENT,       /* claims the address (RFC 5227 2.3) */
	ARP_NOTICES
};

/* arp_notice - build the ARP broadcast @kind for the IPv4 address @ip; @mac is the sender's MAC. */
struct arp arp_notice(enum arp_notice kind, const struct mac *mac, const struct ip *ip);

/* arp_answer - build the ARP reply that maps the target address of @request to @mac. */
struct arp arp_answer(const struct arp *request, const struct mac *mac);

enum arp_verdict {
	ARP_IGNORE,
	ARP_ANSWER,   /* answer: the frame requests an address that this node holds */
	ARP_CONFLICT, /* conflict: another host claims an address that this node holds */
};

/* What this node knows about a received frame. */
struct arp_host {
	struct mac mac;    /* MAC of the link that received the frame */
	bool from_us;      /* this node sent the frame: an echo, or a loop in the LAN */
	bool holds_sender; /* this node holds the frame's sender address on that link */
	bool holds_target; /* this node holds the frame's target address on that link */
};

/*
 * arp_judge - decide whether this node answers @arp, ignores it, or treats it as a conflict.
 *
 * A node answers requests and probes (sender 0.0.0.0) that were broadcast, or sent to the link's
 * own MAC.  An ARP request or reply is a conflict if this node holds the sender address of the
 * frame, but the sender MAC belongs to another host (RFC 5227 2.4).
 */
enum arp_verdict arp_judge(const struct arp *arp, const struct arp_host *host);

#endif
