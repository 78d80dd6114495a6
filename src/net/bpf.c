/* SPDX-License-Identifier: Apache-2.0 */
#include "bpf.h"
#include "arplet/arena.h"
#include "arplet/wire.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>

/* Where things are in an Ethernet frame with ARP for IPv4. */
enum {
	AT_ETHERTYPE = 12,
	AT_HTYPE = 14, /* and ptype */
	AT_HLEN = 18,  /* and plen */
	AT_SENDER_IP = 28,
	AT_TARGET_IP = 38,
};

#define TYPES_ETHERNET_IPV4 0x00010800 /* htype 1, ptype 0x0800 */
#define LENGTHS_6_4         0x0604
#define ACCEPT_BYTES        128        /* more of a frame than ARP has */
#define LEAF_RANGES         16         /* tested one by one; more are split in halves */
#define UNKNOWN             UINT32_MAX /* a jump whose end is not written yet */

/* Addresses as BPF's registers hold them. */
struct range {
	uint32_t first, last;
};

/* A program under way; instructions past the end of the room are counted, not written. */
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

/* Lets every jump to an UNKNOWN end, from instruction @from on, end at the next instruction. */
static void
land_here(struct prog *p, size_t from)
{
	for (size_t i = from; i < p->n && i < BPF_ROOM; i++) {
		struct sock_filter *insn = &p->insns[i];

		if (insn->code == (BPF_JMP | BPF_JA) && insn->k == UNKNOWN)
			insn->k = (uint32_t)(p->n - i - 1);
	}
}

/* The accumulator equals @k, or else the frame is dropped. */
static void
emit_require(struct prog *p, uint32_t k)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, k);
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
}

/* A few ranges, one after the other: a hit jumps to the block's end, which accepts. */
static void
emit_leaf(struct prog *p, const struct range *ranges, size_t n)
{
	size_t accept = p->n + 1; /* the tests come before it, and a jump for the miss */

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
	emit(p, BPF_RET | BPF_K, 0, 0, ACCEPT_BYTES);
}

/* Binary search: accepts, or jumps to an UNKNOWN end.  Conditional jumps reach 255 at most. */
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

/* The frame is dropped unless the address at one of two places is in a range. */
static void
emit_program(struct prog *p, const struct range *ranges, size_t n)
{
	static const uint32_t places[] = { AT_TARGET_IP, AT_SENDER_IP };

	/* Not those to other hosts, nor of VLANs without an interface: the kernel marks both so. */
	emit(p, BPF_LD | BPF_B | BPF_ABS, 0, 0, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
	emit(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, PACKET_OTHERHOST);
	emit(p, BPF_RET | BPF_K, 0, 0, 0);
	emit(p, BPF_LD | BPF_H | BPF_ABS, 0, 0, AT_ETHERTYPE);
	emit_require(p, ETH_P_ARP);
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

/* The addresses as ranges; what lies within @gap of each other shares one. */
static size_t
ranges_of(const struct ip *ips, size_t n, uint32_t gap, struct range *ret_ranges)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		struct reader r = reader_of(ips[i].b, sizeof(ips[i].b));
		uint32_t value = read_u32(&r);

		if (ips[i].family != IPV4)
			continue;
		if (count && value - ret_ranges[count - 1].last <= gap)
			ret_ranges[count - 1].last = value;
		else
			ret_ranges[count++] = (struct range){ value, value };
	}
	return count;
}

size_t
bpf_arp_filter(const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM])
{
	struct range *ranges = xcalloc(n, sizeof(*ranges));
	struct prog p = { ret_prog, BPF_ROOM + 1 };

	for (uint32_t gap = 1; p.n > BPF_ROOM; gap *= 2) {
		p.n = 0;
		emit_program(&p, ranges, ranges_of(ips, n, gap, ranges));
	}
	free(ranges);
	return p.n;
}
