/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "pool_search.h"
#include "probe_links.h"
#include "probe_results.h"

#include <stdlib.h>

/* Which addresses the LAN is to be asked for, ahead of need. */
#define AHEAD     64 /* addresses of a pool and family that are known before they are needed ... */
#define AHEAD_MAX 1024 /* ... and as many as Services wait, up to this */

bool
probe_plan_is_urgent(const struct world *world)
{
	const struct svc *svc;

	TAILQ_FOREACH(svc, &world->waiting, waits) {
		if (svc->alloc == ALLOC_PROBING)
			return true;
	}
	return false;
}

struct wants {
	void (*visit)(void *arg, const struct probe_target *target);
	void *arg;
	struct world *world;
	const struct pool_entry *pool; /* of the address before */
	struct probe_links probe_links;            /* where that pool's are asked for */
};

static void
want(struct wants *w, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(w->world, ip);
	struct probe_result *probe_result = probe_result_find(w->world, ip);
	struct probe_target target;

	if (pool && pool != w->pool) {
		arena_done(&w->probe_links.mem);
		probe_links_init(&w->probe_links, w->world, pool);
	}
	w->pool = pool;
	if (!pool || !probe_links_for(w->world, &w->probe_links, ip, &target))
		return; /* what was known of it is forgotten */
	if (probe_result)
		probe_result->planned = true;
	w->visit(w->arg, &target);
}

static void
want_ahead(struct wants *w, const struct pool_entry *pool, size_t ahead)
{
	size_t left[2] = { ahead, ahead };

	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct ip ip = pool->search_from[i];
		size_t *n = &left[ip.family == IPV6];

		while (*n && pool_search_next(w->world, pool, i, &ip)) {
			want(w, &ip);
			(*n)--;
			if (ip_next(&ip) < 0)
				break;
		}
	}
}

/* What is used stays wanted, so that it is asked for again; what is given or gone is forgotten. */
static void
want_used(struct wants *w)
{
	struct probe_result *probe_result;

	RB_FOREACH(probe_result, probe_result_tree, &w->world->probe_results->tree) {
		probe_result->planned = false;
		if (probe_result->used && !addrs_find(w->world, &probe_result->ip))
			want(w, &probe_result->ip);
	}
}

void
probe_plan_each(struct world *world, void (*visit)(void *arg, const struct probe_target *target),
    void *arg)
{
	struct wants w = { .visit = visit, .arg = arg, .world = world };
	struct probe_result *probe_result, *next;
	struct svc *svc;
	size_t ahead = AHEAD;

	world->probes_changed = false;
	if (!world->probe_results->enabled || !world->allocator) {
		probe_results_clear(world);
		return;
	}
	want_used(&w);
	TAILQ_FOREACH(svc, &world->waiting, waits) {
		ahead += ahead < AHEAD_MAX;
		for (size_t i = 0; i < svc->named.n; i++) {
			if (!addrs_find(world, &svc->named.v[i]))
				want(&w, &svc->named.v[i]);
		}
	}
	for (size_t p = 0; p < world->pools->n; p++) {
		if (!world->pools->v[p]->alloc_refusal)
			want_ahead(&w, world->pools->v[p], ahead);
	}
	arena_done(&w.probe_links.mem);
	RB_FOREACH_SAFE(probe_result, probe_result_tree, &world->probe_results->tree, next) {
		if (!probe_result->planned && !probe_result->reported_until_ms)
			probe_result_forget(world, probe_result);
	}
}
