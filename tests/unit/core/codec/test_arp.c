/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arp.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define OURS  { { 0x02, 0, 0, 0, 0, 0x01 } }
#define PEER  { { 0x02, 0, 0, 0, 0, 0x02 } }
#define OTHER { { 0x02, 0, 0, 0, 0, 0x03 } }
#define ALL   { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } }
#define ZERO  { { 0 } }
#define VIP   { IPV4, { 10, 0, 0, 9 } }
#define HOST  { IPV4, { 10, 0, 0, 2 } }
#define NOONE { IPV4, { 0 } }

/* An ARP request of the host 10.0.0.2 for 10.0.0.9, without padding. */
static const uint8_t request[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 0x02, 0x08, 0x06, /* Ethernet */
	0, 1, 0x08, 0, 6, 4, 0, 1,                                              /* ARP header */
	0x02, 0, 0, 0, 0, 0x02, 10, 0, 0, 2,                                    /* sender */
	0, 0, 0, 0, 0, 0, 10, 0, 0, 9,                                          /* target */
};

static const struct parse_case {
	const char *name;
	size_t at;     /* the test changes the byte of the request at this index */
	uint8_t to;    /* new value of this byte */
	size_t len;    /* 0: all 42 bytes */
	bool bad;
} parses[] = {
	{ "a request is parsed", 0, 0xff },
	{ "padding and trailing bytes are ignored", 0, 0xff, 60 },
	{ "trailing bytes of a jumbo frame are ignored", 0, 0xff, 2048 },
	{ "a reply is parsed", 21, 2 },
	{ "a frame that ends early is refused", 0, 0xff, 41, true },
	{ "an empty frame is refused", 0, 0xff, SIZE_MAX, true },
	{ "an Ethernet header alone is refused", 0, 0xff, 14, true },
	{ "a VLAN tag (0x8100) is refused", 12, 0x81, 0, true },
	{ "an IPv4 packet is refused", 13, 0x00, 0, true },
	{ "token ring is refused", 15, 6, 0, true },
	{ "a hardware type over 255 is refused", 14, 1, 0, true },
	{ "IPv6 inside ARP is refused", 16, 0x86, 0, true },
	{ "long hardware addresses are refused", 18, 8, 0, true },
	{ "long protocol addresses are refused", 19, 16, 0, true },
	{ "operation 0 is refused", 21, 0, 0, true },
	{ "reverse ARP is refused", 21, 3, 0, true },
	{ "an operation over 255 is refused", 20, 1, 0, true },
};

static void
check_parse(void **state)
{
	const struct parse_case *c = *state;
	static const struct arp want = { ARP_REQUEST, ALL, PEER, PEER, HOST, ZERO, VIP };
	uint8_t frame[2048] = { 0 };
	struct arp arp, before;
	size_t len = c->len == SIZE_MAX ? 0 : c->len ? c->len : sizeof(request);
	int rc;

	memcpy(frame, request, sizeof(request));
	frame[c->at] = c->to;
	memset(&arp, 0x5a, sizeof(arp));
	before = arp;
	rc = arp_parse(frame, len, &arp);
	if (c->bad) {
		assert_true(rc < 0);
		assert_memory_equal(&arp, &before, sizeof(arp));
		return;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(arp.op, frame[21]);
	assert_true(mac_equal(&arp.ether_dst, &want.ether_dst));
	assert_true(mac_equal(&arp.ether_src, &want.ether_src));
	assert_true(mac_equal(&arp.sender_mac, &want.sender_mac));
	assert_true(mac_equal(&arp.target_mac, &want.target_mac));
	assert_true(ip_equal(&arp.sender_ip, &want.sender_ip));
	assert_true(ip_equal(&arp.target_ip, &want.target_ip));
}

static const struct build_case {
	const char *name;
	enum arp_notice kind; /* frame to build; ARP_NOTICES: the reply to the request above */
	const char *want;     /* the frame before its padding, in hexadecimal */
} builds[] = {
	{ "a gratuitous request has the VIP twice", ARP_GRATUITOUS_REQUEST,
	    "ffffffffffff" "020000000001" "0806" "0001080006040001"
	    "020000000001" "0a000009" "ffffffffffff" "0a000009" },
	{ "a gratuitous reply has the VIP twice", ARP_GRATUITOUS_REPLY,
	    "ffffffffffff" "020000000001" "0806" "0001080006040002"
	    "020000000001" "0a000009" "ffffffffffff" "0a000009" },
	{ "a probe has no sender address", ARP_PROBE,
	    "ffffffffffff" "020000000001" "0806" "0001080006040001"
	    "020000000001" "00000000" "000000000000" "0a000009" },
	{ "an announcement has zeros as target MAC", ARP_ANNOUNCEMENT,
	    "ffffffffffff" "020000000001" "0806" "0001080006040001"
	    "020000000001" "0a000009" "000000000000" "0a000009" },
	{ "an answer is sent to the sender of the request", ARP_NOTICES,
	    "020000000002" "020000000001" "0806" "0001080006040002"
	    "020000000001" "0a000009" "020000000002" "0a000002" },
};

static void
check_build(void **state)
{
	static const uint8_t zeros[ARP_FRAME_LEN - sizeof(request)] = { 0 };
	const struct build_case *c = *state;
	const struct mac ours = OURS;
	const struct ip vip = VIP;
	uint8_t frame[ARP_FRAME_LEN];
	char text[2 * sizeof(request) + 1];
	struct arp arp, again;

	assert_int_equal(arp_parse(request, sizeof(request), &arp), 0);
	arp = c->kind == ARP_NOTICES ? arp_answer(&arp, &ours) : arp_notice(c->kind, &ours, &vip);
	memset(frame, 0xee, sizeof(frame));
	arp_build(&arp, frame);
	for (size_t i = 0; i < sizeof(request); i++)
		snprintf(text + 2 * i, 3, "%02x", frame[i]);
	assert_string_equal(text, c->want);
	assert_memory_equal(frame + sizeof(request), zeros, sizeof(zeros));
	assert_int_equal(arp_parse(frame, sizeof(frame), &again), 0);
	assert_true(mac_equal(&again.ether_dst, &arp.ether_dst));
}

static const struct judge_case {
	const char *name;
	struct arp arp;
	bool holds_sender, holds_target, from_us;
	enum arp_verdict want;
} judges[] = {
	{ "a request for the VIP is answered",
	    { ARP_REQUEST, ALL, PEER, PEER, HOST, ZERO, VIP }, false, true, false, ARP_ANSWER },
	{ "a probe for the VIP is answered",
	    { ARP_REQUEST, ALL, PEER, PEER, NOONE, ZERO, VIP }, false, true, false, ARP_ANSWER },
	{ "a unicast request, which refreshes a cache entry, is answered",
	    { ARP_REQUEST, OURS, PEER, PEER, HOST, OURS, VIP }, false, true, false, ARP_ANSWER },
	{ "a request to another host's MAC, flooded by a switch, is ignored",
	    { ARP_REQUEST, OTHER, PEER, PEER, HOST, ZERO, VIP }, false, true, false, ARP_IGNORE },
	{ "a request for an address that this node does not hold is ignored",
	    { ARP_REQUEST, ALL, PEER, PEER, HOST, ZERO, VIP }, false, false, false, ARP_IGNORE },
	{ "a reply for the VIP is ignored",
	    { ARP_REPLY, OURS, PEER, PEER, HOST, OURS, VIP }, false, true, false, ARP_IGNORE },
	{ "a gratuitous request of another host is a conflict",
	    { ARP_REQUEST, ALL, PEER, PEER, VIP, ALL, VIP }, true, true, false, ARP_CONFLICT },
	{ "a gratuitous reply of another host is a conflict",
	    { ARP_REPLY, ALL, PEER, PEER, VIP, ALL, VIP }, true, true, false, ARP_CONFLICT },
	{ "a request from the VIP for another address is a conflict",
	    { ARP_REQUEST, ALL, PEER, PEER, VIP, ZERO, HOST  }, true, false, false, ARP_CONFLICT },
	{ "a reply from the VIP to another host is a conflict",
	    { ARP_REPLY, OTHER, PEER, PEER, VIP, OTHER, HOST  }, true, false, false, ARP_CONFLICT },
	{ "a request from one VIP for another VIP is a conflict, and not answered",
	    { ARP_REQUEST, ALL, PEER, PEER, VIP, ZERO, HOST  }, true, true, false, ARP_CONFLICT },
	{ "our own frame, echoed by a bridge, is ignored",
	    { ARP_REQUEST, ALL, OURS, OURS, VIP, ALL, VIP }, true, true, true, ARP_IGNORE },
	{ "a request of our own kernel on another link is ignored",
	    { ARP_REQUEST, ALL, OURS, OURS, HOST, ZERO, VIP }, false, true, true, ARP_IGNORE },
	{ "a request from a group MAC is ignored",
	    { ARP_REQUEST, ALL, PEER, ALL, HOST, ZERO, VIP }, false, true, false, ARP_IGNORE },
	{ "a request from a zero MAC is ignored",
	    { ARP_REQUEST, ALL, PEER, ZERO, HOST, ZERO, VIP }, false, true,
	    false, ARP_IGNORE },
	{ "a claim from a group MAC is ignored",
	    { ARP_REPLY, ALL, PEER, ALL, VIP, ALL, VIP }, true, true, false, ARP_IGNORE },
};

static void
check_judge(void **state)
{
	const struct judge_case *c = *state;
	const struct arp_host host = { OURS, c->from_us, c->holds_sender, c->holds_target };

	assert_int_equal(arp_judge(&c->arp, &host), c->want);
}

int
main(void)
{
	return UNIT_TABLE("parse", parses, check_parse) + UNIT_TABLE("build", builds, check_build) +
	    UNIT_TABLE("judge", judges, check_judge);
}
