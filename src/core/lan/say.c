/* SPDX-License-Identifier: Apache-2.0 */
#include "say.h"

static int
send_arp(const struct mouth *mouth, const struct lan *lan, const struct arp *arp)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(arp, frame);
	return mouth->ops->send(mouth->arg, lan->ifindex, IPV4, frame, sizeof(frame));
}

static int
send_ndp(const struct mouth *mouth, const struct lan *lan, const struct ndp *ndp)
{
	uint8_t frame[NDP_FRAME_MAX];
	size_t len = ndp_build(ndp, frame);

	return mouth->ops->send(mouth->arg, lan->ifindex, IPV6, frame, len);
}

/*
 * RFC 4861 4.4 wants a source that is assigned to the interface.  The addresses that we announce
 * are not: kube-proxy takes their packets before the kernel asks whose they are.  The link-local
 * one is, and switches that guard against forged advertisements know it; without one the
 * address speaks for itself.
 */
static const struct ip *
ndp_source(const struct lan *lan, const struct ip *ip)
{
	return lan->link_local.family ? &lan->link_local : ip;
}

unsigned int
say_round(const struct mouth *mouth, const struct lan *lan, const struct ip *ip)
{
	/* A request for those that listen to requests, a reply for those that do not. */
	static const enum arp_notice round[] = { ARP_GRATUITOUS_REQUEST, ARP_GRATUITOUS_REPLY };
	unsigned int left = 0;

	if (ip->family == IPV6) {
		struct ndp ndp = ndp_notice(&lan->mac, ndp_source(lan, ip), ip);

		return send_ndp(mouth, lan, &ndp) >= 0;
	}
	for (size_t i = 0; i < sizeof(round) / sizeof(round[0]); i++) {
		struct arp arp = arp_notice(round[i], &lan->mac, ip);

		left += send_arp(mouth, lan, &arp) >= 0;
	}
	return left;
}

int
say_defence(const struct mouth *mouth, const struct lan *lan, const struct ip *ip)
{
	struct arp arp;

	if (ip->family == IPV6)
		return say_round(mouth, lan, ip) ? 0 : -1;
	arp = arp_notice(ARP_ANNOUNCEMENT, &lan->mac, ip);
	return send_arp(mouth, lan, &arp);
}

int
say_probe(const struct mouth *mouth, const struct lan *lan, const struct ip *ip)
{
	if (ip->family == IPV6) {
		struct ndp ndp = ndp_probe(&lan->mac, ip);

		return send_ndp(mouth, lan, &ndp);
	} else {
		struct arp arp = arp_notice(ARP_PROBE, &lan->mac, ip);

		return send_arp(mouth, lan, &arp);
	}
}

int
say_arp_answer(const struct mouth *mouth, const struct lan *lan, const struct arp *request)
{
	struct arp arp = arp_answer(request, &lan->mac);

	return send_arp(mouth, lan, &arp);
}

int
say_ndp_answer(const struct mouth *mouth, const struct lan *lan, const struct ndp *solicitation)
{
	struct ndp ndp =
	    ndp_answer(solicitation, &lan->mac, ndp_source(lan, &solicitation->target));

	return send_ndp(mouth, lan, &ndp);
}
