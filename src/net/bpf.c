/* SPDX-License-Identifier: Apache-2.0 */
#include "bpf.h"
#include "arplet/arena.h"
#include "arplet/hello.h"
#include "arplet/wire.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Offsets of fields in an Ethernet frame with ARP for IPv4. */
enum {
	AT_ETHERTYPE = 12,
	AT_HTYPE = 14, /* and ptype */
	AT_HLEN = 18,  /* and plen */
	AT_SENDER_IP = 28,
	AT_TARGET_IP = 38,
};

/* Offsets of fields in an Ethernet frame whose IPv6 header is directly followed by NDP. */
enum {
	AT_NEXT_HEADER = 20, /* and hop limit */
	AT_TYPE = 54,
	AT_TARGET = 62,
};

#define TYPES_ETHERNET_IPV4 0x00010800 /* htype 1, ptype 0x0800 */
#define LENGTHS_6_4         0x0604
#define ICMPV6_ONE_HOP      0x3aff     /* next header 58, hop limit 255 */
#define ADDRESS_WORDS       4          /* words of 32 bits in an IPv6 address */
#define LEAF_RANGES         16         /* up to this many ranges are compared in turn */
#define UNKNOWN             UINT32_MAX /* jump offset that land_here() replaces */

/* A range of IPv4 addresses or of words of IPv6 addresses, in the byte order of BPF registers. */
struct range {
	uint32_t first, last;
};

/* An unfinished program.  Instructions beyond BPF_ROOM are counted, but not written. */
struct prog {
	struct sock_filter *insns;
	size_t n;
};

static void
emit(struct prog *p, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t k)
{
	if (p->n < BPF_ROOM)
		p->insns[p->n] = (struct sock_filter){ code, if_true, if_false, k };
	p->n++;
}

/* Lets all UNKNOWN jumps from instruction @from on lead to the instruction that is added next. */
static void
land_here(struct prog *p, size_t from)
{
	for (size_t i = from; i < p->n && i < BPF_ROOM; i++) {
		struct sock_filter *insn = &p->insns[i];

		if (insn->code == (BPF_JMP | BPF_JA) && insn->k == UNKNOWN)
			insn->k = (uint32_t)(p->n - i - 1);
	}
}

/* Emits instructions that drop the frame unless the accumulator equals @k. */
static void
emit_require(struct prog *p, uint32_t k)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, k);
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
}

/* Compares the accumulator with each range in turn, and accepts the frame after a match. */
static void
emit_leaf(struct prog *p, const struct range *ranges, size_t n)
{
	size_t accept = p->n + 1; /* index of the return instruction, which accepts the frame */

	for (size_t i = 0; i < n; i++)
		accept += ranges[i].first == ranges[i].last ? 1 : 2;
	for (size_t i = 0; i < n; i++) {
		if (ranges[i].first < ranges[i].last)
			emit(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, ranges[i].first);
		if (ranges[i].first < ranges[i].last)
			emit(p, BPF_JMP | BPF_JGT | BPF_K, 0, (uint8_t)(accept - p->n - 1),
			    ranges[i].last);
		else
			emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(accept - p->n - 1), 0,
			    ranges[i].first);
	}
	emit(p, BPF_JMP | BPF_JA, 0, 0, UNKNOWN);
	emit(p, BPF_RET | BPF_K, 0, 0, BPF_ACCEPT_BYTES);
}

/*
 * Emits a binary search of @ranges for the accumulator.  After a match, the program accepts the
 * frame; otherwise it jumps to the place that land_here() will set.  A conditional jump reaches at
 * most 255 instructions, so an unconditional jump leads to the upper half.
 */
static void
emit_search(struct prog *p, const struct range *ranges, size_t n)
{
	size_t half = n / 2, jump;

	if (n <= LEAF_RANGES) {
		emit_leaf(p, ranges, n);
		return;
	}
	emit(p, BPF_JMP | BPF_JGT | BPF_K, 0, 1, ranges[half - 1].last);
	jump = p->n;
	emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
	emit_search(p, ranges, half);
	if (jump < BPF_ROOM)
		p->insns[jump].k = (uint32_t)(p->n - jump - 1);
	emit_search(p, ranges + half, n - half);
}

/* Emits instructions that load the kernel's metadata @what (SKF_AD_...) of the frame. */
static void
emit_load_metadata(struct prog *p, int what)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)(SKF_AD_OFF + what));
}

/*
 * Drops frames of any ethertype but @ethertype, frames to other hosts, and frames of other links:
 *  - The kernel sets PACKET_OTHERHOST for a frame to another host, which a promiscuous port
 *    receives, and for a frame of a VLAN that has no interface on this host.
 *  - A frame of a VLAN with an interface also arrives at sockets of the parent interface, and a
 *    frame to a macvlan too.  The kernel has removed the tag then, but the frame's interface is the
 *    VLAN's, or the macvlan.
 *  - The kernel can leave the tag outside of the frame's bytes.  A tag in the bytes is another
 *    ethertype.
 */
static void
emit_start(struct prog *p, int ifindex, uint16_t ethertype)
{
	emit_load_metadata(p, SKF_AD_PKTTYPE);
	emit(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, PACKET_OTHERHOST);
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
	emit_load_metadata(p, SKF_AD_VLAN_TAG_PRESENT);
	emit_require(p, 0);
	if (ifindex) {
		emit_load_metadata(p, SKF_AD_IFINDEX);
		emit_require(p, (uint32_t)ifindex);
	}
	emit(p, BPF_LD | BPF_H | BPF_ABS, 0, 0, AT_ETHERTYPE);
	emit_require(p, ethertype);
}

/* Drops the frame unless its target or its sender is in a range. */
static void
emit_arp(struct prog *p, int ifindex, const struct range *ranges, size_t n)
{
	static const uint32_t places[] = { AT_TARGET_IP, AT_SENDER_IP };

	emit_start(p, ifindex, ETH_P_ARP);
	emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_HTYPE);
	emit_require(p, TYPES_ETHERNET_IPV4);
	emit(p, BPF_LD | BPF_H | BPF_ABS, 0, 0, AT_HLEN);
	emit_require(p, LENGTHS_6_4);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t start = p->n;

		emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, places[i]);
		emit_search(p, ranges, n);
		land_here(p, start);
	}
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
}

static uint32_t
word_of(const struct ip *ip, size_t index)
{
	struct wire_reader r = reader_of(ip->b + 4 * index, 4);

	return read_u32(&r);
}

static int
cmp_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Makes ranges of word @index of all @ips.  Words at most @gap apart share a range. */
static size_t
ranges_of(
    const struct ip *ips, size_t n, size_t index, uint32_t gap, struct range *ret_ranges)
{
	uint32_t *words = xcalloc(n, sizeof(*words));
	size_t count = 0;
	bool sorted = true; /* IPv4 addresses always are */

	for (size_t i = 0; i < n; i++) {
		words[i] = word_of(&ips[i], index);
		sorted &= i == 0 || words[i - 1] <= words[i];
	}
	if (!sorted)
		qsort(words, n, sizeof(*words), cmp_u32);
	for (size_t i = 0; i < n; i++) {
		if (count && words[i] - ret_ranges[count - 1].last <= gap)
			ret_ranges[count - 1].last = words[i];
		else
			ret_ranges[count++] = (struct range){ words[i], words[i] };
	}
	free(words);
	return count;
}

/* The number of addresses at the start of @ips that have the same first @words words as ips[0]. */
static size_t
share_words(const struct ip *ips, size_t n, size_t words)
{
	size_t same = 1;

	while (same < n && memcmp(ips[same].b, ips[0].b, 4 * words) == 0)
		same++;
	return same;
}

/*
 * Accepts frames whose target begins with the first @words words of @ip and ends with a word in
 * @ranges.  For other frames, the program continues behind the emitted instructions.
 */
static void
emit_targets(struct prog *p, const struct ip *ip, size_t words, const struct range *ranges,
    size_t n)
{
	size_t start = p->n;

	for (size_t i = 0; i < words; i++) {
		emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)(AT_TARGET + 4 * i));
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, word_of(ip, i));
		emit(p, BPF_JMP | BPF_JA, 0, 0, UNKNOWN);
	}
	emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_TARGET + 4 * (ADDRESS_WORDS - 1));
	emit_search(p, ranges, n);
	land_here(p, start);
}

/* Accepts frames whose target equals one of @ips in the first @words words and in the last word. */
static void
emit_ndp(struct prog *p, int ifindex, const struct ip *ips, size_t n, size_t words, uint32_t gap)
{
	struct range *ranges = xcalloc(n, sizeof(*ranges));
	size_t same;

	emit_start(p, ifindex, ETH_P_IPV6);
	emit(p, BPF_LD | BPF_H | BPF_ABS, 0, 0, AT_NEXT_HEADER);
	emit_require(p, ICMPV6_ONE_HOP);
	emit(p, BPF_LD | BPF_B | BPF_ABS, 0, 0, AT_TYPE);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, ND_NEIGHBOR_SOLICIT);
	emit_require(p, ND_NEIGHBOR_ADVERT);
	for (size_t i = 0; i < n && p->n <= BPF_ROOM; i += same) {
		same = share_words(&ips[i], n - i, words);
		emit_targets(p, &ips[i], words, ranges,
		    ranges_of(&ips[i], same, ADDRESS_WORDS - 1, gap, ranges));
	}
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
	free(ranges);
}

/* Finds the addresses of @family, which are adjacent in the sorted @ips; returns their number. */
static size_t
run_of(const struct ip *ips, size_t n, uint8_t family, const struct ip **ret_first)
{
	size_t first = 0, end;

	while (first < n && ips[first].family != family)
		first++;
	for (end = first; end < n && ips[end].family == family; end++)
		;
	*ret_first = ips + first;
	return end - first;
}

size_t
bpf_arp_filter(
    int ifindex, const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM])
{
	struct range *ranges = xcalloc(n, sizeof(*ranges));
	struct prog p = { ret_prog, BPF_ROOM + 1 };

	n = run_of(ips, n, IPV4, &ips);
	for (uint32_t gap = 1; p.n > BPF_ROOM; gap *= 2) {
		p.n = 0;
		emit_arp(&p, ifindex, ranges, ranges_of(ips, n, 0, gap, ranges));
	}
	free(ranges);
	return p.n;
}

size_t
bpf_ndp_filter(
    int ifindex, const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM])
{
	struct prog p = { ret_prog, 0 };
	size_t words = ADDRESS_WORDS - 1;
	uint32_t gap = 1;

	n = run_of(ips, n, IPV6, &ips);
	emit_ndp(&p, ifindex, ips, n, words, gap);
	while (p.n > BPF_ROOM) {
		if (words)
			words = words == 3 ? 2 : 0;
		else
			gap *= 2;
		p.n = 0;
		emit_ndp(&p, ifindex, ips, n, words, gap);
	}
	return p.n;
}

static size_t
hello_filter(int ifindex, bool unchanged, struct sock_filter ret_prog[BPF_ROOM])
{
	struct prog p = { .insns = ret_prog };

	emit_start(&p, ifindex, HELLO_ETHERTYPE);
	emit(&p, BPF_LD | BPF_B | BPF_ABS, 0, 0, HELLO_FLAGS_AT);
	emit(&p, BPF_JMP | BPF_JSET | BPF_K, !unchanged, unchanged, HELLO_UNCHANGED);
	emit(&p, BPF_RET | BPF_K, 0, 0, BPF_ACCEPT_BYTES);
	emit(&p, BPF_RET | BPF_K, 0, 0, 0);
	return p.n;
}

size_t
bpf_hello_filter(
    int ifindex, const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM])
{
	(void)ips, (void)n;
	return hello_filter(ifindex, false, ret_prog);
}

size_t
bpf_hello_unchanged_filter(
    int ifindex, const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM])
{
	(void)ips, (void)n;
	return hello_filter(ifindex, true, ret_prog);
}
