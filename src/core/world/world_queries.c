/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/alloc/probe_results.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"

#include <string.h>

/* The functions in this file show the decisions of the last world_decide(), and decide nothing. */

void
world_each_service(const struct world *world,
    void (*visit)(void *arg, const struct service_view *view), void *arg)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[KIND_SERVICE]) {
		const struct svc *svc = (const struct svc *)e;
		const struct ips *ips = svc_ips(world, svc);
		const struct meta *meta = &e->obj->meta;
		const struct pool_entry *pool;
		struct service_view view = { .obj = e->obj, .n_ips = ips->n };

		if (!svc->ours)
			continue;
		memcpy(view.ips, ips->v, sizeof(view.ips));
		pool = ips->n ? pools_containing(world, &ips->v[0]) : NULL;
		view.pool = pool ? pool->c.in_force->meta.name : NULL;
		view.holder = svc->holder;
		view.ifaces = &svc->ifaces;
		view.why = svc_message(svc, MSG_UNSERVED);
		if (!view.why)
			view.why = svc_message(svc, MSG_UNANNOUNCED);
		if (e->obj->bad)
			view.why = e->obj->bad;
		if (!view.why && !ips->n)
			view.why = "the allocator has not assigned an address yet";
		view.announced_here = svc->ann == SVC_ANNOUNCED_HERE;
		view.has_slices =
		    dependents_of((struct dependents *)&world->slices, meta->ns, meta->name);
		visit(arg, &view);
	}
}

void
world_each_pool(const struct world *world,
    void (*visit)(void *arg, const struct pool_view *view), void *arg)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[KIND_POOL]) {
		const struct pool_entry *pool = (const struct pool_entry *)e;
		struct pool_view view = { e->obj, pool->counts,
			probe_results_count_used(world, pool), pool->c.error, pool->c.in_force };

		visit(arg, &view);
	}
}

static bool
is_config_stale(const struct world *world, enum kind kind)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[kind]) {
		const struct config *config = (const struct config *)e;

		if (config->error && config->in_force)
			return true;
	}
	return false;
}

bool
world_config_stale(const struct world *world)
{
	return is_config_stale(world, KIND_POOL) || is_config_stale(world, KIND_L2ADV);
}

void
world_each(const struct world *world, enum kind kind,
    void (*visit)(void *arg, const struct object *obj), void *arg)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[kind])
		visit(arg, e->obj);
}

const struct object *
world_get(const struct world *world, enum kind kind, const char *ns, const char *name)
{
	struct entry *e = world_find(world, kind, ns, name);

	return e ? e->obj : NULL;
}

bool
world_l2status_says(const struct world *world, const struct ip *ip, const char *node)
{
	struct addr *addr = addrs_find((struct world *)world, ip);
	struct addr_use *use;

	if (!addr)
		return false;
	SLIST_FOREACH(use, &addr->uses, of_addr) {
		const struct meta *meta = &use->svc->e.obj->meta;
		struct dependent *dependent =
		    dependents_of((struct dependents *)&world->l2statuses, meta->ns, meta->name);

		for (; dependent; dependent = dependents_next(dependent)) {
			const struct object *obj = dependent->e.obj;

			if (!obj->bad && strcmp(obj->u.l2status.node, node) == 0)
				return true;
		}
	}
	return false;
}

/* The kinds of objects whose first list must be complete before arplet decides about announcing. */
static const enum kind awaited[] = {
	KIND_SERVICE, KIND_POOL, KIND_NAMESPACE, KIND_L2ADV, KIND_NODE, KIND_SLICE,
};

const char *
world_synced(const struct world *world)
{
	for (size_t i = 0; i < sizeof(awaited) / sizeof(*awaited); i++) {
		if (!world->listed[awaited[i]])
			return kind_info[awaited[i]].resource;
	}
	return NULL;
}

uint64_t
world_node_addresses_version(const struct world *world)
{
	return world->node_addresses_version;
}
