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
 * The kernel itself runs the programs: it has a filter on one end of a pair of sockets, and
 * silently drops what the filter refuses of what is sent from the other.
 */
static int pair[2];

static void
attach(size_t (*make)(const struct ip *ips, size_t n, struct sock_filter *ret_prog),
    const struct ip *ips, size_t n, size_t *ret_len)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };

	*ret_len = make(ips, n, prog);
	assert_in_range(*ret_len, 1, BPF_ROOM);
	fprog.len = (unsigned short)*ret_len;
	if (setsockopt(pair[0], SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0)
		fail_msg("the kernel refuses the program: %s", strerror(errno));
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
	size_t at; /* change this byte of the frame ... */
	int to;    /* ... to this; 0: change nothing */
	bool want;
	size_t len; /* 0: all 60 */
} frame_batch[] = {
	{ "a request for ours", OTHERS, OURS, 0, 0, true },
	{ "a probe for ours", NOBODY, OURS, 0, 0, true },
	{ "a frame of who has ours too", OURS, OTHERS, 0, 0, true },
	{ "a claim of ours", OURS, OURS, 0, 0, true },
	{ "a request for another's", OTHERS, OTHERS, 0, 0, false },
	{ "for the address before ours", OTHERS, OURS - 1, 0, 0, false },
	{ "for the address after ours", OTHERS, OURS + 1, 0, 0, false },
	{ "for nothing", NOBODY, NOBODY, 0, 0, false },
	{ "a reply", OTHERS, OURS, 21, 2, true },
	{ "an IPv4 packet", OTHERS, OURS, 13, 1, false },
	{ "a VLAN tag", OTHERS, OURS, 12, 0x81, false },
	{ "another hardware type", OTHERS, OURS, 15, 6, false },
	{ "another protocol", OTHERS, OURS, 16, 0x86, false },
	{ "another address length", OTHERS, OURS, 19, 16, false },
	{ "without padding", OTHERS, OURS, 0, 0, true, 42 },
	{ "cut before the end of the target", OTHERS, OURS, 0, 0, false, 41 },
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

/* Addresses by chance: @n of them, in runs of up to @run, within @span addresses. */
static const struct set_case {
	const char *name;
	size_t n, run;
	uint32_t span;
	size_t max_len; /* of the program */
	bool exact;     /* it lets no other address through */
} sets[] = {
	{ "no address: nothing passes", 0, 1, 1, 32, true },
	{ "one", 1, 1, 1u << 16, 32, true },
	{ "two", 2, 1, 1u << 16, 32, true },
	{ "as many as one leaf", 16, 1, 1u << 16, 64, true },
	{ "one more", 17, 1, 1u << 16, 80, true },
	{ "three hundred, scattered", 300, 1, UINT32_MAX, BPF_ROOM, true },
	{ "three hundred, crowded together", 300, 1, 600, BPF_ROOM, true },
	{ "a thousand, in runs", 1000, 7, UINT32_MAX, BPF_ROOM, true },
	{ "a thousand, all of four /24s: as good as one", 1000, 1000, 1024, 32, true },
	{ "a thousand, scattered: a range holds many, none is missed", 1000, 1, UINT32_MAX, BPF_ROOM,
	    false },
	{ "ten thousand", 10000, 1, UINT32_MAX, BPF_ROOM,
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
	size_t len, strays = 0;
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

		if (c->n && i % 2) { /* beside one of ours */
			ip = ips[random_u32() % c->n];
			ip.b[3] = (uint8_t)(ip.b[3] + (i & 2) - 1);
		}
		if (contains(ips, c->n, ip))
			continue;
		strays += arp_passes(others, ip);
		strays += arp_passes(ip, others);
	}
	if (c->exact)
		assert_int_equal(strays, 0);
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
	size_t at; /* change this byte of an advertisement of fd00::9 ... */
	int to;    /* ... to this; 0: change nothing */
	bool want;
	size_t len; /* 0: all 86 */
} ndp_frames[] = {
	{ "an advertisement", 0, 0, true },
	{ "a solicitation", 54, 135, true },
	{ "without the option", 0, 0, true, 78 },
	{ "cut before the end of the target", 0, 0, false, 77 },
	{ "a router's advertisement", 54, 134, false },
	{ "a redirect", 54, 137, false },
	{ "an IPv4 packet", 12, 0x08, false },
	{ "a VLAN tag", 12, 0x81, false },
	{ "from behind a router", 21, 254, false },
	{ "UDP", 20, 17, false },
	{ "another first byte of the target", 62, 0xfc, false },
	{ "another in its second word", 66, 1, false },
	{ "another in its third word", 73, 1, false },
	{ "another last byte", 77, 8, false },
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

/* Addresses by chance: @n of them, in @nets /64s, each with @hosts /96s. */
static const struct ndp_set_case {
	const char *name;
	size_t n, nets, hosts;
	uint32_t span; /* of the last word; 0: one after the other */
	size_t max_len;
	bool exact;
} ndp_sets[] = {
	{ "no address: nothing passes", 0, 1, 1, 1, 32, true },
	{ "one", 1, 1, 1, 1u << 16, 48, true },
	{ "a thousand of one /112: as good as one", 1000, 1, 1, 0, 64, true },
	{ "six hundred, scattered over a /96", 600, 1, 1, UINT32_MAX, BPF_ROOM, true },
	{ "over ten /64s", 600, 10, 1, UINT32_MAX, BPF_ROOM, true },
	{ "sixty /96s with one each", 60, 1u << 16, 1, UINT32_MAX, BPF_ROOM, true },
	{ "three hundred of one /64: none is missed", 300, 1, UINT32_MAX, UINT32_MAX, BPF_ROOM,
	    false },
	{ "three hundred /64s: none is missed", 300, 300, 1, UINT32_MAX, BPF_ROOM, false },
	{ "a thousand, scattered: none is missed", 1000, 1000, 1, UINT32_MAX, BPF_ROOM, false },
	{ "ten thousand: none is missed", 10000, 10000, UINT32_MAX, UINT32_MAX, BPF_ROOM, false },
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
	size_t len, strays = 0, far = 0;

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

		if (i % 2) /* beside one of ours, or in another network */
			ip.b[i % 4 == 1 ? 15 : 4 + random_u32() % 8] ^= 1;
		if (contains(ips, c->n, ip))
			continue;
		if (!ndp_passes(&ip))
			continue;
		strays++;
		far += i % 2 == 0;
	}
	if (c->exact)
		assert_int_equal(strays, 0);
	if (c->n < 1000)
		assert_true(far < 10); /* of a thousand: inexact is not much */
}

static const struct hello_case {
	const char *name;
	uint8_t flags;
	bool unchanged;
} hellos[] = {
	{ "a hello with news", 0, false },
	{ "one with other flags", (uint8_t)~HELLO_UNCHANGED, false },
	{ "one that may wait", HELLO_UNCHANGED, true },
	{ "one that may wait, with other flags", UINT8_MAX, true },
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
	assert_false(passes(frame, HELLO_FLAGS_AT)); /* cut short */
	assert_false(hello_is_unchanged(frame, HELLO_FLAGS_AT));
	frame[12]++; /* no hello at all */
	assert_false(hello_is_unchanged(frame, frame_len));
}

int
main(void)
{
	int failed;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0) {
		perror("socketpair");
		return 1;
	}
	failed = UNIT_TABLE("frames", frame_batch, check_frame) + UNIT_TABLE("sets", sets, check_set) +
	    UNIT_TABLE("NDP frames", ndp_frames, check_ndp_frame) +
	    UNIT_TABLE("NDP sets", ndp_sets, check_ndp_set) + UNIT_TABLE("hellos", hellos, check_hello);
	close(pair[0]);
	close(pair[1]);
	return failed;
}
