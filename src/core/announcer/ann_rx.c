/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_conflict.h"
#include "ann_fsm.h"
#include "arplet/announcer.h"
#include "arplet/arena.h"

/* Answers ARP requests and neighbour solicitations, and detects address conflicts. */

#define ANSWER_MS 1000 /* a peer answers our probe within this time, or not at all */

/* Finds an address whose state is CLAIMING, HOLDING or PROBING; NULL: there is none. */
static struct ann_vip *
find_vip(const struct ann_link *link, const struct ip *ip)
{
	struct ann_vip *vip = ann_vip_find(link, ip);

	if (!vip || (!announcer_answers(vip->status.state) && vip->status.state != ANN_PROBING))
		return NULL;
	return vip;
}

static bool
answers(const struct ann_vip *vip)
{
	return vip && announcer_answers(vip->status.state);
}

static void
count_answer(struct ann_vip *vip, int rc)
{
	vip->status.requests++;
	vip->status.answers += rc >= 0;
}

/* True if @mac or @ether_src of a received frame is the MAC of a link of this node. */
static bool
from_us(const struct announcer *a, const struct mac *mac, const struct mac *ether_src)
{
	return ann_links_have_mac(&a->links, mac) || ann_links_have_mac(&a->links, ether_src);
}

static bool
from_peer(const struct announcer *a, const struct mac *mac, const struct mac *ether_src)
{
	return ann_links_have_peer(&a->links, mac) || ann_links_have_peer(&a->links, ether_src);
}

/* The counter for host @mac.  A new host uses a free counter, or replaces the lowest counter. */
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
	return a->tx.ops->policy ? a->tx.ops->policy(a->tx.arg, ip) : a->opts.policy;
}

/* The event for a conflicting host's frame; ANN_EVENTS: no event, because we have just defended. */
static enum ann_event
conflict_event(const struct announcer *a, const struct ann_vip *vip, int64_t now_ms)
{
	const struct conflict *c = &vip->conflict;

	if (c->kind != CONFLICT_DEFENDED || now_ms - c->defended_ms >= ANNOUNCER_DEFEND_MS)
		return EV_CONFLICT;
	if (now_ms - c->defended_ms < SAME_CLAIM_MS)
		return ANN_EVENTS;
	return policy_for(a, &vip->status.ip) == POLICY_YIELD ? EV_CONFLICT_YIELD
							       : EV_CONFLICT_AGAIN;
}

/* True if a frame that this node receives now can be an answer to its probe of the address. */
static bool
awaits_answer(const struct ann_vip *vip, int64_t now_ms)
{
	return vip->probed_ms && now_ms - vip->probed_ms <= ANSWER_MS;
}

static bool
is_proxy_host(const struct announcer *a, const struct ann_link *link, const struct ann_vip *vip,
    const struct mac *mac, int64_t now_ms)
{
	const struct announcer_ops *ops = a->tx.ops;

	return ops->is_proxy_host &&
	    ops->is_proxy_host(a->tx.arg, link->ifindex, &vip->status.ip, mac, now_ms);
}

static bool
peer_may_answer(const struct announcer *a, const struct ann_link *link, const struct ann_vip *vip,
    const struct mac *mac)
{
	const struct announcer_ops *ops = a->tx.ops;

	return ops->peer_may_answer &&
	    ops->peer_may_answer(a->tx.arg, link->ifindex, &vip->status.ip, mac);
}

/* A frame by which another host claims an address that this node holds or probes. */
struct claim {
	struct mac mac;
	bool is_peer;   /* the host is a peer */
	bool is_answer; /* the frame answers our probe; else it announces the address */
};

static void
on_claim(struct announcer *a, struct ann_link *link, struct ann_vip *vip, const struct claim *claim,
    int64_t now_ms)
{
	struct conflict *c = &vip->conflict;
	enum ann_event event = EV_PEER_ANSWERED;

	if (claim->is_peer && !claim->is_answer) {
		ann_fsm_fire(a, link, vip, EV_PEER_ANNOUNCED, now_ms);
		return;
	}
	if (!claim->is_peer) {
		vip->status.conflicts++;
		host_of(&vip->status, &claim->mac)->frames++;
		if (is_proxy_host(a, link, vip, &claim->mac, now_ms)) {
			if (!claim->is_answer)
				conflict_defend_only(a, link, vip, now_ms);
			return;
		}
		event = conflict_event(a, vip, now_ms);
	} else if (c->kind != CONFLICT_NONE && c->kind != CONFLICT_PEER_KERNEL) {
		return; /* keep the conflict with a host outside the cluster */
	} else if (peer_may_answer(a, link, vip, &claim->mac)) {
		return;
	}
	c->mac = claim->mac;
	c->received_ms = now_ms;
	if (event != ANN_EVENTS)
		ann_fsm_fire(a, link, vip, event, now_ms);
}

/* A broadcast ARP frame does not answer our probe; it announces the address. */
static void
on_arp_claim(struct announcer *a, struct ann_link *link, struct ann_vip *vip, const struct arp *arp,
    int64_t now_ms)
{
	const struct claim claim = { arp->sender_mac,
		from_peer(a, &arp->sender_mac, &arp->ether_src),
		mac_equal(&arp->ether_dst, &link->mac) && awaits_answer(vip, now_ms) };

	on_claim(a, link, vip, &claim, now_ms);
}

static void
on_ndp_claim(struct announcer *a, struct ann_link *link, struct ann_vip *vip, const struct ndp *ndp,
    int64_t now_ms)
{
	const struct mac sender = ndp_mac_of(ndp);
	const struct claim claim = { sender, from_peer(a, &sender, &ndp->ether_src),
		awaits_answer(vip, now_ms) };

	on_claim(a, link, vip, &claim, now_ms);
}

void
announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *requested = link ? find_vip(link, &arp->target_ip) : NULL;
	struct ann_vip *claimed = link ? find_vip(link, &arp->sender_ip) : NULL;
	struct arp_host host;

	if (!requested && !claimed)
		return;
	host.mac = link->mac;
	host.from_us = from_us(a, &arp->sender_mac, &arp->ether_src);
	host.holds_sender = claimed;
	host.holds_target = answers(requested);
	switch (arp_judge(arp, &host)) {
	case ARP_ANSWER:
		count_answer(requested, ann_tx_arp_answer(&a->tx, link, arp));
		break;
	case ARP_CONFLICT:
		on_arp_claim(a, link, claimed, arp, now_ms);
		break;
	case ARP_IGNORE:
		break;
	}
}

void
announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *vip = link ? find_vip(link, &ndp->target) : NULL;
	const struct mac sender = ndp_mac_of(ndp);
	struct ndp_host host;

	if (!vip || (ndp->type == NDP_SOLICITATION && !answers(vip)))
		return;
	host.mac = link->mac;
	host.from_us = from_us(a, &sender, &ndp->ether_src);
	host.holds_target = true;
	switch (ndp_judge(ndp, &host)) {
	case NDP_ANSWER:
		count_answer(vip, ann_tx_ndp_answer(&a->tx, link, ndp));
		break;
	case NDP_CONFLICT:
		on_ndp_claim(a, link, vip, ndp, now_ms);
		break;
	case NDP_IGNORE:
		break;
	}
}
