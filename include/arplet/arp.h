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

#define ARP_FRAME_LEN 60 /* the shortest Ethernet frame without its checksum */

struct arp {
	enum arp_op op;
	struct mac ether_dst, ether_src;
	struct mac sender_mac;
	struct ip sender_ip;
	struct mac target_mac;
	struct ip target_ip;
};

/*
 * arp_parse - decode an Ethernet frame.  Padding and trailing bytes are fine.  -EBADMSG when it
 * is anything but an ARP request or reply for IPv4 over Ethernet, or when it is VLAN tagged: a
 * tagged frame belongs to the VLAN's own interface.
 */
int arp_parse(const uint8_t *frame, size_t len, struct arp *ret_arp)
    __attribute__((warn_unused_result));

/* arp_build - the frame of @arp, padded to ARP_FRAME_LEN. */
void arp_build(const struct arp *arp, uint8_t frame[ARP_FRAME_LEN]);

/* What a host says about an address of its own accord, to everyone. */
enum arp_notice {
	ARP_GRATUITOUS_REQUEST, /* "VIP is at MAC": updates caches that listen to requests */
	ARP_GRATUITOUS_REPLY,   /* the same, for hosts that listen to replies alone */
	ARP_PROBE,              /* RFC 5227 2.1.1: does anyone use it?  Claims nothing */
	ARP_ANNOUNCEMENT,       /* RFC 5227 2.3: I use it now */
	ARP_NOTICES
};

/* arp_notice - the broadcast of @kind for @ip (IPv4) from the interface with @mac. */
struct arp arp_notice(enum arp_notice kind, const struct mac *mac, const struct ip *ip);

/* arp_answer - the reply to @request: @mac has its target; it goes to the sender inside. */
struct arp arp_answer(const struct arp *request, const struct mac *mac);

enum arp_verdict {
	ARP_IGNORE,
	ARP_ANSWER,   /* a request for an address that we hold */
	ARP_CONFLICT, /* another host claims an address that we hold */
};

/* What the receiver knows about a frame that came in. */
struct arp_host {
	struct mac mac;    /* of the link that it came in on */
	bool from_us;      /* its sender is one of our own links: an echo, or a loop in the LAN */
	bool holds_sender; /* we hold its sender address on that link */
	bool holds_target; /* we hold its target address there */
};

/*
 * arp_judge - what to do about @arp.
 *
 * A request is answered when it was broadcast or sent to the link's own MAC, a probe (sender
 * 0.0.0.0) too; a reply never is.  Any frame whose sender claims an address that we hold, from
 * another MAC, is a conflict (RFC 5227 2.4), whatever it asks.
 */
enum arp_verdict arp_judge(const struct arp *arp, const struct arp_host *host);

#endif
