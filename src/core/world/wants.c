/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "claims.h"
#include "pools.h"

#include <stdlib.h>

/* Which addresses the LAN is to be asked for, ahead of need. */
#define AHEAD     64 /* addresses of a pool and family that are known before they are needed ... */
#define AHEAD_MAX 1024 /* ... and as many as Services wait, up to this */

bool
world_wants_changed(const struct world *world)
{
	return world->wants_changed;
}

bool
world_awaits_check(const struct world *world)
{
	const struct svc *svc;

	TAILQ_FOREACH(svc, &world->waiting, waits) {
		if (svc->checks)
			return true;
	}
	return false;
}

struct wants {
	void (*visit)(void *arg, const struct probe_wish *wish);
	void *arg;
	struct world *world;
	const struct pool_entry *pool; /* of the address before */
	struct place place;            /* where that pool's are asked for */
};

static void
want(struct wants *w, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(w->world, ip);
	struct check *check = check_find(w->world, ip);
	struct probe_wish wish;

	if (pool && pool != w->pool) {
		arena_done(&w->place.mem);
		place_init(&w->place, w->world, pool);
	}
	w->pool = pool;
	if (!pool || !place_links(w->world, &w->place, ip, &wish))
		return; /* what was known of it is forgotten */
	if (check)
		check->wanted = true;
	w->visit(w->arg, &wish);
}

static void
want_ahead(struct wants *w, const struct pool_entry *pool, size_t ahead)
{
	size_t left[2] = { ahead, ahead };

	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct ip ip = pool->hints[i];
		size_t *n = &left[ip.family == IPV6];

		while (*n && pick_next(w->world, pool, i, &ip)) {
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
	struct check *check;

	RB_FOREACH(check, checks, &w->world->checks) {
		check->wanted = false;
		if (check->used && !claims_find(w->world, &check->ip))
			want(w, &check->ip);
	}
}

void
world_each_wanted(struct world *world, void (*visit)(void *arg, const struct probe_wish *wish),
    void *arg)
{
	struct wants w = { .visit = visit, .arg = arg, .world = world };
	struct check *check, *next;
	struct svc *svc;
	size_t ahead = AHEAD;

	world->wants_changed = false;
	if (!world->checking || !world->allocator) {
		check_free(world);
		return;
	}
	want_used(&w);
	TAILQ_FOREACH(svc, &world->waiting, waits) {
		ahead += ahead < AHEAD_MAX;
		for (size_t i = 0; i < svc->named.n; i++) {
			if (!claims_find(world, &svc->named.v[i]))
				want(&w, &svc->named.v[i]);
		}
	}
	for (size_t p = 0; p < world->n_pools; p++) {
		if (!world->pools[p]->closed)
			want_ahead(&w, world->pools[p], ahead);
	}
	arena_done(&w.place.mem);
	RB_FOREACH_SAFE(check, checks, &world->checks, next) {
		if (!check->wanted && !check->until_ms)
			check_forget(world, check);
	}
}
