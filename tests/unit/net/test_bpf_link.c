/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which frames the filters pass by what the kernel knows about a frame beside its bytes: the
 * interface, the VLAN tag, and whether the frame is to this host.  A small interpreter runs the
 * filters, because only root can give these values to the kernel's interpreter.
 */
#include "arplet/arp.h"
#include "arplet/hello.h"
#include "arplet/ndp.h"
#include "net/bpf.h"
#include "unit.h"

#include <linux/if_packet.h>
#include <string.h>

/* What the kernel knows about a frame. */
struct metadata {
	uint32_t pkttype, vlan_tag_present, ifindex;
};

/* A load from beyond the end of the frame ends the program, and drops the frame. */
static bool
load(const struct sock_filter *insn, const uint8_t *frame, size_t len, const struct metadata *meta,
    uint32_t *ret_a)
{
	size_t width = BPF_SIZE(insn->code) == BPF_W ? 4 : BPF_SIZE(insn->code) == BPF_H ? 2 : 1;

	switch ((int32_t)insn->k) {
	case SKF_AD_OFF + SKF_AD_PKTTYPE:
		*ret_a = meta->pkttype;
		return true;
	case SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT:
		*ret_a = meta->vlan_tag_present;
		return true;
	case SKF_AD_OFF + SKF_AD_IFINDEX:
		*ret_a = meta->ifindex;
		return true;
	}
	if (insn->k + width > len)
		return false;
	*ret_a = 0;
	for (size_t i = 0; i < width; i++)
		*ret_a = *ret_a << 8 | frame[insn->k + i];
	return true;
}

static bool
is_true(const struct sock_filter *insn, uint32_t a)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return a == insn->k;
	case BPF_JGT:
		return a > insn->k;
	case BPF_JGE:
		return a >= insn->k;
	case BPF_JSET:
		return a & insn->k;
	}
	fail_msg("the interpreter does not know the instruction %#x", insn->code);
	return false;
}

static bool
passes(const struct sock_filter *prog, const uint8_t *frame, size_t len,
    const struct metadata *meta)
{
	uint32_t a = 0;

	for (const struct sock_filter *insn = prog;; insn++) {
		if (BPF_CLASS(insn->code) == BPF_RET)
			return insn->k > 0;
		if (BPF_CLASS(insn->code) == BPF_LD) {
			if (!load(insn, frame, len, meta, &a))
				return false;
		} else if (BPF_OP(insn->code) == BPF_JA) {
			insn += insn->k;
		} else {
			insn += is_true(insn, a) ? insn->jt : insn->jf;
		}
	}
}

#define OUR_IFINDEX 7
#define NO_TAG      0
#define TAG         1

static const struct link_case {
	const char *name;
	struct metadata meta;
	bool want;
} cases[] = {
	{ "a frame to this host passes", { PACKET_HOST, NO_TAG, OUR_IFINDEX }, true },
	{ "a broadcast passes", { PACKET_BROADCAST, NO_TAG, OUR_IFINDEX }, true },
	{ "a multicast passes", { PACKET_MULTICAST, NO_TAG, OUR_IFINDEX }, true },
	{ "a frame to another host is dropped", { PACKET_OTHERHOST, NO_TAG, OUR_IFINDEX }, false },
	{ "a frame that this host sends is dropped", { PACKET_OUTGOING, NO_TAG, OUR_IFINDEX }, false },
	{ "a frame to this host with a VLAN tag is dropped",
	    { PACKET_HOST, TAG, OUR_IFINDEX }, false },
	{ "a multicast with a VLAN tag is dropped", { PACKET_MULTICAST, TAG, OUR_IFINDEX }, false },
	{ "a broadcast of a VLAN interface is dropped", { PACKET_BROADCAST, NO_TAG, 8 }, false },
	{ "a frame to a macvlan is dropped", { PACKET_HOST, NO_TAG, 8 }, false },
};

static void
check_link(void **state)
{
	const struct link_case *c = *state;
	const struct ip vip = { IPV4, { 10, 0, 0, 9 } }, vip6 = { IPV6, { 0xfd, [15] = 9 } };
	const struct mac mac = { { 2 } };
	const struct arp arp = arp_notice(ARP_PROBE, &mac, &vip);
	const struct ndp ndp = ndp_notice(&mac, &vip6, &vip6);
	struct hello hello = { .src = mac, .node = "a" };
	uint8_t frame[HELLO_FRAME_MAX];
	struct sock_filter prog[BPF_ROOM];
	struct hello_key key;

	arp_build(&arp, frame);
	bpf_arp_filter(OUR_IFINDEX, &vip, 1, prog);
	assert_int_equal(passes(prog, frame, ARP_FRAME_LEN, &c->meta), c->want);
	bpf_ndp_filter(OUR_IFINDEX, &vip6, 1, prog);
	assert_int_equal(passes(prog, frame, ndp_build(&ndp, frame), &c->meta), c->want);
	hello_key_init(&key, "sixteen bytes..", 16);
	bpf_hello_filter(OUR_IFINDEX, NULL, 0, prog);
	assert_int_equal(passes(prog, frame, hello_build(&hello, &key, frame), &c->meta), c->want);
	hello.flags = HELLO_UNCHANGED;
	bpf_hello_unchanged_filter(OUR_IFINDEX, NULL, 0, prog);
	assert_int_equal(passes(prog, frame, hello_build(&hello, &key, frame), &c->meta), c->want);
	hello_key_done(&key);
}

int
main(void)
{
	return UNIT_TABLE("frames of links", cases, check_link);
}
