/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announcer.h"
#include "announcer_impl.h"
#include "arplet/arena.h"

#include <assert.h>
#include <stdlib.h>

/*
 * Time to the next round.  While holding it differs by up to a quarter from one address to
 * another, so that addresses which were claimed together do not stay together.
 */
static int64_t
interval(const struct announcer *a, const struct ann_vip *ann_vip)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (ann_vip->status.state == ANN_CLAIMING)
		return a->opts.claim_ms;
	if (ann_vip->conflict.kind)
		return CONFLICT_PROBE_MS;
	for (size_t i = 0; i < sizeof(ann_vip->status.ip.b); i++)
		hash = (hash ^ ann_vip->status.ip.b[i]) * 16777619u;
	return a->opts.refresh_ms - hash % (a->opts.refresh_ms / 4 + 1);
}

/* Begin a claim: the first round is due now, behind those that came before. */
static void
act_claim(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	(void)a;
	ann_vip->rounds = 0;
	ann_vip_queue(ann_link, ann_vip, now_ms);
}

/* The first round of a claim asks who else has the address, as do its last and later ones. */
static void
act_send_round(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	ann_vip->status.gratuitous += ann_tx_round(&a->ann_tx, ann_link, &ann_vip->status.ip);
	if (!ann_vip->rounds || ann_vip->conflict.kind || ann_vip->status.state == ANN_HOLDING)
		conflict_probe(a, ann_link, ann_vip, now_ms);
	ann_vip->rounds++;
	ann_vip_schedule(ann_link, ann_vip, now_ms + interval(a, ann_vip));
}

static void
act_reclaim(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	conflict_forget(a, ann_link, ann_vip);
	act_claim(a, ann_link, ann_vip, now_ms);
}

static void
act_wait(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	(void)now_ms;
	ann_vip_unschedule(ann_link, ann_vip);
	conflict_forget(a, ann_link, ann_vip);
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
	[ANN_CLAIMING] [EV_ROUND]       = { ANN_CLAIMING, act_send_round     },
	[ANN_CLAIMING] [EV_LAST_ROUND]  = { ANN_HOLDING,  act_send_round     },
	[ANN_CLAIMING] [EV_CONFLICT]       = { ANN_CLAIMING, act_defend  },
	[ANN_CLAIMING] [EV_PEER_ANNOUNCED]      = { ANN_CLAIMING, act_reannounce_after_peer   },
	[ANN_CLAIMING] [EV_REANNOUNCE]     = { ANN_CLAIMING, act_reannounce  },
	[ANN_CLAIMING] [EV_CONFLICT_AGAIN] = { ANN_CLAIMING, act_report_conflict    },
	[ANN_CLAIMING] [EV_CONFLICT_YIELD]  = { ANN_YIELDED,  act_yield   },
	[ANN_HOLDING]  [EV_LINK_UP]     = { ANN_CLAIMING, act_claim   },
	[ANN_HOLDING]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_HOLDING]  [EV_ROUND]       = { ANN_HOLDING,  act_send_round     },
	[ANN_HOLDING]  [EV_PROBE]         = { ANN_HOLDING,  act_probe_conflict     },
	[ANN_HOLDING]  [EV_CONFLICT]       = { ANN_HOLDING,  act_defend  },
	[ANN_HOLDING]  [EV_CONFLICT_AGAIN] = { ANN_HOLDING,  act_report_conflict    },
	[ANN_HOLDING]  [EV_CONFLICT_YIELD]  = { ANN_YIELDED,  act_yield   },
	[ANN_HOLDING]  [EV_PEER_ANNOUNCED]      = { ANN_HOLDING,  act_reannounce_after_peer   },
	[ANN_HOLDING]  [EV_REANNOUNCE]     = { ANN_HOLDING,  act_reannounce  },
	[ANN_HOLDING]  [EV_PEER_KERNEL]      = { ANN_HOLDING,  act_note_peer_kernel },
	[ANN_YIELDED]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_YIELDED]  [EV_ROUND]       = { ANN_PROBING,  act_probe   },
	[ANN_PROBING]  [EV_LINK_DOWN]   = { ANN_ELECTED,  act_wait    },
	[ANN_PROBING]  [EV_ROUND]       = { ANN_PROBING,  act_probe   },
	[ANN_PROBING]  [EV_LAST_ROUND]  = { ANN_CLAIMING, act_reclaim },
	[ANN_PROBING]  [EV_CONFLICT]       = { ANN_YIELDED,  act_yield   },
};
/* clang-format on */

void
announcer_fire(
    struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, enum ann_event event, int64_t now_ms)
{
	enum ann_state from = ann_vip->status.state;

	if (!steps[from][event].act)
		return;
	ann_vip->status.state = steps[from][event].next;
	steps[from][event].act(a, ann_link, ann_vip, now_ms);
}

/* May addresses of @family be announced on @ann_link now? */
static bool
usable(const struct ann_link *ann_link, uint8_t family)
{
	return ann_link->up && !ann_link->no_socket[family == IPV6];
}

/* A link's addresses of one family hear what became of it; @was: it was usable before. */
static void
fire_all(struct announcer *a, struct ann_link *ann_link, uint8_t family, bool was, bool anew, int64_t now_ms)
{
	bool is = usable(ann_link, family);
	struct ann_vip *ann_vip;

	if (is == was && !(is && anew))
		return;
	RB_FOREACH(ann_vip, ann_vip_tree, &ann_link->vips) {
		if (ann_vip->status.ip.family == family)
			announcer_fire(a, ann_link, ann_vip, is ? EV_LINK_UP : EV_LINK_DOWN, now_ms);
	}
}

struct announcer *
announcer_new(const struct announcer_ops *ops, void *arg, const struct announcer_opts *opts)
{
	struct announcer *a = xcalloc(1, sizeof(*a));

	assert(opts->claim_ms > 0 && opts->claim_rounds > 0 && opts->refresh_ms > 0);
	assert(opts->pace_ms > 0 && opts->pace_rounds > 0);
	assert(opts->yield_ms > 0);
	a->ann_tx = (struct ann_tx){ ops, arg };
	a->opts = *opts;
	return a;
}

void
announcer_free(struct announcer *a)
{
	if (!a)
		return;
	ann_links_done(&a->ann_links);
	free(a);
}

void
announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_get(&a->ann_links, link->ifindex);
	bool new_mac = ann_link_appear(&a->ann_links, ann_link, &link->mac);
	bool was4 = usable(ann_link, IPV4), was6 = usable(ann_link, IPV6);
	const struct ip *own = link_local(link);

	ann_link->up = link->up && link->ether;
	ann_link->link_local = own ? *own : (struct ip){ 0 };
	fire_all(a, ann_link, IPV4, was4, new_mac, now_ms);
	fire_all(a, ann_link, IPV6, was6, new_mac, now_ms);
}

void
announcer_set_no_socket(struct announcer *a, int ifindex, uint8_t family, bool no_socket, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	bool was = ann_link && usable(ann_link, family);

	if (!ann_link)
		return;
	ann_link->no_socket[family == IPV6] = no_socket;
	fire_all(a, ann_link, family, was, false, now_ms);
}

void
announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	bool was4 = ann_link && usable(ann_link, IPV4), was6 = ann_link && usable(ann_link, IPV6);

	if (!ann_link)
		return;
	ann_link_vanish(&a->ann_links, ann_link);
	ann_link->up = false;
	fire_all(a, ann_link, IPV4, was4, false, now_ms);
	fire_all(a, ann_link, IPV6, was6, false, now_ms);
	ann_link_free_if_unused(&a->ann_links, ann_link);
}

void
announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_get(&a->ann_links, ifindex);
	struct ann_vip *ann_vip;

	if (ann_vip_find(ann_link, ip))
		return;
	ann_vip = ann_vip_new(ann_link, ip);
	if (usable(ann_link, ip->family))
		announcer_fire(a, ann_link, ann_vip, EV_LINK_UP, now_ms);
}

void
announcer_remove(struct announcer *a, const struct ip *ip, int ifindex)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip *ann_vip = ann_link ? ann_vip_find(ann_link, ip) : NULL;

	if (!ann_vip)
		return;
	ann_vip_free(ann_link, ann_vip);
	ann_link_free_if_unused(&a->ann_links, ann_link);
}

void
announcer_reannounce(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip *ann_vip = ann_link ? ann_vip_find(ann_link, ip) : NULL;

	if (ann_vip)
		announcer_fire(a, ann_link, ann_vip, EV_REANNOUNCE, now_ms);
}

void
announcer_set_peer(struct announcer *a, const struct mac *mac, bool is_peer)
{
	ann_links_set_peer(&a->ann_links, mac, is_peer);
}

bool
announcer_is_cluster_mac(const struct announcer *a, const struct mac *mac)
{
	return ann_links_have_mac(&a->ann_links, mac) || ann_links_have_peer(&a->ann_links, mac);
}

int64_t
announcer_next_ms(const struct announcer *a)
{
	int64_t next_ms = INT64_MAX;
	struct ann_link *ann_link;

	RB_FOREACH(ann_link, ann_link_tree, (struct ann_link_tree *)&a->ann_links.by_index) {
		const struct ann_vip *ann_vip = ann_link_first_due(ann_link);
		int64_t due_ms = ann_vip ? ann_vip->due_ms : INT64_MAX;

		if (ann_vip && !ann_link->pace_left && due_ms < ann_link->pace_from_ms + a->opts.pace_ms)
			due_ms = ann_link->pace_from_ms + a->opts.pace_ms;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

/* What it is that is due for @ann_vip now. */
static enum ann_event
due_event(const struct announcer *a, const struct ann_vip *ann_vip)
{
	switch (ann_vip->status.state) {
	case ANN_CLAIMING:
		return ann_vip->rounds + 1 >= a->opts.claim_rounds ? EV_LAST_ROUND : EV_ROUND;
	case ANN_HOLDING:
		return ann_vip->conflict.kind ? EV_PROBE : EV_ROUND;
	case ANN_PROBING:
		return conflict_probed_all(ann_vip) ? EV_LAST_ROUND : EV_ROUND;
	default:
		return EV_ROUND;
	}
}

static void
tick_link(struct announcer *a, struct ann_link *ann_link, int64_t now_ms)
{
	struct ann_vip *ann_vip;

	if (now_ms >= ann_link->pace_from_ms + a->opts.pace_ms) {
		ann_link->pace_from_ms = now_ms;
		ann_link->pace_left = a->opts.pace_rounds;
	}
	while (ann_link->pace_left && (ann_vip = ann_link_first_due(ann_link)) && ann_vip->due_ms <= now_ms) {
		ann_link->pace_left--;
		announcer_fire(a, ann_link, ann_vip, due_event(a, ann_vip), now_ms);
	}
}

void
announcer_tick(struct announcer *a, int64_t now_ms)
{
	struct ann_link *ann_link;

	RB_FOREACH(ann_link, ann_link_tree, &a->ann_links.by_index)
		tick_link(a, ann_link, now_ms);
}

void
announcer_each(
    const struct announcer *a, void (*fn)(void *arg, const struct ann_status *ann_status), void *arg)
{
	struct ann_link *ann_link;
	struct ann_vip *ann_vip;

	RB_FOREACH(ann_link, ann_link_tree, (struct ann_link_tree *)&a->ann_links.by_index) {
		RB_FOREACH(ann_vip, ann_vip_tree, (struct ann_vip_tree *)&ann_link->vips)
			fn(arg, &ann_vip->status);
	}
}

bool
announcer_serves(const struct announcer *a, int ifindex, uint8_t family)
{
	const struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip_tree *vips = ann_link ? (struct ann_vip_tree *)&ann_link->vips : NULL;
	const struct ann_vip *first = ann_link ? RB_MIN(ann_vip_tree, vips) : NULL;

	/* they are sorted by family */
	return first && (first->status.ip.family == family ||
	    RB_MAX(ann_vip_tree, vips)->status.ip.family == family);
}

size_t
announcer_addresses(
    const struct announcer *a, int ifindex, uint8_t family, struct ip *ret_ips, size_t max)
{
	const struct ann_link *ann_link = ann_link_find(&a->ann_links, ifindex);
	struct ann_vip *ann_vip;
	size_t n = 0;

	if (!ann_link)
		return 0;
	RB_FOREACH(ann_vip, ann_vip_tree, (struct ann_vip_tree *)&ann_link->vips) {
		if (ann_vip->status.ip.family != family)
			continue;
		if (n < max)
			ret_ips[n] = ann_vip->status.ip;
		n++;
	}
	return n;
}
