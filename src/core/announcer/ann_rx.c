/* SPDX-License-Identifier: Apache-2.0 */
#include "announcer_impl.h"
#include "arplet/arena.h"

/* What an announcer does about the frames that come in. */

#define ANSWER_MS     1000  /* what a fellow's kernel says later than that was not our answer */

/* @ip, when we answer for it on @ann_link, or ask whether we may. */
static struct ann_vip *
find_vip(const struct ann_link *ann_link, const struct ip *ip)
{
	struct ann_vip *ann_vip = ann_vip_find(ann_link, ip);

	return ann_vip && (announcer_answers(ann_vip->status.state) || ann_vip->status.state == ANN_PROBING) ? ann_vip
		: NULL;
}

static bool
answers(const struct ann_vip *ann_vip)
{
	return ann_vip && announcer_answers(ann_vip->status.state);
}

static void
count_answer(struct ann_vip *ann_vip, int rc)
{
	ann_vip->status.requests++;
	ann_vip->status.answers += rc >= 0;
}

static bool
from_peer(const struct announcer *a, const struct mac *mac, const struct mac *ether_src)
{
	return ann_links_have_peer(&a->ann_links, mac) || ann_links_have_peer(&a->ann_links, ether_src);
}

/* Where the frames of @mac are counted; a new one may take the place of who said the least. */
static struct conflicting_host *
host_of(struct ann_status *status, const struct mac *mac)
{
	struct conflicting_host *place;

	if (!status->hosts)
		status->hosts = xcalloc(ANN_HOSTS_MAX, sizeof(*status->hosts));
	place = &status->hosts[0];
	for (size_t i = 0; i < status->n_hosts; i++) {
		if (mac_equal(&status->hosts[i].mac, mac))
			return &status->hosts[i];
		if (status->hosts[i].frames < place->frames)
			place = &status->hosts[i];
	}
	if (status->n_hosts < ANN_HOSTS_MAX)
		place = &status->hosts[status->n_hosts++];
	*place = (struct conflicting_host){ .mac = *mac };
	return place;
}

static enum ann_policy
policy_for(const struct announcer *a, const struct ip *ip)
{
	return a->ann_tx.ops->policy ? a->ann_tx.ops->policy(a->ann_tx.arg, ip) : a->opts.policy;
}

/* What a rival's frame is, after what came before. */
static enum ann_event
conflict_event(const struct announcer *a, const struct ann_vip *ann_vip, int64_t now_ms)
{
	const struct conflict *q = &ann_vip->conflict;

	if (q->kind != CONFLICT_DEFENDED || now_ms - q->defended_ms >= ANNOUNCER_DEFEND_MS)
		return EV_CONFLICT;
	if (now_ms - q->defended_ms < SAME_CLAIM_MS)
		return ANN_EVENTS;
	return policy_for(a, &ann_vip->status.ip) == POLICY_YIELD ? EV_CONFLICT_YIELD : EV_CONFLICT_AGAIN;
}

/* @mac has claimed, or answered for, an address that we hold or ask about. */
static void
on_claim(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, const struct mac *mac,
    bool is_peer, int64_t now_ms)
{
	struct conflict *q = &ann_vip->conflict;
	enum ann_event event = EV_PEER_KERNEL;

	if (is_peer && (!ann_vip->probed_ms || now_ms - ann_vip->probed_ms > ANSWER_MS)) {
		announcer_fire(a, ann_link, ann_vip, EV_PEER_ANNOUNCED, now_ms);
		return;
	}
	if (!is_peer) {
		ann_vip->status.conflicts++;
		host_of(&ann_vip->status, mac)->frames++;
		event = conflict_event(a, ann_vip, now_ms);
	} else if (q->kind != CONFLICT_NONE && q->kind != CONFLICT_PEER_KERNEL) {
		return; /* the rival is the worse trouble */
	}
	q->mac = *mac;
	q->heard_ms = now_ms;
	if (event != ANN_EVENTS)
		announcer_fire(a, ann_link, ann_vip, event, now_ms);
}

static void
on_arp_claim(
    struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, const struct arp *arp, int64_t now_ms)
{
	bool is_peer = from_peer(a, &arp->sender_mac, &arp->ether_src);

	if (is_peer && !mac_equal(&arp->ether_dst, &ann_link->mac)) /* what he tells all is no answer */
		announcer_fire(a, ann_link, ann_vip, EV_PEER_ANNOUNCED, now_ms);
	else
		on_claim(a, ann_link, ann_vip, &arp->sender_mac, is_peer, now_ms);
}

void
announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip *asked = ann_link ? find_vip(ann_link, &arp->target_ip) : NULL;
	struct ann_vip *claimed = ann_link ? find_vip(ann_link, &arp->sender_ip) : NULL;
	struct arp_host host;

	if (!asked && !claimed)
		return;
	host.mac = ann_link->mac;
	host.from_us =
	    ann_links_have_mac(&a->ann_links, &arp->sender_mac) || ann_links_have_mac(&a->ann_links, &arp->ether_src);
	host.holds_sender = claimed;
	host.holds_target = answers(asked);
	switch (arp_judge(arp, &host)) {
	case ARP_ANSWER:
		count_answer(asked, ann_tx_arp_answer(&a->ann_tx, ann_link, arp));
		break;
	case ARP_CONFLICT:
		on_arp_claim(a, ann_link, claimed, arp, now_ms);
		break;
	case ARP_IGNORE:
		break;
	}
}

void
announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip *ann_vip = ann_link ? find_vip(ann_link, &ndp->target) : NULL;
	const struct mac peer = ndp_mac_of(ndp);
	struct ndp_host host;

	if (!ann_vip || (ndp->type == NDP_SOLICITATION && !answers(ann_vip)))
		return;
	host.mac = ann_link->mac;
	host.from_us = ann_links_have_mac(&a->ann_links, &peer) || ann_links_have_mac(&a->ann_links, &ndp->ether_src);
	host.holds_target = true;
	switch (ndp_judge(ndp, &host)) {
	case NDP_ANSWER:
		count_answer(ann_vip, ann_tx_ndp_answer(&a->ann_tx, ann_link, ndp));
		break;
	case NDP_CONFLICT:
		on_claim(a, ann_link, ann_vip, &peer, from_peer(a, &peer, &ndp->ether_src), now_ms);
		break;
	case NDP_IGNORE:
		break;
	}
}
