/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announce.h"
#include "arplet/arena.h"
#include "say.h"

#include <assert.h>
#include <stdlib.h>

struct announcer {
	struct mouth mouth;
	struct announcer_opts opts;
	struct lans lans;
};

/*
 * Time to the next round.  While holding it differs by up to a quarter from one address to
 * another, so that addresses which were claimed together do not stay together.
 */
static int64_t
interval(const struct announcer *a, const struct vip *vip)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (vip->seen.state == ANN_CLAIMING)
		return a->opts.claim_ms;
	for (size_t i = 0; i < sizeof(vip->seen.ip.b); i++)
		hash = (hash ^ vip->seen.ip.b[i]) * 16777619u;
	return a->opts.refresh_ms - hash % (a->opts.refresh_ms / 4 + 1);
}

/* Begin a claim: the first round is due now, behind those that came before. */
static void
act_claim(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	(void)a;
	vip->rounds = 0;
	vip_wait_in_line(lan, vip, now_ms);
}

static void
act_say(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	vip->seen.gratuitous += say_round(&a->mouth, lan, &vip->seen.ip);
	vip->rounds++;
	vip_wait_until(lan, vip, now_ms + interval(a, vip));
}

static void
act_wait(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	(void)a, (void)now_ms;
	vip_stop_waiting(lan, vip);
}

static void
act_report(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	if (vip->seen.conflicts++ && now_ms - vip->reported_ms < ANNOUNCER_REPORT_MS)
		return;
	vip->reported_ms = now_ms;
	a->mouth.ops->on_conflict(a->mouth.arg, lan->ifindex, &vip->seen.ip, &vip->seen.rival);
}

enum ann_event {
	EV_LINK_UP, /* or it has a new MAC */
	EV_LINK_DOWN,
	EV_ROUND, /* a round is due, and the link's pace allows it */
	EV_LAST_ROUND,
	EV_CONFLICT,
	ANN_EVENTS
};

/*
 * The life of one address on one link.  An empty cell means: too late, ignore.  Whatever the
 * state, announcer_remove() ends it.
 *
 *   ELECTED --link up--> CLAIMING --last round--> HOLDING
 *      ^                  |  ^                     |  |
 *      +----link down-----+  +-----link up again---+  |
 *      +-----------------------link down--------------+
 *
 * Defence (RFC 5227 2.4) changes the two EV_CONFLICT rows and adds a state that yields.
 */
/* clang-format off */
static const struct {
	enum ann_state next;
	void (*act)(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms);
} steps[ANN_STATES][ANN_EVENTS] = {
	/* in           on                    go to         and do      */
	[ANN_ELECTED]  [EV_LINK_UP]    = { ANN_CLAIMING, act_claim  },
	[ANN_CLAIMING] [EV_LINK_UP]    = { ANN_CLAIMING, act_claim  },
	[ANN_CLAIMING] [EV_LINK_DOWN]  = { ANN_ELECTED,  act_wait   },
	[ANN_CLAIMING] [EV_ROUND]      = { ANN_CLAIMING, act_say    },
	[ANN_CLAIMING] [EV_LAST_ROUND] = { ANN_HOLDING,  act_say    },
	[ANN_CLAIMING] [EV_CONFLICT]   = { ANN_CLAIMING, act_report },
	[ANN_HOLDING]  [EV_LINK_UP]    = { ANN_CLAIMING, act_claim  },
	[ANN_HOLDING]  [EV_LINK_DOWN]  = { ANN_ELECTED,  act_wait   },
	[ANN_HOLDING]  [EV_ROUND]      = { ANN_HOLDING,  act_say    },
	[ANN_HOLDING]  [EV_CONFLICT]   = { ANN_HOLDING,  act_report },
};
/* clang-format on */

static void
fire(struct announcer *a, struct lan *lan, struct vip *vip, enum ann_event event, int64_t now_ms)
{
	enum ann_state from = vip->seen.state;

	if (!steps[from][event].act)
		return;
	vip->seen.state = steps[from][event].next;
	steps[from][event].act(a, lan, vip, now_ms);
}

/* May addresses of @family be announced on @lan now? */
static bool
usable(const struct lan *lan, uint8_t family)
{
	return lan->up && !lan->deaf[family == IPV6];
}

/* A link's addresses of one family hear what became of it; @was: it was usable before. */
static void
fire_all(struct announcer *a, struct lan *lan, uint8_t family, bool was, bool anew, int64_t now_ms)
{
	bool is = usable(lan, family);
	struct vip *vip;

	if (is == was && !(is && anew))
		return;
	RB_FOREACH(vip, vip_tree, &lan->vips) {
		if (vip->seen.ip.family == family)
			fire(a, lan, vip, is ? EV_LINK_UP : EV_LINK_DOWN, now_ms);
	}
}

struct announcer *
announcer_new(const struct announcer_ops *ops, void *arg, const struct announcer_opts *opts)
{
	struct announcer *a = xcalloc(1, sizeof(*a));

	assert(opts->claim_ms > 0 && opts->claim_rounds > 0 && opts->refresh_ms > 0);
	assert(opts->pace_ms > 0 && opts->pace_rounds > 0);
	a->mouth = (struct mouth){ ops, arg };
	a->opts = *opts;
	return a;
}

void
announcer_free(struct announcer *a)
{
	if (!a)
		return;
	lans_done(&a->lans);
	free(a);
}

void
announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms)
{
	struct lan *lan = lan_find_or_new(&a->lans, link->ifindex);
	bool new_mac = lan_appear(&a->lans, lan, &link->mac);
	bool was4 = usable(lan, IPV4), was6 = usable(lan, IPV6);
	const struct ip *own = link_local(link);

	lan->up = link->up && link->ether;
	lan->link_local = own ? *own : (struct ip){ 0 };
	fire_all(a, lan, IPV4, was4, new_mac, now_ms);
	fire_all(a, lan, IPV6, was6, new_mac, now_ms);
}

void
announcer_set_deaf(struct announcer *a, int ifindex, uint8_t family, bool deaf, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	bool was = lan && usable(lan, family);

	if (!lan)
		return;
	lan->deaf[family == IPV6] = deaf;
	fire_all(a, lan, family, was, false, now_ms);
}

void
announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	bool was4 = lan && usable(lan, IPV4), was6 = lan && usable(lan, IPV6);

	if (!lan)
		return;
	lan_vanish(&a->lans, lan);
	lan->up = false;
	fire_all(a, lan, IPV4, was4, false, now_ms);
	fire_all(a, lan, IPV6, was6, false, now_ms);
	lan_free_if_idle(&a->lans, lan);
}

void
announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct lan *lan = lan_find_or_new(&a->lans, ifindex);
	struct vip *vip;

	if (vip_find(lan, ip))
		return;
	vip = vip_new(lan, ip);
	if (usable(lan, ip->family))
		fire(a, lan, vip, EV_LINK_UP, now_ms);
}

void
announcer_remove(struct announcer *a, const struct ip *ip, int ifindex)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *vip = lan ? vip_find(lan, ip) : NULL;

	if (!vip)
		return;
	vip_free(lan, vip);
	lan_free_if_idle(&a->lans, lan);
}

/* @ip, when we answer for it on @lan. */
static struct vip *
held(const struct lan *lan, const struct ip *ip)
{
	struct vip *vip = vip_find(lan, ip);

	return vip && vip->seen.state != ANN_ELECTED ? vip : NULL;
}

static void
count_answer(struct vip *vip, int rc)
{
	vip->seen.requests++;
	vip->seen.answers += rc >= 0;
}

void
announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *asked = lan ? held(lan, &arp->target_ip) : NULL;
	struct vip *claimed = lan ? held(lan, &arp->sender_ip) : NULL;
	struct arp_host host;

	if (!asked && !claimed)
		return;
	host.mac = lan->mac;
	host.from_us =
	    lans_have_mac(&a->lans, &arp->sender_mac) || lans_have_mac(&a->lans, &arp->ether_src);
	host.holds_sender = claimed;
	host.holds_target = asked;
	switch (arp_judge(arp, &host)) {
	case ARP_ANSWER:
		count_answer(asked, say_arp_answer(&a->mouth, lan, arp));
		break;
	case ARP_CONFLICT:
		claimed->seen.rival = arp->sender_mac;
		fire(a, lan, claimed, EV_CONFLICT, now_ms);
		break;
	case ARP_IGNORE:
		break;
	}
}

void
announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *vip = lan ? held(lan, &ndp->target) : NULL;
	const struct mac peer = ndp_mac_of(ndp);
	struct ndp_host host;

	if (!vip)
		return;
	host.mac = lan->mac;
	host.from_us = lans_have_mac(&a->lans, &peer) || lans_have_mac(&a->lans, &ndp->ether_src);
	host.holds_target = true;
	switch (ndp_judge(ndp, &host)) {
	case NDP_ANSWER:
		count_answer(vip, say_ndp_answer(&a->mouth, lan, ndp));
		break;
	case NDP_CONFLICT:
		vip->seen.rival = peer;
		fire(a, lan, vip, EV_CONFLICT, now_ms);
		break;
	case NDP_IGNORE:
		break;
	}
}

int64_t
announcer_next_ms(const struct announcer *a)
{
	int64_t next_ms = INT64_MAX;
	struct lan *lan;

	RB_FOREACH(lan, lan_tree, (struct lan_tree *)&a->lans.by_index) {
		const struct vip *vip = lan_first_due(lan);
		int64_t due_ms = vip ? vip->due_ms : INT64_MAX;

		if (vip && !lan->pace_left && due_ms < lan->pace_from_ms + a->opts.pace_ms)
			due_ms = lan->pace_from_ms + a->opts.pace_ms;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

static void
tick_lan(struct announcer *a, struct lan *lan, int64_t now_ms)
{
	struct vip *vip;

	if (now_ms >= lan->pace_from_ms + a->opts.pace_ms) {
		lan->pace_from_ms = now_ms;
		lan->pace_left = a->opts.pace_rounds;
	}
	while (lan->pace_left && (vip = lan_first_due(lan)) && vip->due_ms <= now_ms) {
		bool last =
		    vip->seen.state == ANN_CLAIMING && vip->rounds + 1 >= a->opts.claim_rounds;

		lan->pace_left--;
		fire(a, lan, vip, last ? EV_LAST_ROUND : EV_ROUND, now_ms);
	}
}

void
announcer_tick(struct announcer *a, int64_t now_ms)
{
	struct lan *lan;

	RB_FOREACH(lan, lan_tree, &a->lans.by_index)
		tick_lan(a, lan, now_ms);
}

void
announcer_each(
    const struct announcer *a, void (*fn)(void *arg, const struct announced *announced), void *arg)
{
	struct lan *lan;
	struct vip *vip;

	RB_FOREACH(lan, lan_tree, (struct lan_tree *)&a->lans.by_index) {
		RB_FOREACH(vip, vip_tree, (struct vip_tree *)&lan->vips)
			fn(arg, &vip->seen);
	}
}

size_t
announcer_addresses(
    const struct announcer *a, int ifindex, uint8_t family, struct ip *ret_ips, size_t max)
{
	const struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *vip;
	size_t n = 0;

	if (!lan)
		return 0;
	RB_FOREACH(vip, vip_tree, (struct vip_tree *)&lan->vips) {
		if (vip->seen.ip.family != family)
			continue;
		if (n < max)
			ret_ips[n] = vip->seen.ip;
		n++;
	}
	return n;
}
