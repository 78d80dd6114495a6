/* SPDX-License-Identifier: Apache-2.0 */
#include "link_vips.h"
#include "arplet/action_plan.h"
#include "core/state/node_names.h"
#include "core/state/world_state.h"
#include "eligibility.h"
#include "hello_links.h"
#include "shared_nodes.h"


#include <stdlib.h>
#include <string.h>

static int
vip_cmp(const struct link_vip *a, const struct link_vip *b)
{
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(link_vip_tree, link_vip, link, vip_cmp)
RB_GENERATE(link_vip_tree, link_vip, link, vip_cmp)

struct link_vips *
link_vips_new(void)
{
	struct link_vips *link_vips = xcalloc(1, sizeof(*link_vips));

	TAILQ_INIT(&link_vips->changed);
	return link_vips;
}

static void
vip_touch(struct world *world, struct link_vip *vip)
{
	if (!vip->touched)
		TAILQ_INSERT_TAIL(&world->link_vips->changed, vip, changed);
	vip->touched = true;
}

struct link_vip *
link_vip_find(const struct world *world, const struct ip *ip, int ifindex)
{
	struct link_vip key = { .ip = *ip, .ifindex = ifindex };

	return RB_FIND(link_vip_tree, (struct link_vip_tree *)&world->link_vips->tree, &key);
}

static struct link_vip *
vip_use(struct world *world, const struct ip *ip, int ifindex)
{
	struct link_vip *vip = link_vip_find(world, ip, ifindex);

	if (!vip) {
		vip = xcalloc(1, sizeof(*vip));
		vip->ip = *ip;
		vip->ifindex = ifindex;
		RB_INSERT(link_vip_tree, &world->link_vips->tree, vip);
		world->hello_links_changed |= !hello_links_have(world, ifindex);
	}
	if (vip->users++ == 0)
		vip_touch(world, vip);
	return vip;
}

static void
vip_unuse(struct world *world, struct link_vip *vip)
{
	if (--vip->users == 0)
		vip_touch(world, vip);
}

/*
 * Returns the address by which nodes are ranked, as in MetalLB: the first address of the Service.
 * If several Services share the VIP, each has a first address; the lowest of these is returned.
 */
static struct ip
vip_key(const struct world *world, const struct link_vip *vip)
{
	const struct addr *addr = addrs_find(world, &vip->ip);
	const struct addr_use *addr_use;
	struct ip key = vip->ip;

	if (!addr)
		return key;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		const struct ips *ips = svc_ips(world, addr_use->svc);

		if (svc_wants_holder(addr_use->svc) && ips_contain(ips, &vip->ip) &&
		    ip_cmp(&ips->v[0], &key) < 0)
			key = ips->v[0];
	}
	return key;
}

static void
add_action(struct plan *plan, enum action_kind kind, const struct link_vip *vip,
	   const struct ip *key)
{
	struct action *act = plan_add(plan, kind, NULL);

	act->u.vip.ip = vip->ip;
	act->u.vip.key = *key;
	act->u.vip.ifindex = vip->ifindex;
}

static void
vip_free(struct world *world, struct link_vip *vip)
{
	RB_REMOVE(link_vip_tree, &world->link_vips->tree, vip);
	free(vip);
}

void
link_vips_plan(struct world *world, bool withdraw, struct plan *plan)
{
	struct link_vip *vip, *next;

	TAILQ_FOREACH(vip, &world->link_vips->changed, changed) {
		if (withdraw && !vip->users && vip->wants_holder)
			add_action(plan, ACT_VIP_WITHDRAW, vip, &vip->ip);
	}
	TAILQ_FOREACH_SAFE(vip, &world->link_vips->changed, changed, next) {
		struct ip key;

		if (!withdraw && !vip->users)
			continue;
		key = vip_key(world, vip);
		TAILQ_REMOVE(&world->link_vips->changed, vip, changed);
		vip->touched = false;
		if (vip->users && !(vip->wants_holder && world->opts.assume_elected))
			add_action(plan, ACT_VIP_ELECT, vip, &key);
		vip->wants_holder = vip->users;
		if (!vip->users)
			vip_free(world, vip);
	}
}

void
link_vips_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node)
{
	struct link_vip *vip = link_vip_find(world, ip, ifindex);
	const struct addr *addr = addrs_find(world, ip);
	struct addr_use *addr_use;

	if (!vip)
		return;
	node = world_name(world, node);
	if (node == vip->holder)
		return;
	vip->holder = node;
	vip->conflict = CONFLICT_NONE; /* if the conflict persists, the new holder reports it */
	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		world_mark(world, addr_use->svc, MARK_REPORT);
}

/*
 * Replaces the link VIPs of @svc: each address of @ips becomes a VIP on each link on which this
 * node would announce the address.
 */
static void
set_vips(struct world *world, struct svc *svc, const struct ips *ips, struct arena *mem)
{
	const struct link **links = arena_calloc(mem, world->n_links, sizeof(*links));
	struct link_vip **link_vips =
	    arena_calloc(mem, ips->n * world->n_links, sizeof(*link_vips));
	struct svc before = { .n_vips = svc->n_vips, .link_vips = svc->link_vips };
	unsigned int n_vips = 0;

	for (size_t i = 0; i < ips->n; i++) {
		size_t n = links_for_ip(world->links, world->n_links, &ips->v[i], &svc->ifaces,
		    links);

		for (size_t j = 0; j < n; j++)
			link_vips[n_vips++] = vip_use(world, &ips->v[i], links[j]->ifindex);
	}
	svc->n_vips = n_vips;
	if (n_vips == 1) {
		svc->link_vips.one = link_vips[0];
	} else if (n_vips) {
		svc->link_vips.many = xcalloc(n_vips, sizeof(*link_vips));
		memcpy(svc->link_vips.many, link_vips, n_vips * sizeof(*link_vips));
	}
	for (unsigned int i = 0; i < before.n_vips; i++)
		vip_unuse(world, svc_vip(&before, i));
	if (before.n_vips > 1)
		free(before.link_vips.many);
}

void
link_vips_forget(struct world *world, struct svc *svc)
{
	static const struct ips none;
	struct arena mem = { 0 };

	set_vips(world, svc, &none, &mem);
	arena_done(&mem);
}

void
link_vips_free(struct world *world)
{
	struct link_vip *vip, *next;

	RB_FOREACH_SAFE(vip, link_vip_tree, &world->link_vips->tree, next)
		vip_free(world, vip);
	free(world->link_vips);
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

static enum svc_ann_event
event_of(const struct ips *ips, const struct eligibility *eligibility)
{
	if (!ips->n)
		return SVC_EV_NO_ADDRESS;
	if (!eligibility->why)
		return SVC_EV_ELIGIBLE;
	return eligibility->no_endpoint ? SVC_EV_NO_ENDPOINT : SVC_EV_NO_NODE;
}

void
link_vips_apply(struct world *world, struct svc *svc, struct arena *mem)
{
	static const struct ips none;
	const struct ips *ips = svc->ours && !svc->e.obj->bad ? svc_ips(world, svc) : &none;
	const char *self = world->opts.assume_everywhere ? NULL : world->opts.node_name;
	bool elected = world->opts.assume_elected;
	struct eligibility eligibility = { 0 };

	if (ips->n)
		eligibility_decide(world, svc, ips, self, mem, &eligibility);
	if (svc_ann_on(svc, event_of(ips, &eligibility)) && svc->ann == SVC_NO_HOLDER)
		svc->no_holder_ms = world->now_ms;
	svc_set_message(svc, MSG_UNANNOUNCED, eligibility.why);
	keep_ifaces(svc, &eligibility.ifaces);
	if (elected)
		svc->holder = world_name(world, eligibility.node);
	if (elected && (!eligibility.node || strcmp(eligibility.node, svc_self(world, svc)) != 0))
		ips = &none;
	set_vips(world, svc, svc_wants_holder(svc) ? ips : &none, mem);
	shared_nodes_touch(world, svc);
	for (size_t i = 0; i < svc->n_vips && !elected; i++)
		vip_touch(world, svc_vip(svc, i)); /* the eligible nodes may have changed */
}
