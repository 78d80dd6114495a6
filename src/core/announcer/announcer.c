/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announcer.h"
#include "ann_fsm.h"
#include "arplet/arena.h"

#include <assert.h>
#include <stdlib.h>

/* True if addresses of @family can be announced on the link now. */
static bool
usable(const struct ann_link *link, uint8_t family)
{
	return link->up && !link->no_socket[family == IPV6];
}

/*
 * Fires EV_LINK_UP or EV_LINK_DOWN for all addresses of @family on the link, if usable() or the MAC
 * changed.  @was_usable: what usable() returned before the change; @new_mac: the MAC changed.
 */
static void
fire_all(struct announcer *a, struct ann_link *link, uint8_t family, bool was_usable, bool new_mac,
    int64_t now_ms)
{
	bool is_usable = usable(link, family);
	struct ann_vip *vip;

	if (is_usable == was_usable && !(is_usable && new_mac))
		return;
	RB_FOREACH(vip, ann_vip_tree, &link->vips) {
		if (vip->status.ip.family == family)
			ann_fsm_fire(a, link, vip, is_usable ? EV_LINK_UP : EV_LINK_DOWN, now_ms);
	}
}

struct announcer *
announcer_new(const struct announcer_ops *ops, void *arg, const struct announcer_opts *opts)
{
	struct announcer *a = xcalloc(1, sizeof(*a));

	assert(opts->claim_ms > 0 && opts->claim_rounds > 0 && opts->refresh_ms > 0);
	assert(opts->pace_ms > 0 && opts->pace_rounds > 0);
	assert(opts->yield_ms > 0);
	a->tx = (struct ann_tx){ ops, arg };
	a->opts = *opts;
	return a;
}

void
announcer_free(struct announcer *a)
{
	if (!a)
		return;
	ann_links_done(&a->links);
	free(a);
}

void
announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms)
{
	struct ann_link *ann_link = ann_link_get(&a->links, link->ifindex);
	bool new_mac = ann_link_appear(&a->links, ann_link, &link->mac);
	bool was4 = usable(ann_link, IPV4), was6 = usable(ann_link, IPV6);
	const struct ip *own = link_local(link);

	ann_link->up = link->up && link->ether;
	ann_link->link_local = own ? *own : (struct ip){ 0 };
	fire_all(a, ann_link, IPV4, was4, new_mac, now_ms);
	fire_all(a, ann_link, IPV6, was6, new_mac, now_ms);
}

void
announcer_set_no_socket(
    struct announcer *a, int ifindex, uint8_t family, bool no_socket, int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	bool was = link && usable(link, family);

	if (!link)
		return;
	link->no_socket[family == IPV6] = no_socket;
	fire_all(a, link, family, was, false, now_ms);
}

void
announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	bool was4 = link && usable(link, IPV4), was6 = link && usable(link, IPV6);

	if (!link)
		return;
	ann_link_vanish(&a->links, link);
	link->up = false;
	fire_all(a, link, IPV4, was4, false, now_ms);
	fire_all(a, link, IPV6, was6, false, now_ms);
	ann_link_free_if_unused(&a->links, link);
}

void
announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct ann_link *link = ann_link_get(&a->links, ifindex);
	struct ann_vip *vip;

	if (ann_vip_find(link, ip))
		return;
	vip = ann_vip_new(link, ip);
	if (usable(link, ip->family))
		ann_fsm_fire(a, link, vip, EV_LINK_UP, now_ms);
}

void
announcer_remove(struct announcer *a, const struct ip *ip, int ifindex)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *vip = link ? ann_vip_find(link, ip) : NULL;

	if (!vip)
		return;
	ann_vip_free(link, vip);
	ann_link_free_if_unused(&a->links, link);
}

void
announcer_reannounce(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *vip = link ? ann_vip_find(link, ip) : NULL;

	if (vip)
		ann_fsm_fire(a, link, vip, EV_REANNOUNCE, now_ms);
}

void
announcer_end_conflicts(struct announcer *a, int ifindex, uint8_t family, const struct mac *mac,
    int64_t now_ms)
{
	struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *vip;

	if (!link)
		return;
	RB_FOREACH(vip, ann_vip_tree, &link->vips) {
		const struct conflict *c = &vip->conflict;

		if (vip->status.ip.family == family && (!mac || mac_equal(&c->mac, mac)) &&
		    (c->kind == CONFLICT_DEFENDED || c->kind == CONFLICT_YIELDED))
			ann_fsm_fire(a, link, vip, EV_PROXY_HOST, now_ms);
	}
}

void
announcer_set_peer(struct announcer *a, const struct mac *mac, bool is_peer)
{
	ann_links_set_peer(&a->links, mac, is_peer);
}

bool
announcer_is_cluster_mac(const struct announcer *a, const struct mac *mac)
{
	return ann_links_have_mac(&a->links, mac) || ann_links_have_peer(&a->links, mac);
}

int64_t
announcer_next_ms(const struct announcer *a)
{
	int64_t next_ms = INT64_MAX;
	struct ann_link *link;

	RB_FOREACH(link, ann_link_tree, (struct ann_link_tree *)&a->links.by_index) {
		int left;
		const struct ann_vip *vip = ann_link_first_due(link, &left);
		int64_t due_ms = vip ? vip->due_ms : INT64_MAX;

		if (vip && left <= 0 && due_ms < link->pace_from_ms + a->opts.pace_ms)
			due_ms = link->pace_from_ms + a->opts.pace_ms;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

static void
tick_link(struct announcer *a, struct ann_link *link, int64_t now_ms)
{
	int rounds = (int)a->opts.pace_rounds, left;
	struct ann_vip *vip;

	if (now_ms >= link->pace_from_ms + 2 * a->opts.pace_ms)
		link->pace_left = 0;
	if (now_ms >= link->pace_from_ms + a->opts.pace_ms) {
		link->pace_from_ms = now_ms;
		link->pace_left = rounds + (link->pace_left < 0 ? link->pace_left : 0);
		link->claims_left = rounds;
	}
	while ((vip = ann_link_first_due(link, &left)) && left > 0 && vip->due_ms <= now_ms) {
		link->claims_left -= vip->where == IN_NEW_CLAIMS;
		link->pace_left--;
		ann_fsm_fire_due(a, link, vip, now_ms);
	}
}

void
announcer_tick(struct announcer *a, int64_t now_ms)
{
	struct ann_link *link;

	RB_FOREACH(link, ann_link_tree, &a->links.by_index)
		tick_link(a, link, now_ms);
}

void
announcer_each(const struct announcer *a, void (*fn)(void *arg, const struct ann_status *status),
    void *arg)
{
	struct ann_link *link;
	struct ann_vip *vip;

	RB_FOREACH(link, ann_link_tree, (struct ann_link_tree *)&a->links.by_index) {
		RB_FOREACH(vip, ann_vip_tree, (struct ann_vip_tree *)&link->vips)
			fn(arg, &vip->status);
	}
}

bool
announcer_serves(const struct announcer *a, int ifindex, uint8_t family)
{
	const struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip_tree *vips = link ? (struct ann_vip_tree *)&link->vips : NULL;
	const struct ann_vip *first = link ? RB_MIN(ann_vip_tree, vips) : NULL;

	/* addresses are sorted by family, so it suffices to check the first and the last */
	return first && (first->status.ip.family == family ||
	    RB_MAX(ann_vip_tree, vips)->status.ip.family == family);
}

size_t
announcer_addresses(
    const struct announcer *a, int ifindex, uint8_t family, struct ip *ret_ips, size_t max)
{
	const struct ann_link *link = ann_link_find(&a->links, ifindex);
	struct ann_vip *vip;
	size_t n = 0;

	if (!link)
		return 0;
	RB_FOREACH(vip, ann_vip_tree, (struct ann_vip_tree *)&link->vips) {
		if (vip->status.ip.family != family)
			continue;
		if (n < max)
			ret_ips[n] = vip->status.ip;
		n++;
	}
	return n;
}
