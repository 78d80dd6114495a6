/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announce.h"
#include "announce_impl.h"
#include "arplet/arena.h"

#include <assert.h>
#include <stdlib.h>

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
	if (vip->quarrel.about)
		return DEFEND_ASK_MS;
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

/* The first round of a claim asks who else has the address, as do its last and later ones. */
static void
act_say(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	vip->seen.gratuitous += say_round(&a->mouth, lan, &vip->seen.ip);
	if (!vip->rounds || vip->quarrel.about || vip->seen.state == ANN_HOLDING)
		defend_ask(a, lan, vip, now_ms);
	vip->rounds++;
	vip_wait_until(lan, vip, now_ms + interval(a, vip));
}

static void
act_reclaim(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	defend_forget(a, lan, vip);
	act_claim(a, lan, vip, now_ms);
}

static void
act_wait(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	(void)now_ms;
	vip_stop_waiting(lan, vip);
	defend_forget(a, lan, vip);
}

/*
 * The life of one address on one link.  An empty cell means: too late, ignore.  Whatever the
 * state, announcer_remove() ends it, and a link that goes down leads back to ELECTED.
 *
 *   ELECTED --link up--> CLAIMING --last round--> HOLDING
 *                         ^  |  ^                  |   |
 *                         |  |  +--link up again---+   |
 *                         |  +--------+----------------+
 *              nobody     |           | a rival stays, and the policy is to yield
 *              answers    |           v
 *                      PROBING <-- YIELDED
 *                         |  yield_ms ^
 *                         +-----------+ somebody answers
 */
/* clang-format off */
static const struct {
	enum ann_state next;
	ann_act *act;
} steps[ANN_STATES][ANN_EVENTS] = {
	/* in           on                     go to         and do       */
	[ANN_ELECTED]  [EV_LINK_UP]     = { ANN_CLAIMING, act_claim   },
	[ANN_CLAIMING] [EV_LINK_UP]     = { ANN_CLAIMING, act_claim   },
	[ANN_CLAIMING] [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_CLAIMING] [EV_ROUND]       = { ANN_CLAIMING, act_say     },
	[ANN_CLAIMING] [EV_LAST_ROUND]  = { ANN_HOLDING,  act_say     },
	[ANN_CLAIMING] [EV_RIVAL]       = { ANN_CLAIMING, act_defend  },
	[ANN_CLAIMING] [EV_FELLOW]      = { ANN_CLAIMING, act_again   },
	[ANN_CLAIMING] [EV_REMIND]     = { ANN_CLAIMING, act_remind  },
	[ANN_CLAIMING] [EV_RIVAL_STAYS] = { ANN_CLAIMING, act_bear    },
	[ANN_CLAIMING] [EV_RIVAL_WINS]  = { ANN_YIELDED,  act_yield   },
	[ANN_HOLDING]  [EV_LINK_UP]     = { ANN_CLAIMING, act_claim   },
	[ANN_HOLDING]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_HOLDING]  [EV_ROUND]       = { ANN_HOLDING,  act_say     },
	[ANN_HOLDING]  [EV_ASK]         = { ANN_HOLDING,  act_ask     },
	[ANN_HOLDING]  [EV_RIVAL]       = { ANN_HOLDING,  act_defend  },
	[ANN_HOLDING]  [EV_RIVAL_STAYS] = { ANN_HOLDING,  act_bear    },
	[ANN_HOLDING]  [EV_RIVAL_WINS]  = { ANN_YIELDED,  act_yield   },
	[ANN_HOLDING]  [EV_FELLOW]      = { ANN_HOLDING,  act_again   },
	[ANN_HOLDING]  [EV_REMIND]     = { ANN_HOLDING,  act_remind  },
	[ANN_HOLDING]  [EV_KERNEL]      = { ANN_HOLDING,  act_suspect },
	[ANN_YIELDED]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_YIELDED]  [EV_ROUND]       = { ANN_PROBING,  act_probe   },
	[ANN_PROBING]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_PROBING]  [EV_ROUND]       = { ANN_PROBING,  act_probe   },
	[ANN_PROBING]  [EV_LAST_ROUND]  = { ANN_CLAIMING, act_reclaim },
	[ANN_PROBING]  [EV_RIVAL]       = { ANN_YIELDED,  act_yield   },
};
/* clang-format on */

void
announcer_fire(
    struct announcer *a, struct lan *lan, struct vip *vip, enum ann_event event, int64_t now_ms)
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
			announcer_fire(a, lan, vip, is ? EV_LINK_UP : EV_LINK_DOWN, now_ms);
	}
}

struct announcer *
announcer_new(const struct announcer_ops *ops, void *arg, const struct announcer_opts *opts)
{
	struct announcer *a = xcalloc(1, sizeof(*a));

	assert(opts->claim_ms > 0 && opts->claim_rounds > 0 && opts->refresh_ms > 0);
	assert(opts->pace_ms > 0 && opts->pace_rounds > 0);
	assert(opts->yield_ms > 0);
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
		announcer_fire(a, lan, vip, EV_LINK_UP, now_ms);
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

void
announcer_remind(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip *vip = lan ? vip_find(lan, ip) : NULL;

	if (vip)
		announcer_fire(a, lan, vip, EV_REMIND, now_ms);
}

void
announcer_set_fellow(struct announcer *a, const struct mac *mac, bool fellow)
{
	lans_set_fellow(&a->lans, mac, fellow);
}

bool
announcer_knows(const struct announcer *a, const struct mac *mac)
{
	return lans_have_mac(&a->lans, mac) || lans_have_fellow(&a->lans, mac);
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

/* What it is that is due for @vip now. */
static enum ann_event
due_event(const struct announcer *a, const struct vip *vip)
{
	switch (vip->seen.state) {
	case ANN_CLAIMING:
		return vip->rounds + 1 >= a->opts.claim_rounds ? EV_LAST_ROUND : EV_ROUND;
	case ANN_HOLDING:
		return vip->quarrel.about ? EV_ASK : EV_ROUND;
	case ANN_PROBING:
		return defend_asked_all(vip) ? EV_LAST_ROUND : EV_ROUND;
	default:
		return EV_ROUND;
	}
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
		lan->pace_left--;
		announcer_fire(a, lan, vip, due_event(a, vip), now_ms);
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

bool
announcer_serves(const struct announcer *a, int ifindex, uint8_t family)
{
	const struct lan *lan = lan_find(&a->lans, ifindex);
	struct vip_tree *vips = lan ? (struct vip_tree *)&lan->vips : NULL;
	const struct vip *first = lan ? RB_MIN(vip_tree, vips) : NULL;

	/* they are sorted by family */
	return first && (first->seen.ip.family == family ||
	    RB_MAX(vip_tree, vips)->seen.ip.family == family);
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
