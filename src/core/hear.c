/* SPDX-License-Identifier: Apache-2.0 */
#include "announce_impl.h"

/* What an announcer does about the frames that come in. */

/* @ip, when we answer for it on @lan, or ask whether we may. */
static struct vip *
concerned(const struct lan *lan, const struct ip *ip)
{
	struct vip *vip = vip_find(lan, ip);

	return vip && (announcer_answers(vip->seen.state) || vip->seen.state == ANN_PROBING) ? vip
		: NULL;
}

static bool
answers(const struct vip *vip)
{
	return vip && announcer_answers(vip->seen.state);
}

static void
count_answer(struct vip *vip, int rc)
{
	vip->seen.requests++;
	vip->seen.answers += rc >= 0;
}

static bool
from_fellow(const struct announcer *a, const struct mac *mac, const struct mac *ether_src)
{
	return lans_have_fellow(&a->lans, mac) || lans_have_fellow(&a->lans, ether_src);
}

static void
hear_arp_claim(
    struct announcer *a, struct lan *lan, struct vip *vip, const struct arp *arp, int64_t now_ms)
{
	bool fellow = from_fellow(a, &arp->sender_mac, &arp->ether_src);

	if (!fellow || mac_equal(&arp->ether_dst, &lan->mac)) /* what he tells all is no answer */
		defend_hear(a, lan, vip, &arp->sender_mac, fellow, now_ms);
}

void
announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *asked = lan ? concerned(lan, &arp->target_ip) : NULL;
	struct vip *claimed = lan ? concerned(lan, &arp->sender_ip) : NULL;
	struct arp_host host;

	if (!asked && !claimed)
		return;
	host.mac = lan->mac;
	host.from_us =
	    lans_have_mac(&a->lans, &arp->sender_mac) || lans_have_mac(&a->lans, &arp->ether_src);
	host.holds_sender = claimed;
	host.holds_target = answers(asked);
	switch (arp_judge(arp, &host)) {
	case ARP_ANSWER:
		count_answer(asked, say_arp_answer(&a->mouth, lan, arp));
		break;
	case ARP_CONFLICT:
		hear_arp_claim(a, lan, claimed, arp, now_ms);
		break;
	case ARP_IGNORE:
		break;
	}
}

void
announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *vip = lan ? concerned(lan, &ndp->target) : NULL;
	const struct mac peer = ndp_mac_of(ndp);
	struct ndp_host host;

	if (!vip || (ndp->type == NDP_SOLICITATION && !answers(vip)))
		return;
	host.mac = lan->mac;
	host.from_us = lans_have_mac(&a->lans, &peer) || lans_have_mac(&a->lans, &ndp->ether_src);
	host.holds_target = true;
	switch (ndp_judge(ndp, &host)) {
	case NDP_ANSWER:
		count_answer(vip, say_ndp_answer(&a->mouth, lan, ndp));
		break;
	case NDP_CONFLICT:
		defend_hear(a, lan, vip, &peer, from_fellow(a, &peer, &ndp->ether_src), now_ms);
		break;
	case NDP_IGNORE:
		break;
	}
}
