/* SPDX-License-Identifier: Apache-2.0 */
#include "pool_counts.h"
#include "arplet/action_plan.h"
#include "core/state/world_state.h"
#include "node_gateway.h"
#include "pools.h"

#include <string.h>

/* Returns how many addresses of @range avoidBuggyIPs rules out. */
static int64_t
count_avoided(const struct ip_range *range)
{
	int64_t first = 0, last = 0;

	if (range->first.family != IPV4)
		return 0;
	for (int i = 0; i < 4; i++) {
		first = first << 8 | range->first.b[i];
		last = last << 8 | range->last.b[i];
	}
	return ((last >> 8) - ((first + 255) >> 8) + 1) + ((last + 1) / 256 - first / 256);
}

/*
 * Returns how many node and gateway addresses are in @range, without those that avoidBuggyIPs rules
 * out.
 */
static int64_t
count_node_gateways(const struct world *world, const struct pool_entry *pool,
    const struct ip_range *range)
{
	const struct node_gateway *end, *at = node_gateways_from(world, &range->first, &end);
	const struct ip *before = NULL;
	int64_t n = 0;

	for (; at < end && ip_range_contains(range, &at->ip); at++) {
		if (before && ip_equal(before, &at->ip))
			continue; /* an address with two descriptions counts once */
		n += !pool_avoids(pool, &at->ip) && pool_node_gateway_text(world, pool, &at->ip);
		before = &at->ip;
	}
	return n;
}

/* The sum of two counts of addresses.  INT64_MAX means: INT64_MAX or more. */
static int64_t
add_count(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

void
pool_count_assigned(const struct world *world, struct pool_entry *pool, const struct ip *ip,
    int64_t n)
{
	struct pool_counts *c = &pool->counts;
	bool v4 = ip->family == IPV4;
	int64_t *available = v4 ? &c->available4 : &c->available6;

	if (pool_avoids(pool, ip))
		return;
	*(v4 ? &c->assigned4 : &c->assigned6) += n;
	/* INT64_MAX means "INT64_MAX or more", so this count stays INT64_MAX */
	if (*available != INT64_MAX && !pool->alloc_refusal &&
	    !pool_node_gateway_text(world, pool, ip))
		*available -= n;
	pool->counts_written = false;
}

void
pool_recount(const struct world *world, struct pool_entry *pool)
{
	struct pool_counts c = { 0 };

	for (size_t i = 0; i < pool->n_ranges && !pool->alloc_refusal; i++) {
		const struct ip_range *range = &pool->ranges[i];
		bool v4 = range->first.family == IPV4;
		int64_t *available = v4 ? &c.available4 : &c.available6, total;

		total = ip_range_count(range);
		if (pool->c.in_force->u.pool.avoid_buggy)
			total -= count_avoided(range);
		if (total != INT64_MAX)
			total -= count_node_gateways(world, pool, range);
		*available = add_count(*available, total);
	}
	pool->counts = c;
	pool->counts_written = false;
	for (size_t i = 0; i < pool->n_ranges; i++) {
		const struct ip_range *range = &pool->ranges[i];
		struct addr *addr = addrs_from(world, &range->first);

		for (; addr && ip_range_contains(range, &addr->ip); addr = addrs_next(addr)) {
			if (pools_containing(world, &addr->ip) == pool)
				pool_count_assigned(world, pool, &addr->ip, 1);
		}
	}
}

void
pool_counts_write(struct world *world, struct plan *plan)
{
	for (size_t i = 0; i < world->pools->n; i++) {
		struct pool_entry *pool = world->pools->v[i];

		if (pool->counts_written || world->now_ms < pool->counts_after_ms)
			continue;
		pool->counts_written = true;
		if (pool->c.e.obj->bad || memcmp(&pool->counts, &pool->c.e.obj->u.pool.status,
			sizeof(pool->counts)) == 0)
			continue;
		pool->counts_after_ms = world->now_ms + world->opts.counts_ms;
		plan_add(plan, ACT_POOL_STATUS, pool->c.e.obj)->u.pool_status = pool->counts;
	}
}

int64_t
pool_counts_next_ms(const struct world *world)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < world->pools->n; i++) {
		const struct pool_entry *pool = world->pools->v[i];

		if (!pool->counts_written && pool->counts_after_ms > world->now_ms &&
		    pool->counts_after_ms < next_ms)
			next_ms = pool->counts_after_ms;
	}
	return next_ms;
}
