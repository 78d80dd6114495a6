/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_link.h"
#include "arplet/arena.h"

#include <stdlib.h>

static int
cmp_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int
ann_vip_cmp_ip(const struct ann_vip *a, const struct ann_vip *b)
{
	return ip_cmp(&a->status.ip, &b->status.ip);
}

static int
cmp_time(const struct ann_vip *a, const struct ann_vip *b)
{
	int order = cmp_i64(a->due_ms, b->due_ms);

	return order ? order : ann_vip_cmp_ip(a, b);
}

int
ann_link_cmp_index(const struct ann_link *a, const struct ann_link *b)
{
	return cmp_i64(a->ifindex, b->ifindex);
}

/* Several links may have one MAC: for example, a VLAN interface and its parent. */
static int
cmp_mac(const struct ann_link *a, const struct ann_link *b)
{
	int order = memcmp(&a->mac, &b->mac, sizeof(a->mac));

	return order ? order : ann_link_cmp_index(a, b);
}

RB_GENERATE(ann_vip_tree, ann_vip, by_ip, ann_vip_cmp_ip)
RB_GENERATE(ann_link_tree, ann_link, by_index, ann_link_cmp_index)
RB_PROTOTYPE(ann_schedule, ann_vip, by_time, cmp_time)
RB_GENERATE(ann_schedule, ann_vip, by_time, cmp_time)
RB_PROTOTYPE(mac_tree, ann_link, by_mac, cmp_mac)
RB_GENERATE(mac_tree, ann_link, by_mac, cmp_mac)

struct ann_link *
ann_link_find(const struct ann_links *links, int ifindex)
{
	struct ann_link key = { .ifindex = ifindex };

	return RB_FIND(ann_link_tree, (struct ann_link_tree *)&links->by_index, &key);
}

struct ann_link *
ann_link_get(struct ann_links *links, int ifindex)
{
	struct ann_link *link = ann_link_find(links, ifindex);

	if (link)
		return link;
	link = xcalloc(1, sizeof(*link));
	link->ifindex = ifindex;
	TAILQ_INIT(&link->new_claims);
	RB_INSERT(ann_link_tree, &links->by_index, link);
	return link;
}

bool
ann_link_appear(struct ann_links *links, struct ann_link *link, const struct mac *mac)
{
	if (link->present && mac_equal(&link->mac, mac))
		return false;
	ann_link_vanish(links, link);
	link->mac = *mac;
	link->present = true;
	RB_INSERT(mac_tree, &links->by_mac, link);
	return true;
}

void
ann_link_vanish(struct ann_links *links, struct ann_link *link)
{
	if (link->present)
		RB_REMOVE(mac_tree, &links->by_mac, link);
	link->present = false;
}

void
ann_link_free_if_unused(struct ann_links *links, struct ann_link *link)
{
	if (link->present || !RB_EMPTY(&link->vips))
		return;
	RB_REMOVE(ann_link_tree, &links->by_index, link);
	free(link);
}

bool
ann_links_have_mac(const struct ann_links *links, const struct mac *mac)
{
	struct ann_link key = { .mac = *mac, .ifindex = 0 }; /* the lowest key with @mac */
	const struct ann_link *link = RB_NFIND(mac_tree, (struct mac_tree *)&links->by_mac, &key);

	return link && mac_equal(&link->mac, mac);
}

/* The index of @mac in links->peers; links->n_peers if @mac does not belong to a peer. */
static size_t
peer_at(const struct ann_links *links, const struct mac *mac)
{
	size_t i = 0;

	while (i < links->n_peers && !mac_equal(&links->peers[i], mac))
		i++;
	return i;
}

bool
ann_links_have_peer(const struct ann_links *links, const struct mac *mac)
{
	return peer_at(links, mac) < links->n_peers;
}

void
ann_links_set_peer(struct ann_links *links, const struct mac *mac, bool is_peer)
{
	size_t i = peer_at(links, mac);

	if (is_peer == (i < links->n_peers))
		return;
	if (!is_peer) {
		links->peers[i] = links->peers[--links->n_peers];
		return;
	}
	links->peers = xrealloc(links->peers, i + 1, sizeof(*links->peers));
	links->peers[links->n_peers++] = *mac;
}

void
ann_links_done(struct ann_links *links)
{
	struct ann_link *link;
	struct ann_vip *vip;

	while ((link = RB_ROOT(&links->by_index))) {
		while ((vip = RB_ROOT(&link->vips)))
			ann_vip_free(link, vip);
		ann_link_vanish(links, link);
		ann_link_free_if_unused(links, link);
	}
	free(links->peers);
}

struct ann_vip *
ann_vip_find(const struct ann_link *link, const struct ip *ip)
{
	struct ann_vip key = { .status.ip = *ip };

	return RB_FIND(ann_vip_tree, (struct ann_vip_tree *)&link->vips, &key);
}

struct ann_vip *
ann_vip_new(struct ann_link *link, const struct ip *ip)
{
	struct ann_vip *vip = xcalloc(1, sizeof(*vip));

	vip->status.ip = *ip;
	vip->status.ifindex = link->ifindex;
	vip->status.state = ANN_ELECTED;
	RB_INSERT(ann_vip_tree, &link->vips, vip);
	return vip;
}

void
ann_vip_free(struct ann_link *link, struct ann_vip *vip)
{
	ann_vip_unschedule(link, vip);
	RB_REMOVE(ann_vip_tree, &link->vips, vip);
	free(vip->status.hosts);
	free(vip);
}

void
ann_vip_schedule_claim(struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	ann_vip_unschedule(link, vip);
	vip->due_ms = now_ms;
	vip->where = IN_NEW_CLAIMS;
	TAILQ_INSERT_TAIL(&link->new_claims, vip, in_new_claims);
}

void
ann_vip_schedule(struct ann_link *link, struct ann_vip *vip, int64_t due_ms)
{
	ann_vip_unschedule(link, vip);
	vip->due_ms = due_ms;
	vip->where = IN_SCHEDULE;
	RB_INSERT(ann_schedule, &link->schedule, vip);
}

void
ann_vip_unschedule(struct ann_link *link, struct ann_vip *vip)
{
	if (vip->where == IN_NEW_CLAIMS)
		TAILQ_REMOVE(&link->new_claims, vip, in_new_claims);
	else if (vip->where == IN_SCHEDULE)
		RB_REMOVE(ann_schedule, &link->schedule, vip);
	vip->where = NOT_SCHEDULED;
}

struct ann_vip *
ann_link_first_due(const struct ann_link *link, int *ret_left)
{
	struct ann_vip *vip = TAILQ_FIRST(&link->new_claims);

	*ret_left = vip ? link->claims_left : link->pace_left;
	return vip ? vip : RB_MIN(ann_schedule, (struct ann_schedule *)&link->schedule);
}
