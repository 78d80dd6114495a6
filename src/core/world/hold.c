/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/iface.h"
#include "claims.h"
#include "holder.h"

#include <stdlib.h>
#include <string.h>

/*
 * The addresses that want a holder on the links of this node: one vip an address and interface,
 * shared by the Services on it.
 */

static int
vip_cmp(const struct vip *a, const struct vip *b)
{
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(vips, vip, link, vip_cmp)
RB_GENERATE(vips, vip, link, vip_cmp)

static void
vip_touch(struct world *world, struct vip *vip)
{
	if (!vip->touched)
		TAILQ_INSERT_TAIL(&world->vips_changed, vip, changed);
	vip->touched = true;
}

struct vip *
hold_find(const struct world *world, const struct ip *ip, int ifindex)
{
	struct vip key = { .ip = *ip, .ifindex = ifindex };

	return RB_FIND(vips, (struct vips *)&world->vips, &key);
}

static struct vip *
vip_take(struct world *world, const struct ip *ip, int ifindex)
{
	struct vip *vip = hold_find(world, ip, ifindex);

	if (!vip) {
		vip = xcalloc(1, sizeof(*vip));
		vip->ip = *ip;
		vip->ifindex = ifindex;
		RB_INSERT(vips, &world->vips, vip);
		world->meets_changed |= !meet_has(world, ifindex);
	}
	if (vip->users++ == 0)
		vip_touch(world, vip);
	return vip;
}

static void
vip_leave(struct world *world, struct vip *vip)
{
	if (--vip->users == 0)
		vip_touch(world, vip);
}

/* Nodes are ranked by the first address of the Service; where several share, the lowest counts. */
static struct ip
vip_key(const struct world *world, const struct vip *vip)
{
	const struct addr *addr = claims_find(world, &vip->ip);
	const struct claim *claim;
	struct ip key = vip->ip;

	if (!addr)
		return key;
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		const struct ips *ips = svc_ips(world, claim->svc);

		if (claim->svc->stands && ips_contain(ips, &vip->ip) &&
		    ip_cmp(&ips->v[0], &key) < 0)
			key = ips->v[0];
	}
	return key;
}

static void
vip_act(struct plan *plan, enum action_kind kind, const struct vip *vip, const struct ip *key)
{
	struct action *act = plan_add(plan, kind, NULL);

	act->u.vip.ip = vip->ip;
	act->u.vip.key = *key;
	act->u.vip.ifindex = vip->ifindex;
}

static void
vip_free(struct world *world, struct vip *vip)
{
	RB_REMOVE(vips, &world->vips, vip);
	free(vip);
}

void
hold_settle(struct world *world, struct plan *plan)
{
	struct vip *vip, *next;

	TAILQ_FOREACH(vip, &world->vips_changed, changed) {
		if (!vip->users && vip->stands)
			vip_act(plan, ACT_WITHDRAW, vip, &vip->ip);
	}
	TAILQ_FOREACH_SAFE(vip, &world->vips_changed, changed, next) {
		struct ip key = vip_key(world, vip);

		TAILQ_REMOVE(&world->vips_changed, vip, changed);
		vip->touched = false;
		if (vip->users && !(vip->stands && world->opts.assume_elected))
			vip_act(plan, ACT_STAND, vip, &key);
		vip->stands = vip->users;
		if (!vip->users)
			vip_free(world, vip);
	}
}

void
world_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node)
{
	struct vip *vip = hold_find(world, ip, ifindex);
	const struct addr *addr = claims_find(world, ip);
	struct claim *claim;

	if (!vip)
		return;
	node = world_name(world, node);
	if (node == vip->holder)
		return;
	vip->holder = node;
	vip->trouble = TROUBLE_NONE; /* whoever holds it now will hear */
	if (!addr)
		return;
	SLIST_FOREACH(claim, &addr->claims, of_addr)
		world_mark(world, claim->svc, MARK_REPORT);
}

/* Takes the vips of @ips on the interfaces for each; leaves those the Service had before. */
static void
hold_vips(struct world *world, struct svc *svc, const struct ips *ips, struct arena *mem)
{
	const struct link **links = arena_calloc(mem, world->n_links, sizeof(*links));
	struct vip **vips = arena_calloc(mem, ips->n * world->n_links, sizeof(*vips));
	struct svc before = { .n_vips = svc->n_vips, .vips = svc->vips };
	unsigned int n_vips = 0;

	for (size_t i = 0; i < ips->n; i++) {
		size_t n = links_for_ip(world->links, world->n_links, &ips->v[i], &svc->ifaces,
		    links);

		for (size_t j = 0; j < n; j++)
			vips[n_vips++] = vip_take(world, &ips->v[i], links[j]->ifindex);
	}
	svc->n_vips = n_vips;
	if (n_vips == 1) {
		svc->vips.one = vips[0];
	} else if (n_vips) {
		svc->vips.many = xcalloc(n_vips, sizeof(*vips));
		memcpy(svc->vips.many, vips, n_vips * sizeof(*vips));
	}
	for (unsigned int i = 0; i < before.n_vips; i++)
		vip_leave(world, svc_vip(&before, i));
	if (before.n_vips > 1)
		free(before.vips.many);
}

void
hold_forget(struct world *world, struct svc *svc)
{
	static const struct ips none;
	struct arena mem = { 0 };

	hold_vips(world, svc, &none, &mem);
	arena_done(&mem);
}

void
hold_free(struct world *world)
{
	struct vip *vip, *next;

	RB_FOREACH_SAFE(vip, vips, &world->vips, next)
		vip_free(world, vip);
}

static void
keep_ifaces(struct svc *svc, const struct strings *ifaces)
{
	size_t size = ifaces->n * sizeof(char *);
	char *text;

	for (size_t i = 0; i < ifaces->n; i++)
		size += strlen(ifaces->v[i]) + 1;
	free(svc->ifaces.v);
	svc->ifaces = (struct strings){ .n = ifaces->n };
	if (!ifaces->n)
		return;
	svc->ifaces.v = xcalloc(1, size);
	text = (char *)(svc->ifaces.v + ifaces->n);
	for (size_t i = 0; i < ifaces->n; i++) {
		size_t len = strlen(ifaces->v[i]) + 1;

		svc->ifaces.v[i] = memcpy(text, ifaces->v[i], len);
		text += len;
	}
}

void
hold_apply(struct world *world, struct svc *svc, struct arena *mem)
{
	static const struct ips none;
	const struct ips *ips = svc->ours && !svc->e.obj->bad ? svc_ips(world, svc) : &none;
	const char *self = world->opts.assume_everywhere ? NULL : world->opts.node_name;
	bool elected = world->opts.assume_elected;
	struct holding holding = { 0 };

	if (ips->n)
		holder_decide(world, svc, ips, self, mem, &holding);
	svc->stands = ips->n && !holding.why;
	svc->idle = holding.idle;
	svc_set_remark(svc, REMARK_UNANNOUNCED, holding.why);
	keep_ifaces(svc, &holding.ifaces);
	if (elected)
		svc->holder = world_name(world, holding.node);
	if (elected && (!holding.node || strcmp(holding.node, svc_self(world, svc)) != 0))
		ips = &none;
	hold_vips(world, svc, svc->stands ? ips : &none, mem);
	for (size_t i = 0; i < svc->n_vips && !elected; i++)
		vip_touch(world, svc_vip(svc, i)); /* who may hold it may have changed */
}
