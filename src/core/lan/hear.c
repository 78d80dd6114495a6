/* SPDX-License-Identifier: Apache-2.0 */
#include "announce_impl.h"
#include "arplet/arena.h"

/* What an announcer does about the frames that come in. */

#define ANSWER_MS     1000  /* what a fellow's kernel says later than that was not our answer */

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

/* Where the frames of @mac are counted; a new one may take the place of who said the least. */
static struct rival *
rival_of(struct announced *seen, const struct mac *mac)
{
	struct rival *place;

	if (!seen->rivals)
		seen->rivals = xcalloc(ANN_RIVALS_MAX, sizeof(*seen->rivals));
	place = &seen->rivals[0];
	for (size_t i = 0; i < seen->n_rivals; i++) {
		if (mac_equal(&seen->rivals[i].mac, mac))
			return &seen->rivals[i];
		if (seen->rivals[i].frames < place->frames)
			place = &seen->rivals[i];
	}
	if (seen->n_rivals < ANN_RIVALS_MAX)
		place = &seen->rivals[seen->n_rivals++];
	*place = (struct rival){ .mac = *mac };
	return place;
}

static enum ann_policy
policy_for(const struct announcer *a, const struct ip *ip)
{
	return a->mouth.ops->policy ? a->mouth.ops->policy(a->mouth.arg, ip) : a->opts.policy;
}

/* What a rival's frame is, after what came before. */
static enum ann_event
rival_event(const struct announcer *a, const struct vip *vip, int64_t now_ms)
{
	const struct quarrel *q = &vip->quarrel;

	if (q->about != TROUBLE_RIVAL || now_ms - q->defended_ms >= ANNOUNCER_DEFEND_MS)
		return EV_RIVAL;
	if (now_ms - q->defended_ms < SAME_CLAIM_MS)
		return ANN_EVENTS;
	return policy_for(a, &vip->seen.ip) == POLICY_YIELD ? EV_RIVAL_WINS : EV_RIVAL_STAYS;
}

/* @mac has claimed, or answered for, an address that we hold or ask about. */
static void
hear_rival(struct announcer *a, struct lan *lan, struct vip *vip, const struct mac *mac,
    bool fellow, int64_t now_ms)
{
	struct quarrel *q = &vip->quarrel;
	enum ann_event event = EV_KERNEL;

	if (fellow && (!vip->asked_ms || now_ms - vip->asked_ms > ANSWER_MS)) {
		announcer_fire(a, lan, vip, EV_FELLOW, now_ms);
		return;
	}
	if (!fellow) {
		vip->seen.conflicts++;
		rival_of(&vip->seen, mac)->frames++;
		event = rival_event(a, vip, now_ms);
	} else if (q->about != TROUBLE_NONE && q->about != TROUBLE_KERNEL) {
		return; /* the rival is the worse trouble */
	}
	q->mac = *mac;
	q->heard_ms = now_ms;
	if (event != ANN_EVENTS)
		announcer_fire(a, lan, vip, event, now_ms);
}

static void
hear_arp_claim(
    struct announcer *a, struct lan *lan, struct vip *vip, const struct arp *arp, int64_t now_ms)
{
	bool fellow = from_fellow(a, &arp->sender_mac, &arp->ether_src);

	if (fellow && !mac_equal(&arp->ether_dst, &lan->mac)) /* what he tells all is no answer */
		announcer_fire(a, lan, vip, EV_FELLOW, now_ms);
	else
		hear_rival(a, lan, vip, &arp->sender_mac, fellow, now_ms);
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
		hear_rival(a, lan, vip, &peer, from_fellow(a, &peer, &ndp->ether_src), now_ms);
		break;
	case NDP_IGNORE:
		break;
	}
}
