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

/* Links may share a MAC, as a VLAN and its parent do. */
static int
cmp_mac(const struct ann_link *a, const struct ann_link *b)
{
	int order = memcmp(&a->mac, &b->mac, sizeof(a->mac));

	return order ? order : ann_link_cmp_index(a, b);
}

RB_GENERATE(ann_vip_tree, ann_vip, by_ip, ann_vip_cmp_ip)
RB_GENERATE(ann_link_tree, ann_link, by_index, ann_link_cmp_index)
RB_PROTOTYPE(ann_vip_schedule_tree, ann_vip, by_time, cmp_time)
RB_GENERATE(ann_vip_schedule_tree, ann_vip, by_time, cmp_time)
RB_PROTOTYPE(mac_tree, ann_link, by_mac, cmp_mac)
RB_GENERATE(mac_tree, ann_link, by_mac, cmp_mac)

struct ann_link *
ann_link_find(const struct ann_links *ann_links, int ifindex)
{
	struct ann_link key = { .ifindex = ifindex };

	return RB_FIND(ann_link_tree, (struct ann_link_tree *)&ann_links->by_index, &key);
}

struct ann_link *
ann_link_get(struct ann_links *ann_links, int ifindex)
{
	struct ann_link *ann_link = ann_link_find(ann_links, ifindex);

	if (ann_link)
		return ann_link;
	ann_link = xcalloc(1, sizeof(*ann_link));
	ann_link->ifindex = ifindex;
	TAILQ_INIT(&ann_link->queue);
	RB_INSERT(ann_link_tree, &ann_links->by_index, ann_link);
	return ann_link;
}

bool
ann_link_appear(struct ann_links *ann_links, struct ann_link *ann_link, const struct mac *mac)
{
	if (ann_link->present && mac_equal(&ann_link->mac, mac))
		return false;
	ann_link_vanish(ann_links, ann_link);
	ann_link->mac = *mac;
	ann_link->present = true;
	RB_INSERT(mac_tree, &ann_links->by_mac, ann_link);
	return true;
}

void
ann_link_vanish(struct ann_links *ann_links, struct ann_link *ann_link)
{
	if (ann_link->present)
		RB_REMOVE(mac_tree, &ann_links->by_mac, ann_link);
	ann_link->present = false;
}

void
ann_link_free_if_unused(struct ann_links *ann_links, struct ann_link *ann_link)
{
	if (ann_link->present || !RB_EMPTY(&ann_link->vips))
		return;
	RB_REMOVE(ann_link_tree, &ann_links->by_index, ann_link);
	free(ann_link);
}

bool
ann_links_have_mac(const struct ann_links *ann_links, const struct mac *mac)
{
	struct ann_link key = { .mac = *mac, .ifindex = 0 }; /* before any link that has it */
	const struct ann_link *ann_link = RB_NFIND(mac_tree, (struct mac_tree *)&ann_links->by_mac, &key);

	return ann_link && mac_equal(&ann_link->mac, mac);
}

/* Where @mac is among the fellows, or n_peers. */
static size_t
peer_at(const struct ann_links *ann_links, const struct mac *mac)
{
	size_t i = 0;

	while (i < ann_links->n_peers && !mac_equal(&ann_links->peers[i], mac))
		i++;
	return i;
}

bool
ann_links_have_peer(const struct ann_links *ann_links, const struct mac *mac)
{
	return peer_at(ann_links, mac) < ann_links->n_peers;
}

void
ann_links_set_peer(struct ann_links *ann_links, const struct mac *mac, bool is_peer)
{
	size_t i = peer_at(ann_links, mac);

	if (is_peer == (i < ann_links->n_peers))
		return;
	if (!is_peer) {
		ann_links->peers[i] = ann_links->peers[--ann_links->n_peers];
		return;
	}
	ann_links->peers = xrealloc(ann_links->peers, i + 1, sizeof(*ann_links->peers));
	ann_links->peers[ann_links->n_peers++] = *mac;
}

void
ann_links_done(struct ann_links *ann_links)
{
	struct ann_link *ann_link;
	struct ann_vip *ann_vip;

	while ((ann_link = RB_ROOT(&ann_links->by_index))) {
		while ((ann_vip = RB_ROOT(&ann_link->vips)))
			ann_vip_free(ann_link, ann_vip);
		ann_link_vanish(ann_links, ann_link);
		ann_link_free_if_unused(ann_links, ann_link);
	}
	free(ann_links->peers);
}

struct ann_vip *
ann_vip_find(const struct ann_link *ann_link, const struct ip *ip)
{
	struct ann_vip key = { .status.ip = *ip };

	return RB_FIND(ann_vip_tree, (struct ann_vip_tree *)&ann_link->vips, &key);
}

struct ann_vip *
ann_vip_new(struct ann_link *ann_link, const struct ip *ip)
{
	struct ann_vip *ann_vip = xcalloc(1, sizeof(*ann_vip));

	ann_vip->status.ip = *ip;
	ann_vip->status.ifindex = ann_link->ifindex;
	ann_vip->status.state = ANN_ELECTED;
	RB_INSERT(ann_vip_tree, &ann_link->vips, ann_vip);
	return ann_vip;
}

void
ann_vip_free(struct ann_link *ann_link, struct ann_vip *ann_vip)
{
	ann_vip_unschedule(ann_link, ann_vip);
	RB_REMOVE(ann_vip_tree, &ann_link->vips, ann_vip);
	free(ann_vip->status.hosts);
	free(ann_vip);
}

void
ann_vip_queue(struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	ann_vip_unschedule(ann_link, ann_vip);
	ann_vip->due_ms = now_ms;
	ann_vip->where = IN_QUEUE;
	TAILQ_INSERT_TAIL(&ann_link->queue, ann_vip, in_queue);
}

void
ann_vip_schedule(struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t due_ms)
{
	ann_vip_unschedule(ann_link, ann_vip);
	ann_vip->due_ms = due_ms;
	ann_vip->where = IN_SCHEDULE;
	RB_INSERT(ann_vip_schedule_tree, &ann_link->schedule, ann_vip);
}

void
ann_vip_unschedule(struct ann_link *ann_link, struct ann_vip *ann_vip)
{
	if (ann_vip->where == IN_QUEUE)
		TAILQ_REMOVE(&ann_link->queue, ann_vip, in_queue);
	else if (ann_vip->where == IN_SCHEDULE)
		RB_REMOVE(ann_vip_schedule_tree, &ann_link->schedule, ann_vip);
	ann_vip->where = NOT_SCHEDULED;
}

struct ann_vip *
ann_link_first_due(const struct ann_link *ann_link)
{
	struct ann_vip *ann_vip = TAILQ_FIRST(&ann_link->queue);

	return ann_vip ? ann_vip : RB_MIN(ann_vip_schedule_tree, (struct ann_vip_schedule_tree *)&ann_link->schedule);
}
