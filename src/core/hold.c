/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/iface.h"
#include "world_impl.h"

#include <stdlib.h>
#include <string.h>

/* What this node answers for: one vip an address and interface, shared by the Services on it. */

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

static struct vip *
vip_take(struct world *world, const struct ip *ip, int ifindex)
{
	struct vip key = { .ip = *ip, .ifindex = ifindex };
	struct vip *vip = RB_FIND(vips, &world->vips, &key);

	if (!vip) {
		vip = xcalloc(1, sizeof(*vip));
		vip->ip = *ip;
		vip->ifindex = ifindex;
		RB_INSERT(vips, &world->vips, vip);
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

static void
vip_act(struct plan *plan, enum action_kind kind, const struct vip *vip)
{
	struct action *act = plan_add(plan, kind, NULL);

	act->u.vip.ip = vip->ip;
	act->u.vip.ifindex = vip->ifindex;
}

void
hold_settle(struct world *world, struct plan *plan)
{
	struct vip *vip, *next;

	TAILQ_FOREACH(vip, &world->vips_changed, changed) {
		if (!vip->users && vip->held)
			vip_act(plan, ACT_WITHDRAW, vip);
	}
	TAILQ_FOREACH_SAFE(vip, &world->vips_changed, changed, next) {
		TAILQ_REMOVE(&world->vips_changed, vip, changed);
		vip->touched = false;
		if (vip->users && !vip->held)
			vip_act(plan, ACT_ANNOUNCE, vip);
		vip->held = vip->users;
		if (!vip->users) {
			RB_REMOVE(vips, &world->vips, vip);
			free(vip);
		}
	}
}

const struct ips *
svc_ips(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_written && svc->decided ? &svc->want : &svc->have;
}

/* Takes the vips of @ips on the interfaces for each; leaves those the Service had before. */
static void
hold_vips(struct world *world, struct svc *svc, const struct ips *ips, struct arena *mem)
{
	const struct link **links = arena_calloc(mem, world->n_links, sizeof(*links));
	struct vip **old = svc->vips;
	size_t n_old = svc->n_vips;

	svc->n_vips = 0;
	svc->vips = NULL;
	if (ips->n && world->n_links)
		svc->vips = xcalloc(ips->n * world->n_links, sizeof(*svc->vips));
	for (size_t i = 0; i < ips->n; i++) {
		size_t n = links_for_ip(world->links, world->n_links, &ips->v[i], &svc->ifaces,
		    links);

		for (size_t j = 0; j < n; j++)
			svc->vips[svc->n_vips++] =
			    vip_take(world, &ips->v[i], links[j]->ifindex);
	}
	for (size_t i = 0; i < n_old; i++)
		vip_leave(world, old[i]);
	free(old);
	if (!svc->n_vips) {
		free(svc->vips);
		svc->vips = NULL;
	}
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

	RB_FOREACH_SAFE(vip, vips, &world->vips, next) {
		RB_REMOVE(vips, &world->vips, vip);
		free(vip);
	}
}

static bool
same_strings(const struct strings *a, const struct strings *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!strings_contain(b, a->v[i]))
			return false;
	}
	return a->n == b->n;
}

/* The node that this pass speaks for, of all that could hold the Service's address. */
static const char *
self(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_everywhere && svc->holder ? svc->holder : world->opts.node_name;
}

/*
 * The ServiceL2Status of a Service: the holder has one for itself and deletes those that others
 * left; a node that does not hold deletes its own.
 */
static void
hold_status(struct world *world, struct svc *svc, struct plan *plan)
{
	const struct meta *meta = &svc->e.obj->meta;
	struct part *part = parts_of(&world->l2statuses, meta->ns, meta->name);
	struct action *act;
	bool have = false;

	if (!world->listed[KIND_L2STATUS])
		return;
	for (; part; part = parts_next(part)) {
		const struct l2status *l2 = &part->e.obj->u.l2status;
		bool mine = strcmp(l2->node, self(world, svc)) == 0;

		if (svc->here && mine && !have && same_strings(&l2->interfaces, &svc->ifaces))
			have = true;
		else if (svc->here || mine)
			plan_add(plan, ACT_L2STATUS_DEL, part->e.obj);
	}
	if (have || !svc->here) {
		svc->l2_asked = false;
		return;
	}
	if (svc->l2_asked)
		return;
	svc->l2_asked = true;
	act = plan_add(plan, ACT_L2STATUS_PUT, svc->e.obj);
	act->u.l2status.service_ns = meta->ns;
	act->u.l2status.service = meta->name;
	act->u.l2status.interfaces = svc->ifaces;
	say(plan, svc->e.obj, false, "nodeAssigned",
	    "announcing from node \"%s\" with protocol \"layer2\"", self(world, svc));
}

/*
 * A ServiceL2Status of a Service that is gone is deleted by the node that it names, or, when that
 * node is gone too, by the allocator.
 */
void
hold_orphans(struct world *world, struct plan *plan)
{
	struct part *part;

	RB_FOREACH(part, parts, &world->l2statuses) {
		const struct l2status *l2 = &part->e.obj->u.l2status;
		bool mine = strcmp(l2->node, world->opts.node_name) == 0;

		if (world_find(world, KIND_SERVICE, l2->service_ns, l2->service))
			continue;
		if (mine || (world->allocator && !world_find(world, KIND_NODE, "", l2->node)))
			plan_add(plan, ACT_L2STATUS_DEL, part->e.obj);
	}
	world->orphans = false;
}

/*
 * The holder without an interface for the address says so; so does the allocator for nobody.  A
 * Service that merely waits for its endpoints, as every new one does, is no cause for an Event.
 */
static void
hold_complain(struct world *world, struct svc *svc, bool mine, bool idle, struct arena *mem,
    struct plan *plan)
{
	const char *text = NULL;

	if (mine && !svc->here && svc->ifaces.n)
		text = arena_printf(mem, "node \"%s\" has none of the interfaces that the "
		    "L2Advertisement names, or they are down", world->opts.node_name);
	else if (mine && !svc->here)
		text = arena_printf(mem, "node \"%s\" has no interface that can announce it",
		    world->opts.node_name);
	else if (svc->unannounced && !idle && world->allocator &&
	    ips_equal(&svc->want, svc_ips(world, svc)))
		text = arena_printf(mem, "nobody announces it: %s", svc->unannounced);
	if (mine)
		set_text(&svc->unannounced, text);
	if (set_text(&svc->ann_said, text) && text)
		say(plan, svc->e.obj, true, "announceFailed", "%s", text);
}

void
hold_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan)
{
	static const struct ips none;
	const struct ips *ips = svc->ours && !svc->e.obj->bad ? svc_ips(world, svc) : &none;
	struct holding holding = { 0 };
	bool mine;

	if (ips->n)
		holder_decide(world, svc, ips, mem, &holding);
	set_text(&svc->holder, holding.node);
	set_text(&svc->unannounced, holding.why);
	mine = holding.node && strcmp(holding.node, self(world, svc)) == 0 && !world->stopping;
	arena_done(&svc->iface_mem);
	svc->ifaces = (struct strings){ .n = holding.ifaces.n };
	svc->ifaces.v = holding.ifaces.n
	    ? arena_calloc(&svc->iface_mem, holding.ifaces.n, sizeof(char *)) : NULL;
	for (size_t i = 0; i < holding.ifaces.n; i++)
		svc->ifaces.v[i] = arena_strdup(&svc->iface_mem, holding.ifaces.v[i]);
	hold_vips(world, svc, mine ? ips : &none, mem);
	svc->here = svc->n_vips || (mine && world->opts.assume_everywhere);
	if (world->stopping)
		return; /* the ServiceL2Status stays until another node takes over */
	hold_status(world, svc, plan);
	hold_complain(world, svc, mine, holding.idle, mem, plan);
}
