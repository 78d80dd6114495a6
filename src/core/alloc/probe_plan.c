/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "pool_search.h"
#include "probe_links.h"
#include "probe_results.h"

#include <stdlib.h>

/*
 * The number of free addresses that the prober probes in advance in each pool and family: 64, and 1
 * more for each waiting Service, up to 1,024.
 */
#define SPARE_MIN 64
#define SPARE_MAX 1024

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

struct plan_walk {
	void (*visit)(void *arg, const struct probe_target *target);
	void *arg;
	struct world *world;
	const struct pool_entry *pool;  /* the pool of the address that was planned last */
	struct probe_links probe_links; /* probe links of that pool */
};

static void
plan_ip(struct plan_walk *w, const struct ip *ip)
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
		return; /* @ip gets no probe, so probe_plan_each() forgets the result of @ip */
	if (probe_result)
		probe_result->planned = true;
	w->visit(w->arg, &target);
}

/* Plans probes of the next @spare free addresses of @pool in each family. */
static void
plan_free(struct plan_walk *w, const struct pool_entry *pool, size_t spare)
{
	size_t left[2] = { spare, spare };

	if (probe_results_full(w->world))
		return;
	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct ip ip = pool->search_from[i];
		size_t *n = &left[ip.family == IPV6];

		while (*n && pool_search_next(w->world, pool, i, &ip)) {
			plan_ip(w, &ip);
			(*n)--;
			if (ip_next(&ip) < 0)
				break;
		}
	}
}

/*
 * Plans probes of the addresses that other hosts use, to find out when the addresses become free.
 */
static void
plan_used(struct plan_walk *w)
{
	struct probe_result *probe_result;

	RB_FOREACH(probe_result, probe_result_tree, &w->world->probe_results->tree) {
		probe_result->planned = false;
		if (probe_result->used && !addrs_find(w->world, &probe_result->ip))
			plan_ip(w, &probe_result->ip);
	}
}

void
probe_plan_each(struct world *world, void (*visit)(void *arg, const struct probe_target *target),
    void *arg)
{
	struct plan_walk w = { .visit = visit, .arg = arg, .world = world };
	struct probe_result *probe_result, *next;
	struct svc *svc;
	size_t spare = SPARE_MIN;

	world->probes_changed = false;
	if (!world->probe_results->enabled || !world->allocator) {
		probe_results_clear(world);
		return;
	}
	plan_used(&w);
	TAILQ_FOREACH(svc, &world->waiting, waits) {
		spare += spare < SPARE_MAX;
		for (size_t i = 0; i < svc->probe_ips.n; i++) {
			if (!addrs_find(world, &svc->probe_ips.v[i]))
				plan_ip(&w, &svc->probe_ips.v[i]);
		}
	}
	for (size_t p = 0; p < world->pools->n; p++) {
		if (!world->pools->v[p]->alloc_refusal)
			plan_free(&w, world->pools->v[p], spare);
	}
	arena_done(&w.probe_links.mem);
	RB_FOREACH_SAFE(probe_result, probe_result_tree, &world->probe_results->tree, next) {
		if (!probe_result->planned && !probe_result->reported_until_ms)
			probe_result_forget(world, probe_result);
	}
}
