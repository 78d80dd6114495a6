/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_tx.h"

static int
send_arp(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct arp *arp)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(arp, frame);
	return ann_tx->ops->send(ann_tx->arg, ann_link->ifindex, IPV4, frame, sizeof(frame));
}

static int
send_ndp(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ndp *ndp)
{
	uint8_t frame[NDP_FRAME_MAX];
	size_t len = ndp_build(ndp, frame);

	return ann_tx->ops->send(ann_tx->arg, ann_link->ifindex, IPV6, frame, len);
}

/*
 * RFC 4861 4.4 wants a source that is assigned to the interface.  The addresses that we announce
 * are not: kube-proxy takes their packets before the kernel asks whose they are.  The link-local
 * one is, and switches that guard against forged advertisements know it; without one the
 * address speaks for itself.
 */
static const struct ip *
ndp_source(const struct ann_link *ann_link, const struct ip *ip)
{
	return ann_link->link_local.family ? &ann_link->link_local : ip;
}

unsigned int
ann_tx_round(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip)
{
	/* A request for those that listen to requests, a reply for those that do not. */
	static const enum arp_notice round[] = { ARP_GRATUITOUS_REQUEST, ARP_GRATUITOUS_REPLY };
	unsigned int left = 0;

	if (ip->family == IPV6) {
		struct ndp ndp = ndp_notice(&ann_link->mac, ndp_source(ann_link, ip), ip);

		return send_ndp(ann_tx, ann_link, &ndp) >= 0;
	}
	for (size_t i = 0; i < sizeof(round) / sizeof(round[0]); i++) {
		struct arp arp = arp_notice(round[i], &ann_link->mac, ip);

		left += send_arp(ann_tx, ann_link, &arp) >= 0;
	}
	return left;
}

int
ann_tx_defense(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip)
{
	struct arp arp;

	if (ip->family == IPV6)
		return ann_tx_round(ann_tx, ann_link, ip) ? 0 : -1;
	arp = arp_notice(ARP_ANNOUNCEMENT, &ann_link->mac, ip);
	return send_arp(ann_tx, ann_link, &arp);
}

int
ann_tx_probe(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip)
{
	if (ip->family == IPV6) {
		struct ndp ndp = ndp_probe(&ann_link->mac, ip);

		return send_ndp(ann_tx, ann_link, &ndp);
	} else {
		struct arp arp = arp_notice(ARP_PROBE, &ann_link->mac, ip);

		return send_arp(ann_tx, ann_link, &arp);
	}
}

int
ann_tx_arp_answer(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct arp *request)
{
	struct arp arp = arp_answer(request, &ann_link->mac);

	return send_arp(ann_tx, ann_link, &arp);
}

int
ann_tx_ndp_answer(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ndp *solicitation)
{
	struct ndp ndp =
	    ndp_answer(solicitation, &ann_link->mac, ndp_source(ann_link, &solicitation->target));

	return send_ndp(ann_tx, ann_link, &ndp);
}
