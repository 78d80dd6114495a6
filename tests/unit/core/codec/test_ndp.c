/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/ndp.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define OURS  { { 0x02, 0, 0, 0, 0, 0x01 } }
#define PEER  { { 0x02, 0, 0, 0, 0, 0x02 } }
#define OTHER { { 0x02, 0, 0, 0, 0, 0x03 } }
#define GROUP { { 0x33, 0x33, 0xff, 0, 0, 0x09 } }
#define ALL   { { 0x33, 0x33, 0, 0, 0, 0x01 } }
#define ZERO  { { 0 } }

#define VIP       { IPV6, { 0xfd, [15] = 9 } }             /* fd00::9 */
#define HOST      { IPV6, { 0xfd, [15] = 2 } }             /* fd00::2 */
#define OWN       { IPV6, { 0xfe, 0x80, [15] = 1 } }       /* fe80::1 */
#define NOONE     { IPV6, { 0 } }
#define VIP_GROUP { IPV6, { 0xff, 0x02, [11] = 1, 0xff, 0, 0, 9 } }
#define ALL_NODES { IPV6, { 0xff, 0x02, [15] = 1 } }

/* A neighbor solicitation (NS) of the host fd00::2 for fd00::9, as Linux sends it. */
static const uint8_t solicitation[86] = {
	0x33, 0x33, 0xff, 0, 0, 9, 2, 0, 0, 0, 0, 2, 0x86, 0xdd,     /* Ethernet */
	0x60, 0, 0, 0, 0, 32, 58, 255,                               /* IPv6 */
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,           /* from */
	0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 9,        /* to */
	135, 0, 0x7d, 0x87, 0, 0, 0, 0,                              /* ICMPv6 */
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,           /* target */
	1, 1, 2, 0, 0, 0, 0, 2,                                      /* the source's MAC */
};

enum {
	AT_VERSION = 14,
	AT_LENGTH = 19,
	AT_NEXT = 20,
	AT_HOPS = 21,
	AT_SRC = 22,
	AT_DST = 38,
	AT_TYPE = 54,
	AT_CODE = 55,
	AT_SUM = 56,
	AT_FLAGS = 58,
	AT_TARGET = 62,
	AT_OPTION = 78,
};

/* Writes the right checksum.  Unlike ndp.c, this function adds words of 16 bits. */
static void
sum_up(uint8_t *frame)
{
	size_t len = frame[AT_LENGTH] + 256u * frame[AT_LENGTH - 1];
	unsigned long sum = len + 58;

	frame[AT_SUM] = frame[AT_SUM + 1] = 0;
	if (len % 2)
		return; /* in these tests, messages of odd length are invalid anyway */
	for (size_t i = AT_SRC; i < AT_TYPE + len; i += 2)
		sum += 256ul * frame[i] + frame[i + 1];
	sum = ~(sum % 65535) & 65535;
	frame[AT_SUM] = (uint8_t)(sum >> 8);
	frame[AT_SUM + 1] = (uint8_t)sum;
}

#define LEN(n)    { AT_LENGTH, n }
#define CUT(n)    .len = 14 + 40 + (n)
#define UNASKED   { AT_SRC, 0 }, { AT_SRC + 15, 0 }
#define AN_ANSWER { AT_TYPE, 136 }, { AT_OPTION, 2 }
#define TO_ONE    { AT_DST, 0xfd }, { AT_DST + 1, 0 }, { AT_DST + 11, 0 }, { AT_DST + 12, 0 }

static const struct parse_case {
	const char *name;
	struct {
		uint8_t at, to;
	} changes[12]; /* changed bytes of the NS; the test then writes the right checksum */
	size_t len; /* 0: all 86 bytes */
	bool bad;
	bool no_mac;
	bool keep_sum;
} parses[] = {
	{ "a solicitation is parsed", .keep_sum = true },
	{ "a wrong checksum is refused", { { AT_SUM, 0x7c } }, .keep_sum = true, .bad = true },
	{ "a changed target is refused", { { AT_TARGET + 15, 8 } }, .keep_sum = true,
	    .bad = true },
	{ "a changed source is refused", { { AT_SRC + 15, 8 } }, .keep_sum = true,
	    .bad = true },
	{ "trailing bytes are ignored", .len = 1514 },
	{ "a solicitation without the option is parsed", { LEN(24) }, CUT(24), .no_mac = true },
	{ "an option that is cut is refused", { LEN(31) }, CUT(31), .bad = true },
	{ "an option that is cut after its first byte is refused",
	    { LEN(26) }, CUT(26), .bad = true },
	{ "an option that is longer than the message is refused",
	    { { AT_OPTION + 1, 2 } }, .bad = true },
	{ "the longest option without its value is refused", { { AT_OPTION + 1, 255 } },
	    .bad = true },
	{ "an option of length 0 is refused", { { AT_OPTION + 1, 0 } }, .bad = true },
	{ "another option is skipped", { { AT_OPTION, 14 } }, .no_mac = true },
	{ "another option of length 0 is refused",
	    { { AT_OPTION, 14 }, { AT_OPTION + 1, 0 } }, .bad = true },
	{ "the option after another option is read",
	    { { AT_OPTION, 14 }, LEN(40), { 86, 1 }, { 87, 1 }, { 88, 2 }, { 93, 2 } }, CUT(40) },
	{ "of two options the first is used",
	    { LEN(40), { 86, 1 }, { 87, 1 }, { 88, 2 }, { 93, 3 } }, CUT(40) },
	{ "a MAC that is longer than Ethernet's is refused",
	    { LEN(40), { AT_OPTION + 1, 2 } }, CUT(40), .bad = true },
	{ "the target's MAC in a solicitation is skipped", { { AT_OPTION, 2 } }, .no_mac = true },
	{ "a probe is parsed", { UNASKED, LEN(24) }, CUT(24), .no_mac = true },
	{ "a probe with the option is refused", { UNASKED }, .bad = true },
	{ "a probe to another group is refused", { UNASKED, LEN(24), { AT_DST + 15, 8 } }, CUT(24),
	    .bad = true },
	{ "a message that ends early is refused", { LEN(23) }, CUT(23), .bad = true },
	{ "a packet that is longer than the frame is refused", { LEN(40) }, .bad = true },
	{ "an empty frame is refused", .len = SIZE_MAX, .bad = true },
	{ "headers alone are refused", { LEN(0) }, CUT(0), .bad = true },
	{ "a VLAN tag (0x8100) is refused", { { 12, 0x81 }, { 13, 0 } }, .bad = true },
	{ "IPv4", { { 12, 8 }, { 13, 0 } }, .bad = true },
	{ "another IP version is refused", { { AT_VERSION, 0x40 } }, .bad = true },
	{ "class and flow label are ignored", { { AT_VERSION, 0x6e }, { 15, 0xff } } },
	{ "a forwarded packet is refused", { { AT_HOPS, 254 } }, .bad = true },
	{ "an extension header is refused", { { AT_NEXT, 0 } }, .bad = true },
	{ "a code other than 0 is refused", { { AT_CODE, 1 } }, .bad = true },
	{ "a router advertisement is refused", { { AT_TYPE, 134 } }, .bad = true },
	{ "a redirect is refused", { { AT_TYPE, 137 } }, .bad = true },
	{ "reserved bits are ignored", { { AT_FLAGS, 0xff }, { AT_FLAGS + 3, 0xff } } },
	{ "a group as the target is refused", { { AT_TARGET, 0xff } }, .bad = true },
	{ "a group as the source is refused", { { AT_SRC, 0xff } }, .bad = true },
	{ "an advertisement is parsed", { AN_ANSWER, { AT_FLAGS, 0x20 } } },
	{ "an answer is parsed", { AN_ANSWER, TO_ONE, { AT_FLAGS, 0x60 } } },
	{ "an advertisement without the option is parsed", { { AT_TYPE, 136 }, LEN(24) }, CUT(24),
	    .no_mac = true },
	{ "the source's MAC in an advertisement is skipped", { { AT_TYPE, 136 } },
	    .no_mac = true },
	{ "a solicited advertisement to a group is refused",
	    { AN_ANSWER, { AT_FLAGS, 0x60 } }, .bad = true },
	{ "an advertisement from :: is refused", { AN_ANSWER, UNASKED }, .bad = true },
};

static void
check_parsed(const uint8_t *frame, const struct ndp *ndp, bool no_mac)
{
	const struct mac peer = PEER;
	uint8_t flags = frame[AT_TYPE] == NDP_ADVERTISEMENT ? frame[AT_FLAGS] & 0xe0 : 0;

	assert_int_equal(ndp->type, frame[AT_TYPE]);
	assert_int_equal(ndp->flags, flags);
	assert_memory_equal(ndp->ether_dst.b, frame, 6);
	assert_memory_equal(ndp->ether_src.b, frame + 6, 6);
	assert_memory_equal(ndp->src.b, frame + AT_SRC, 16);
	assert_memory_equal(ndp->dst.b, frame + AT_DST, 16);
	assert_memory_equal(ndp->target.b, frame + AT_TARGET, 16);
	assert_int_equal(ndp->has_mac, !no_mac);
	if (!no_mac)
		assert_true(mac_equal(&ndp->mac, &peer));
}

static void
check_parse(void **state)
{
	const struct parse_case *c = *state;
	uint8_t frame[2048] = { 0 };
	struct ndp ndp, before;
	size_t len = c->len == SIZE_MAX ? 0 : c->len ? c->len : sizeof(solicitation);
	int rc;

	memcpy(frame, solicitation, sizeof(solicitation));
	for (size_t i = 0; c->changes[i].at; i++)
		frame[c->changes[i].at] = c->changes[i].to;
	if (!c->keep_sum)
		sum_up(frame);
	memset(&ndp, 0x5a, sizeof(ndp));
	before = ndp;
	rc = ndp_parse(frame, len, &ndp);
	if (c->bad) {
		assert_true(rc < 0);
		assert_memory_equal(&ndp, &before, sizeof(ndp));
		return;
	}
	assert_int_equal(rc, 0);
	check_parsed(frame, &ndp, c->no_mac);
}

static const struct build_case {
	const char *name;
	struct ip from; /* source of the NS that is answered; family 0: the NA is unsolicited */
	bool no_mac;    /* the NS has no Source Link-Layer Address option */
	const char *want;
} builds[] = {
	{ "a notice to all nodes overrides, and is unsolicited", { 0 }, false,
	    "333300000001" "020000000001" "86dd" "6000000000203aff"
	    "fe800000000000000000000000000001" "ff020000000000000000000000000001"
	    "8800" "5913" "20000000" "fd000000000000000000000000000009" "0201020000000001" },
	{ "an answer to the source overrides, and is solicited", HOST, false,
	    "020000000002" "020000000001" "86dd" "6000000000203aff"
	    "fe800000000000000000000000000001" "fd000000000000000000000000000002"
	    "8800" "1b14" "60000000" "fd000000000000000000000000000009" "0201020000000001" },
	{ "an answer to a solicitation without the option is sent to its Ethernet source",
	    HOST, true,
	    "020000000003" "020000000001" "86dd" "6000000000203aff"
	    "fe800000000000000000000000000001" "fd000000000000000000000000000002"
	    "8800" "1b14" "60000000" "fd000000000000000000000000000009" "0201020000000001" },
	{ "an answer to a probe is unsolicited, to all nodes", NOONE, true,
	    "333300000001" "020000000001" "86dd" "6000000000203aff"
	    "fe800000000000000000000000000001" "ff020000000000000000000000000001"
	    "8800" "5913" "20000000" "fd000000000000000000000000000009" "0201020000000001" },
};

static void
check_build(void **state)
{
	const struct build_case *c = *state;
	const struct mac ours = OURS;
	const struct ip vip = VIP, own = OWN;
	const struct ndp asked = { NDP_SOLICITATION, 0, GROUP, OTHER, c->from, VIP_GROUP, VIP,
		!c->no_mac, PEER };
	uint8_t frame[NDP_FRAME_MAX], summed[NDP_FRAME_MAX];
	char text[2 * sizeof(frame) + 1];
	struct ndp ndp, again;

	ndp = c->from.family ? ndp_answer(&asked, &ours, &own) : ndp_notice(&ours, &own, &vip);
	memset(frame, 0xee, sizeof(frame));
	assert_int_equal(ndp_build(&ndp, frame), sizeof(frame));
	for (size_t i = 0; i < sizeof(frame); i++)
		snprintf(text + 2 * i, 3, "%02x", frame[i]);
	assert_string_equal(text, c->want);
	memcpy(summed, frame, sizeof(frame));
	sum_up(summed);
	assert_memory_equal(frame, summed, sizeof(frame));
	assert_int_equal(ndp_parse(frame, sizeof(frame), &again), 0);
	assert_memory_equal(&again.mac, &ndp.mac, sizeof(ndp.mac));
}

static void
test_a_solicitation_is_built_as_it_was_parsed(void **state)
{
	uint8_t frame[NDP_FRAME_MAX];
	struct ndp ndp;

	(void)state;
	assert_int_equal(ndp_parse(solicitation, sizeof(solicitation), &ndp), 0);
	assert_int_equal(ndp_build(&ndp, frame), sizeof(frame));
	assert_memory_equal(frame, solicitation, sizeof(frame));
	ndp.has_mac = false;
	assert_int_equal(ndp_build(&ndp, frame), 78);
	assert_int_equal(ndp_parse(frame, 78, &ndp), 0);
}

static void
test_the_group_has_the_last_three_bytes(void **state)
{
	const struct ip ip = { IPV6, { 0xfd, [12] = 0xaa, 0xbb, 0xcc, 0xdd } };
	char text[IP_TEXT_MAX];
	struct ip group = ndp_group(&ip);

	(void)state;
	assert_string_equal(ip_format(&group, text), "ff02::1:ffbb:ccdd");
}

#define ASK(to, from, has_mac, mac)                                                       \
	{                                                                                 \
		NDP_SOLICITATION, 0, to, PEER, from, VIP_GROUP, VIP, has_mac, mac         \
	}
#define TELL(to, from_mac, flags, has_mac, mac)                                           \
	{                                                                                 \
		NDP_ADVERTISEMENT, flags, to, from_mac, HOST, ALL_NODES, VIP, has_mac, mac \
	}

static const struct judge_case {
	const char *name;
	struct ndp ndp;
	bool holds_target, from_us;
	enum ndp_verdict want;
} judges[] = {
	{ "a solicitation for the VIP is answered", ASK(GROUP, HOST, true, PEER), true, false,
	    NDP_ANSWER },
	{ "a solicitation without the option is answered",
	    ASK(GROUP, HOST, false, ZERO), true, false, NDP_ANSWER },
	{ "a unicast solicitation, which refreshes a cache entry, is answered",
	    ASK(OURS, HOST, true, PEER), true,
	    false, NDP_ANSWER },
	{ "a unicast solicitation without the option is answered",
	    ASK(OURS, HOST, false, ZERO), true, false, NDP_ANSWER },
	{ "a probe is answered", ASK(GROUP, NOONE, false, ZERO), true, false,
	    NDP_ANSWER },
	{ "a solicitation to another host's MAC, flooded by a switch, is ignored",
	    ASK(OTHER, HOST, true, PEER), true, false, NDP_IGNORE },
	{ "a solicitation for an address that this node does not hold is ignored",
	    ASK(GROUP, HOST, true, PEER), false,
	    false, NDP_IGNORE },
	{ "a solicitation of our own kernel on another link is ignored",
	    ASK(GROUP, HOST, true, PEER), true, true, NDP_IGNORE },
	{ "a solicitation from a group MAC is ignored", ASK(GROUP, HOST, true, ALL), true, false,
	    NDP_IGNORE },
	{ "a solicitation from a zero MAC is ignored",
	    ASK(GROUP, HOST, true, ZERO), true, false, NDP_IGNORE },
	{ "an advertisement of another host is a conflict",
	    TELL(ALL, PEER, NDP_OVERRIDE, true, PEER), true, false,
	    NDP_CONFLICT },
	{ "an advertisement without the option is a conflict",
	    TELL(ALL, PEER, 0, false, ZERO), true, false, NDP_CONFLICT },
	{ "an answer of another host to a third host is a conflict",
	    TELL(OTHER, PEER, NDP_SOLICITED, true, PEER), true, false, NDP_CONFLICT },
	{ "an advertisement for an address that this node does not hold is ignored",
	    TELL(ALL, PEER, NDP_OVERRIDE, true, PEER),
	    false, false, NDP_IGNORE },
	{ "our own notice, echoed by a bridge, is ignored",
	    TELL(ALL, OURS, NDP_OVERRIDE, true, OURS), true,
	    true, NDP_IGNORE },
	{ "an advertisement from a group MAC is ignored",
	    TELL(ALL, PEER, NDP_OVERRIDE, true, ALL), true,
	    false, NDP_IGNORE },
};

static void
check_judge(void **state)
{
	const struct judge_case *c = *state;
	const struct ndp_host host = { OURS, c->from_us, c->holds_target };

	assert_int_equal(ndp_judge(&c->ndp, &host), c->want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_solicitation_is_built_as_it_was_parsed),
		cmocka_unit_test(test_the_group_has_the_last_three_bytes),
	};

	return UNIT_TABLE("parse", parses, check_parse) + UNIT_TABLE("build", builds, check_build) +
	    UNIT_TABLE("judge", judges, check_judge) +
	    cmocka_run_group_tests_name("ndp", tests, NULL, NULL);
}
