/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"
#include "arplet/arena.h"

#include <stdlib.h>

static int
cmp_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int
vip_cmp_ip(const struct vip *a, const struct vip *b)
{
	return ip_cmp(&a->seen.ip, &b->seen.ip);
}

static int
cmp_time(const struct vip *a, const struct vip *b)
{
	int order = cmp_i64(a->due_ms, b->due_ms);

	return order ? order : vip_cmp_ip(a, b);
}

int
lan_cmp_index(const struct lan *a, const struct lan *b)
{
	return cmp_i64(a->ifindex, b->ifindex);
}

/* Links may share a MAC, as a VLAN and its parent do. */
static int
cmp_mac(const struct lan *a, const struct lan *b)
{
	int order = memcmp(&a->mac, &b->mac, sizeof(a->mac));

	return order ? order : lan_cmp_index(a, b);
}

RB_GENERATE(vip_tree, vip, by_ip, vip_cmp_ip)
RB_GENERATE(lan_tree, lan, by_index, lan_cmp_index)
RB_PROTOTYPE(vip_calendar, vip, by_time, cmp_time)
RB_GENERATE(vip_calendar, vip, by_time, cmp_time)
RB_PROTOTYPE(mac_tree, lan, by_mac, cmp_mac)
RB_GENERATE(mac_tree, lan, by_mac, cmp_mac)

struct lan *
lan_find(const struct lans *lans, int ifindex)
{
	struct lan key = { .ifindex = ifindex };

	return RB_FIND(lan_tree, (struct lan_tree *)&lans->by_index, &key);
}

struct lan *
lan_find_or_new(struct lans *lans, int ifindex)
{
	struct lan *lan = lan_find(lans, ifindex);

	if (lan)
		return lan;
	lan = xcalloc(1, sizeof(*lan));
	lan->ifindex = ifindex;
	TAILQ_INIT(&lan->line);
	RB_INSERT(lan_tree, &lans->by_index, lan);
	return lan;
}

bool
lan_appear(struct lans *lans, struct lan *lan, const struct mac *mac)
{
	if (lan->present && mac_equal(&lan->mac, mac))
		return false;
	lan_vanish(lans, lan);
	lan->mac = *mac;
	lan->present = true;
	RB_INSERT(mac_tree, &lans->by_mac, lan);
	return true;
}

void
lan_vanish(struct lans *lans, struct lan *lan)
{
	if (lan->present)
		RB_REMOVE(mac_tree, &lans->by_mac, lan);
	lan->present = false;
}

void
lan_free_if_idle(struct lans *lans, struct lan *lan)
{
	if (lan->present || !RB_EMPTY(&lan->vips))
		return;
	RB_REMOVE(lan_tree, &lans->by_index, lan);
	free(lan);
}

bool
lans_have_mac(const struct lans *lans, const struct mac *mac)
{
	struct lan key = { .mac = *mac, .ifindex = 0 }; /* before any link that has it */
	const struct lan *lan = RB_NFIND(mac_tree, (struct mac_tree *)&lans->by_mac, &key);

	return lan && mac_equal(&lan->mac, mac);
}

/* Where @mac is among the fellows, or n_fellows. */
static size_t
fellow_at(const struct lans *lans, const struct mac *mac)
{
	size_t i = 0;

	while (i < lans->n_fellows && !mac_equal(&lans->fellows[i], mac))
		i++;
	return i;
}

bool
lans_have_fellow(const struct lans *lans, const struct mac *mac)
{
	return fellow_at(lans, mac) < lans->n_fellows;
}

void
lans_set_fellow(struct lans *lans, const struct mac *mac, bool fellow)
{
	size_t i = fellow_at(lans, mac);

	if (fellow == (i < lans->n_fellows))
		return;
	if (!fellow) {
		lans->fellows[i] = lans->fellows[--lans->n_fellows];
		return;
	}
	lans->fellows = xrealloc(lans->fellows, i + 1, sizeof(*lans->fellows));
	lans->fellows[lans->n_fellows++] = *mac;
}

void
lans_done(struct lans *lans)
{
	struct lan *lan;
	struct vip *vip;

	while ((lan = RB_ROOT(&lans->by_index))) {
		while ((vip = RB_ROOT(&lan->vips)))
			vip_free(lan, vip);
		lan_vanish(lans, lan);
		lan_free_if_idle(lans, lan);
	}
	free(lans->fellows);
}

struct vip *
vip_find(const struct lan *lan, const struct ip *ip)
{
	struct vip key = { .seen.ip = *ip };

	return RB_FIND(vip_tree, (struct vip_tree *)&lan->vips, &key);
}

struct vip *
vip_new(struct lan *lan, const struct ip *ip)
{
	struct vip *vip = xcalloc(1, sizeof(*vip));

	vip->seen.ip = *ip;
	vip->seen.ifindex = lan->ifindex;
	vip->seen.state = ANN_ELECTED;
	RB_INSERT(vip_tree, &lan->vips, vip);
	return vip;
}

void
vip_free(struct lan *lan, struct vip *vip)
{
	vip_stop_waiting(lan, vip);
	RB_REMOVE(vip_tree, &lan->vips, vip);
	free(vip->seen.rivals);
	free(vip);
}

void
vip_wait_in_line(struct lan *lan, struct vip *vip, int64_t now_ms)
{
	vip_stop_waiting(lan, vip);
	vip->due_ms = now_ms;
	vip->waits = WAIT_LINE;
	TAILQ_INSERT_TAIL(&lan->line, vip, in_line);
}

void
vip_wait_until(struct lan *lan, struct vip *vip, int64_t due_ms)
{
	vip_stop_waiting(lan, vip);
	vip->due_ms = due_ms;
	vip->waits = WAIT_CALENDAR;
	RB_INSERT(vip_calendar, &lan->calendar, vip);
}

void
vip_stop_waiting(struct lan *lan, struct vip *vip)
{
	if (vip->waits == WAIT_LINE)
		TAILQ_REMOVE(&lan->line, vip, in_line);
	else if (vip->waits == WAIT_CALENDAR)
		RB_REMOVE(vip_calendar, &lan->calendar, vip);
	vip->waits = WAIT_NOWHERE;
}

struct vip *
lan_first_due(const struct lan *lan)
{
	struct vip *vip = TAILQ_FIRST(&lan->line);

	return vip ? vip : RB_MIN(vip_calendar, (struct vip_calendar *)&lan->calendar);
}
