/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arp.h"
#include "arplet/hello.h"
#include "arplet/ndp.h"
#include "net/bpf.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The kernel runs the programs: the filter is attached to pair[0], and the kernel silently drops
 * frames from pair[1] that do not pass it.
 */
static int pair[2];

static void
attach(size_t (*make)(int ifindex, const struct ip *ips, size_t n, struct sock_filter *ret_prog),
    const struct ip *ips, size_t n, size_t *ret_len)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };

	*ret_len = make(0, ips, n, prog); /* 0: frames of a socketpair have no interface */
	assert_in_range(*ret_len, 1, BPF_ROOM);
	fprog.len = (unsigned short)*ret_len;
	if (setsockopt(pair[0], SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0)
		fail_msg("the kernel rejects the program: %s", strerror(errno));
}

static bool
passes(const uint8_t *frame, size_t len)
{
	uint8_t buf[2048];

	assert_int_equal(send(pair[1], frame, len, 0), len);
	return recv(pair[0], buf, sizeof(buf), MSG_DONTWAIT) >= 0;
}

static bool
arp_passes(struct ip sender, struct ip target)
{
	const struct mac mac = { { 2 } };
	struct arp arp = arp_notice(ARP_PROBE, &mac, &target);
	uint8_t frame[ARP_FRAME_LEN];

	arp.sender_ip = sender;
	arp_build(&arp, frame);
	return passes(frame, sizeof(frame));
}

static struct ip
ip_of(uint32_t value)
{
	return (struct ip){ IPV4,
		{ (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
		    (uint8_t)value } };
}

#define OURS   0x0a000009 /* 10.0.0.9 */
#define OTHERS 0x0a000001
#define NOBODY 0

static const struct frame_case {
	const char *name;
	uint32_t sender, target;
	size_t at; /* offset of the byte in the frame that the test changes to @to */
	int to;    /* 0: no byte is changed */
	bool want;
	size_t len; /* length of the frame in bytes; 0: 60 */
} frames[] = {
	{ "a request for our address passes", OTHERS, OURS, 0, 0, true },
	{ "a probe for our address passes", NOBODY, OURS, 0, 0, true },
	{ "a request from a host that also has our address passes", OURS, OTHERS, 0, 0, true },
	{ "a claim of our address passes", OURS, OURS, 0, 0, true },
	{ "a request for another address is dropped", OTHERS, OTHERS, 0, 0, false },
	{ "a request for the address before ours is dropped", OTHERS, OURS - 1, 0, 0, false },
	{ "a request for the address after ours is dropped", OTHERS, OURS + 1, 0, 0, false },
	{ "a request for 0.0.0.0 is dropped", NOBODY, NOBODY, 0, 0, false },
	{ "a reply passes", OTHERS, OURS, 21, 2, true },
	{ "an IPv4 packet is dropped", OTHERS, OURS, 13, 1, false },
	{ "a frame with a VLAN tag is dropped", OTHERS, OURS, 12, 0x81, false },
	{ "a frame with another hardware type is dropped", OTHERS, OURS, 15, 6, false },
	{ "a frame with another protocol type is dropped", OTHERS, OURS, 16, 0x86, false },
	{ "a frame with another address length is dropped", OTHERS, OURS, 19, 16, false },
	{ "a frame without padding passes", OTHERS, OURS, 0, 0, true, 42 },
	{ "a frame that ends within the target is dropped", OTHERS, OURS, 0, 0, false, 41 },
};

static void
check_frame(void **state)
{
	const struct frame_case *c = *state;
	const struct ip ours = ip_of(OURS), target = ip_of(c->target);
	const struct mac mac = { { 2 } };
	struct arp arp = arp_notice(ARP_PROBE, &mac, &target);
	uint8_t frame[ARP_FRAME_LEN];
	size_t len;

	attach(bpf_arp_filter, &ours, 1, &len);
	arp.sender_ip = ip_of(c->sender);
	arp_build(&arp, frame);
	if (c->to)
		frame[c->at] = (uint8_t)c->to;
	assert_int_equal(passes(frame, c->len ? c->len : sizeof(frame)), c->want);
}

/*
 * A filter for @n addresses in runs of @run consecutive addresses.  The first address of each run
 * is random: it is 10.0.0.0 plus less than @span.
 */
static const struct set_case {
	const char *name;
	size_t n, run;
	uint32_t span;
	size_t max_len; /* limit for the number of instructions of the filter */
	bool exact;     /* no frame about another address passes */
} sets[] = {
	{ "without addresses no frame passes", 0, 1, 1, 32, true },
	{ "the filter for one address is exact", 1, 1, 1u << 16, 32, true },
	{ "the filter for two addresses is exact", 2, 1, 1u << 16, 32, true },
	{ "the filter for 16 addresses has one leaf", 16, 1, 1u << 16, 64, true },
	{ "the filter for 17 addresses has two leaves", 17, 1, 1u << 16, 80, true },
	{ "the filter for 300 scattered addresses is exact", 300, 1, UINT32_MAX, BPF_ROOM, true },
	{ "the filter for 300 dense addresses is exact", 300, 1, 600, BPF_ROOM, true },
	{ "the filter for 1,000 addresses in runs is exact", 1000, 7, UINT32_MAX, BPF_ROOM, true },
	{ "the filter for 1,000 consecutive addresses is as short as for one",
	    1000, 1000, 1024, 32, true },
	{ "the filter for 1,000 scattered addresses misses none of them",
	    1000, 1, UINT32_MAX, BPF_ROOM,
	    false },
	{ "the filter for 10,000 addresses misses none of them", 10000, 1, UINT32_MAX, BPF_ROOM,
	    false },
};

static uint32_t
random_u32(void)
{
	return (uint32_t)mrand48();
}

static int
cmp_ip(const void *a, const void *b)
{
	return ip_cmp(a, b);
}

static bool
contains(const struct ip *ips, size_t n, struct ip ip)
{
	return n && bsearch(&ip, ips, n, sizeof(ip), cmp_ip);
}

static void
check_set(void **state)
{
	const struct set_case *c = *state;
	static struct ip ips[10000];
	const struct ip others = ip_of(1); /* 0.0.0.1 is in no set */
	size_t len, passed = 0;
	uint32_t value = 0;

	srand48(4711);
	for (size_t i = 0; i < c->n; i++) {
		value = i % c->run ? value + 1 : 0x0a000000 + random_u32() % c->span;
		ips[i] = ip_of(value);
	}
	qsort(ips, c->n, sizeof(ips[0]), cmp_ip);
	attach(bpf_arp_filter, ips, c->n, &len);
	assert_in_range(len, 1, c->max_len);
	for (size_t i = 0; i < c->n; i++) {
		assert_true(arp_passes(others, ips[i]));
		assert_true(arp_passes(ips[i], others));
	}
	for (size_t i = 0; i < 2000; i++) {
		struct ip ip = ip_of(random_u32());

		if (c->n && i % 2) { /* an address adjacent to an address of the filter */
			ip = ips[random_u32() % c->n];
			ip.b[3] = (uint8_t)(ip.b[3] + (i & 2) - 1);
		}
		if (contains(ips, c->n, ip))
			continue;
		passed += arp_passes(others, ip);
		passed += arp_passes(ip, others);
	}
	if (c->exact)
		assert_int_equal(passed, 0);
}

static bool
ndp_passes(const struct ip *target)
{
	const struct mac mac = { { 2 } };
	const struct ip src = { IPV6, { 0xfe, 0x80 } };
	struct ndp ndp = ndp_notice(&mac, &src, target);
	uint8_t frame[NDP_FRAME_MAX];

	return passes(frame, ndp_build(&ndp, frame));
}

static const struct ndp_frame_case {
	const char *name;
	size_t at; /* offset of the byte that the test changes to @to, in an NA of fd00::9 */
	int to;    /* 0: no byte is changed */
	bool want;
	size_t len; /* length of the frame in bytes; 0: 86 */
} ndp_frames[] = {
	{ "an NA passes", 0, 0, true },
	{ "an NS passes", 54, 135, true },
	{ "an NA without the link-layer address option passes", 0, 0, true, 78 },
	{ "an NA that ends within the target is dropped", 0, 0, false, 77 },
	{ "a router advertisement is dropped", 54, 134, false },
	{ "a redirect is dropped", 54, 137, false },
	{ "an IPv4 packet is dropped", 12, 0x08, false },
	{ "a frame with a VLAN tag is dropped", 12, 0x81, false },
	{ "an NA that a router forwarded (hop limit 254) is dropped", 21, 254, false },
	{ "a UDP packet is dropped", 20, 17, false },
	{ "an NA with another first byte of the target is dropped", 62, 0xfc, false },
	{ "an NA with another second word of the target is dropped", 66, 1, false },
	{ "an NA with another third word of the target is dropped", 73, 1, false },
	{ "an NA with another last byte of the target is dropped", 77, 8, false },
};

static void
check_ndp_frame(void **state)
{
	const struct ndp_frame_case *c = *state;
	const struct ip ours[] = { { IPV4, { 10, 0, 0, 9 } }, { IPV6, { 0xfd, [15] = 9 } } };
	const struct mac mac = { { 2 } };
	struct ndp ndp = ndp_notice(&mac, &ours[1], &ours[1]);
	uint8_t frame[NDP_FRAME_MAX];
	size_t len;

	attach(bpf_ndp_filter, ours, 2, &len);
	ndp_build(&ndp, frame);
	if (c->to)
		frame[c->at] = (uint8_t)c->to;
	assert_int_equal(passes(frame, c->len ? c->len : sizeof(frame)), c->want);
}

/* A filter for @n random addresses in @nets networks (/64) of @hosts networks (/96) each. */
static const struct ndp_set_case {
	const char *name;
	size_t n, nets, hosts;
	uint32_t span; /* range of the last 32 bits of addresses; 0: consecutive addresses */
	size_t max_len;
	bool exact;
} ndp_sets[] = {
	{ "without addresses no frame passes", 0, 1, 1, 1, 32, true },
	{ "the filter for one address is exact", 1, 1, 1, 1u << 16, 48, true },
	{ "the filter for 1,000 consecutive addresses is as short as for one",
	    1000, 1, 1, 0, 64, true },
	{ "the filter for 600 scattered addresses of a /96 is exact",
	    600, 1, 1, UINT32_MAX, BPF_ROOM, true },
	{ "the filter for 600 addresses of ten /64s is exact",
	    600, 10, 1, UINT32_MAX, BPF_ROOM, true },
	{ "the filter for 60 /96s with one address each is exact",
	    60, 1u << 16, 1, UINT32_MAX, BPF_ROOM, true },
	{ "the filter for 300 addresses of a /64 misses none of them",
	    300, 1, UINT32_MAX, UINT32_MAX, BPF_ROOM,
	    false },
	{ "the filter for 300 /64s misses no address", 300, 300, 1, UINT32_MAX, BPF_ROOM, false },
	{ "the filter for 1,000 scattered addresses misses none of them",
	    1000, 1000, 1, UINT32_MAX, BPF_ROOM, false },
	{ "the filter for 10,000 addresses misses none of them",
	    10000, 10000, UINT32_MAX, UINT32_MAX, BPF_ROOM, false },
};

static void
set_word(struct ip *ip, size_t index, uint32_t value)
{
	const struct ip bytes = ip_of(value);

	memcpy(ip->b + 4 * index, bytes.b, 4);
}

static struct ip
random_ip6(const struct ndp_set_case *c)
{
	struct ip ip = { .family = IPV6 };

	set_word(&ip, 0, 0xfd000000);
	set_word(&ip, 1, random_u32() % (uint32_t)c->nets);
	set_word(&ip, 2, random_u32() % (uint32_t)c->hosts);
	set_word(&ip, 3, random_u32() % (c->span ? c->span : UINT32_MAX));
	return ip;
}

static void
check_ndp_set(void **state)
{
	const struct ndp_set_case *c = *state;
	static struct ip ips[10000];
	size_t len, passed = 0, far = 0;

	srand48(4711);
	for (size_t i = 0; i < c->n; i++)
		ips[i] = random_ip6(c);
	for (size_t i = 0; i < c->n && !c->span; i++)
		set_word(&ips[i], 3, (uint32_t)i);
	qsort(ips, c->n, sizeof(ips[0]), cmp_ip);
	attach(bpf_ndp_filter, ips, c->n, &len);
	assert_in_range(len, 1, c->max_len);
	for (size_t i = 0; i < c->n; i++)
		assert_true(ndp_passes(&ips[i]));
	for (size_t i = 0; i < 2000; i++) {
		struct ip ip = c->n && i % 2 ? ips[random_u32() % c->n] : random_ip6(c);

		if (i % 2) /* near an address of the filter, or in another network */
			ip.b[i % 4 == 1 ? 15 : 4 + random_u32() % 8] ^= 1;
		if (contains(ips, c->n, ip))
			continue;
		if (!ndp_passes(&ip))
			continue;
		passed++;
		far += i % 2 == 0;
	}
	if (c->exact)
		assert_int_equal(passed, 0);
	if (c->n < 1000)
		assert_true(far < 10); /* inexact filters pass few of 1,000 other addresses */
}

static const struct hello_case {
	const char *name;
	uint8_t flags;
	bool unchanged;
} hellos[] = {
	{ "a hello without flags passes the filter for hellos", 0, false },
	{ "a hello with all other flags passes the filter for hellos",
	    (uint8_t)~HELLO_UNCHANGED, false },
	{ "an unchanged hello passes the filter for unchanged hellos", HELLO_UNCHANGED, true },
	{ "an unchanged hello with all flags passes the filter for unchanged hellos",
	    UINT8_MAX, true },
};

static void
check_hello(void **state)
{
	const struct hello_case *c = *state;
	const struct hello hello = { .src = { { 2 } }, .flags = c->flags, .node = "a" };
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello_key key;
	size_t frame_len, len;

	hello_key_init(&key, "sixteen bytes..", 16);
	frame_len = hello_build(&hello, &key, frame);
	hello_key_done(&key);
	assert_int_equal(hello_is_unchanged(frame, frame_len), c->unchanged);
	attach(bpf_hello_unchanged_filter, NULL, 0, &len);
	assert_int_equal(passes(frame, frame_len), c->unchanged);
	attach(bpf_hello_filter, NULL, 0, &len);
	assert_int_equal(passes(frame, frame_len), !c->unchanged);
	assert_false(passes(frame, HELLO_FLAGS_AT)); /* truncated before the flags */
	assert_false(hello_is_unchanged(frame, HELLO_FLAGS_AT));
	frame[12]++; /* another ethertype */
	assert_false(hello_is_unchanged(frame, frame_len));
	assert_false(passes(frame, frame_len));
}

int
main(void)
{
	int failed;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0) {
		perror("socketpair");
		return 1;
	}
	failed = UNIT_TABLE("frames", frames, check_frame) + UNIT_TABLE("sets", sets, check_set) +
	    UNIT_TABLE("NDP frames", ndp_frames, check_ndp_frame) +
	    UNIT_TABLE("NDP sets", ndp_sets, check_ndp_set) +
	    UNIT_TABLE("hellos", hellos, check_hello);
	close(pair[0]);
	close(pair[1]);
	return failed;
}
