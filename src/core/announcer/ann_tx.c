/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_tx.h"

static int
send_arp(const struct ann_tx *tx, const struct ann_link *link, const struct arp *arp)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(arp, frame);
	return tx->ops->send(tx->arg, link->ifindex, IPV4, frame, sizeof(frame));
}

static int
send_ndp(const struct ann_tx *tx, const struct ann_link *link, const struct ndp *ndp)
{
	uint8_t frame[NDP_FRAME_MAX];
	size_t len = ndp_build(ndp, frame);

	return tx->ops->send(tx->arg, link->ifindex, IPV6, frame, len);
}

/*
 * The source address of a neighbour advertisement.  RFC 4861 4.4 demands an address that is
 * assigned to the interface.  VIPs are not assigned to interfaces, because kube-proxy rewrites
 * packets to VIPs early.  So the source is the link-local address: switches that filter forged
 * advertisements know it.  Without a link-local address, the source is the VIP itself.
 */
static const struct ip *
ndp_source(const struct ann_link *link, const struct ip *ip)
{
	return link->link_local.family ? &link->link_local : ip;
}

unsigned int
ann_tx_round(const struct ann_tx *tx, const struct ann_link *link, const struct ip *ip)
{
	/* Some hosts update neighbour entries only from requests, others only from replies. */
	static const enum arp_notice round[] = { ARP_GRATUITOUS_REQUEST, ARP_GRATUITOUS_REPLY };
	unsigned int sent = 0;

	if (ip->family == IPV6) {
		struct ndp ndp = ndp_notice(&link->mac, ndp_source(link, ip), ip);

		return send_ndp(tx, link, &ndp) >= 0;
	}
	for (size_t i = 0; i < sizeof(round) / sizeof(round[0]); i++) {
		struct arp arp = arp_notice(round[i], &link->mac, ip);

		sent += send_arp(tx, link, &arp) >= 0;
	}
	return sent;
}

void
ann_tx_defence(const struct ann_tx *tx, const struct ann_link *link, const struct ip *ip)
{
	struct arp arp;

	if (ip->family == IPV6) {
		(void)ann_tx_round(tx, link, ip);
		return;
	}
	arp = arp_notice(ARP_ANNOUNCEMENT, &link->mac, ip);
	(void)send_arp(tx, link, &arp);
}

void
ann_tx_probe(const struct ann_tx *tx, const struct ann_link *link, const struct ip *ip)
{
	if (ip->family == IPV6) {
		struct ndp ndp = ndp_probe(&link->mac, ip);

		(void)send_ndp(tx, link, &ndp);
	} else {
		struct arp arp = arp_notice(ARP_PROBE, &link->mac, ip);

		(void)send_arp(tx, link, &arp);
	}
}

int
ann_tx_arp_answer(
    const struct ann_tx *tx, const struct ann_link *link, const struct arp *request)
{
	struct arp arp = arp_answer(request, &link->mac);

	return send_arp(tx, link, &arp);
}

int
ann_tx_ndp_answer(
    const struct ann_tx *tx, const struct ann_link *link, const struct ndp *solicitation)
{
	struct ndp ndp =
	    ndp_answer(solicitation, &link->mac, ndp_source(link, &solicitation->target));

	return send_ndp(tx, link, &ndp);
}
