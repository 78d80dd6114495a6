/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announcer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ip vip = { IPV6, { 0xfd, [15] = 9 } };
static const struct mac ours = { { 2, 0, 0, 0, 0, 1 } };

/* Aborts unless the sent frame is a valid neighbour advertisement of our VIP with our MAC. */
static int
check_sent(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	static const struct mac all_nodes = { { 0x33, 0x33, 0, 0, 0, 1 } };
	struct ndp ndp;

	(void)arg;
	if (ifindex != 1 || family != IPV6 || ndp_parse(frame, len, &ndp) < 0 ||
	    ndp.type != NDP_ADVERTISEMENT || !ndp.has_mac || !mac_equal(&ndp.mac, &ours) ||
	    !mac_equal(&ndp.ether_src, &ours) || !ip_equal(&ndp.target, &vip))
		abort();
	if ((ndp.ether_dst.b[0] & 1) && !mac_equal(&ndp.ether_dst, &all_nodes))
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

/* Aborts unless ndp_build() writes a frame that is parsed to the same message. */
static void
check_round_trip(const struct ndp *ndp)
{
	uint8_t frame[NDP_FRAME_MAX];
	size_t len = ndp_build(ndp, frame);
	struct ndp again;

	if (ndp_parse(frame, len, &again) < 0 || again.type != ndp->type ||
	    again.flags != ndp->flags || again.has_mac != ndp->has_mac ||
	    !mac_equal(&again.mac, &ndp->mac) || !ip_equal(&again.src, &ndp->src) ||
	    !ip_equal(&again.dst, &ndp->dst) || !ip_equal(&again.target, &ndp->target))
		abort();
}

static void
receive(const struct ndp *ndp)
{
	static const struct announcer_ops ops = { check_sent, check_conflict };
	const struct link link = { .ifindex = 1, .up = true, .ether = true, .mac = ours };
	struct announcer *a = announcer_new(&ops, NULL, &ANNOUNCER_DEFAULTS);

	announcer_set_link(a, &link, 0);
	announcer_add(a, &vip, 1, 0);
	announcer_on_ndp(a, 1, ndp, 1);
	announcer_on_ndp(a, 1, ndp, 2000); /* the conflict continues */
	announcer_free(a);
}

/*
 * The input is a frame that the holder of the VIP fd00::9 receives.  A fuzzer cannot guess a
 * checksum, so the input is parsed twice: as it is, and with a correct checksum.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t frame[1514];
	struct ndp ndp;
	uint32_t sum;

	if (ndp_parse(data, size, &ndp) >= 0) {
		check_round_trip(&ndp);
		receive(&ndp);
	}
	if (size < 58 || size > sizeof(frame))
		return 0;
	memcpy(frame, data, size);
	memset(frame + 56, 0, 2);
	sum = 58 + frame[18] * 256u + frame[19];
	for (size_t i = 22; i < size && i < 54 + frame[18] * 256u + frame[19]; i++)
		sum += (uint32_t)frame[i] << (i % 2 ? 0 : 8);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	frame[56] = (uint8_t)(sum >> 8);
	frame[57] = (uint8_t)sum;
	if (ndp_parse(frame, size, &ndp) >= 0) {
		check_round_trip(&ndp);
		receive(&ndp);
	}
	return 0;
}
