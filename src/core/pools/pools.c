/* SPDX-License-Identifier: Apache-2.0 */
#include "pools.h"
#include "core/state/world_state.h"

#include <stdlib.h>
#include <string.h>

struct pools *
pools_new(void)
{
	return xcalloc(1, sizeof(struct pools));
}

void
pools_free(struct pools *pools)
{
	free(pools->v);
	free(pools);
}

struct pool_entry *
pools_containing(const struct world *world, const struct ip *ip)
{
	for (size_t p = 0; p < world->pools->n; p++) {
		for (size_t i = 0; i < world->pools->v[p]->n_ranges; i++) {
			if (ip_range_contains(&world->pools->v[p]->ranges[i], ip))
				return world->pools->v[p];
		}
	}
	return NULL;
}

struct pool_entry *
pools_named(const struct world *world, const char *name)
{
	for (size_t p = 0; p < world->pools->n; p++) {
		if (strcmp(world->pools->v[p]->c.in_force->meta.name, name) == 0)
			return world->pools->v[p];
	}
	return NULL;
}

/*
 * True if serviceAllocation lets the Services of namespace @ns use the pool: namespaces or
 * namespaceSelectors match, or both are empty.
 */
static bool
pool_serves_ns(const struct world *world, const struct pool *spec, const char *ns)
{
	const struct entry *e;

	if (spec->namespaces.n == 0 && spec->ns_selectors.n == 0)
		return true;
	if (strings_contain(&spec->namespaces, ns))
		return true;
	e = world_find(world, KIND_NAMESPACE, "", ns);
	return e && selectors_match(&spec->ns_selectors, &e->obj->meta.labels);
}

bool
pool_awaits_ns(const struct world *world, const struct pool_entry *pool, const char *ns)
{
	const struct pool *spec = &pool->c.in_force->u.pool;

	return spec->ns_selectors.n && !strings_contain(&spec->namespaces, ns) &&
	    !world_find(world, KIND_NAMESPACE, "", ns);
}

const char *
pool_svc_refusal(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    struct arena *mem)
{
	const struct pool *spec = &pool->c.in_force->u.pool;
	const struct meta *meta = &svc->e.obj->meta;

	if (!pool_serves_ns(world, spec, meta->ns))
		return arena_printf(mem, "it does not serve namespace \"%s\"", meta->ns);
	if (spec->svc_selectors.n && !selectors_match(&spec->svc_selectors, &meta->labels))
		return "its serviceSelectors do not match the Service's labels";
	return NULL;
}

bool
pool_avoids(const struct pool_entry *pool, const struct ip *ip)
{
	return pool->c.in_force->u.pool.avoid_buggy && ip->family == IPV4 &&
	    (ip->b[3] == 0 || ip->b[3] == 255);
}

void
pool_reconsider(struct world *world, const struct ip *ip)
{
	struct pool_entry *pool = pools_containing(world, ip);

	for (size_t i = 0; pool && i < pool->n_ranges; i++) {
		if (ip_range_contains(&pool->ranges[i], ip) &&
		    ip_cmp(ip, &pool->search_from[i]) < 0)
			pool->search_from[i] = *ip;
	}
	world->freed = world->probes_changed = true;
}
