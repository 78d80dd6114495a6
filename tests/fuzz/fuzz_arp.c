/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announcer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ip vip = { IPV4, { 10, 0, 0, 9 } };
static const struct mac ours = { { 2, 0, 0, 0, 0, 1 } };

/* Aborts unless the sent frame is a valid ARP packet about our VIP, from our MAC. */
static int
check_sent(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct arp arp;

	(void)arg;
	if (ifindex != 1 || family != IPV4 || len != ARP_FRAME_LEN ||
	    arp_parse(frame, len, &arp) < 0 || !mac_equal(&arp.ether_src, &ours) ||
	    !mac_equal(&arp.sender_mac, &ours) || !ip_equal(&arp.sender_ip, &vip))
		abort();
	if ((arp.ether_dst.b[0] & 1) && !mac_equal(&arp.ether_dst, &MAC_BROADCAST))
		abort();
	return 0;
}

static void
check_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	(void)arg, (void)ifindex;
	if (!ip_equal(ip, &vip) || mac_equal(other, &ours) || conflict != CONFLICT_DEFENDED)
		abort();
}

/* Aborts unless arp_build() writes the same bytes that arp_parse() has read. */
static void
check_round_trip(const struct arp *arp, const uint8_t *data)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(arp, frame);
	if (memcmp(frame, data, 42) != 0)
		abort();
}

/* The input is a frame that the holder of the VIP 10.0.0.9 receives. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct announcer_ops ops = { check_sent, check_conflict };
	const struct link link = { .ifindex = 1, .up = true, .ether = true, .mac = ours };
	struct announcer *a;
	struct arp arp;

	if (arp_parse(data, size, &arp) < 0)
		return 0;
	check_round_trip(&arp, data);
	a = announcer_new(&ops, NULL, &ANNOUNCER_DEFAULTS);
	announcer_set_link(a, &link, 0);
	announcer_add(a, &vip, 1, 0);
	announcer_on_arp(a, 1, &arp, 1);
	announcer_on_arp(a, 1, &arp, 2000); /* the conflict continues */
	announcer_free(a);
	return 0;
}
