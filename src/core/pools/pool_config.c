/* SPDX-License-Identifier: Apache-2.0 */
#include "pool_config.h"
#include "cooldown.h"
#include "core/state/world_state.h"
#include "node_gateway.h"
#include "pool_counts.h"
#include "pool_order.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

static const struct pool *
in_force(const struct pool_entry *pool)
{
	return &pool->c.in_force->u.pool;
}

void
pool_remove(struct world *world, struct pool_entry *pool)
{
	size_t n = 0;

	for (size_t i = 0; i < world->pools->n; i++) {
		if (world->pools->v[i] != pool)
			world->pools->v[n++] = world->pools->v[i];
	}
	world->pools->n = n;
	world->pools->changed = world->probes_changed = true;
	free(pool->ranges);
	free(pool->search_from);
	pool_rules_done(&pool->rules);
	quota_free(pool);
}

/* Parses spec.addresses into a new array.  Ranges of one pool must not overlap. */
static int
ranges_parse(const struct pool *spec, struct ip_range **ret_ranges, struct err *err)
{
	struct ip_range *ranges = xcalloc(spec->addresses.n, sizeof(*ranges));

	for (size_t i = 0; i < spec->addresses.n; i++) {
		int rc = ip_range_parse(spec->addresses.v[i], &ranges[i], err);

		for (size_t j = 0; rc == 0 && j < i; j++) {
			if (ip_range_overlaps(&ranges[i], &ranges[j]))
				rc = err_set(err, -1, "\"%.100s\" overlaps \"%.100s\" of the same "
					     "pool", spec->addresses.v[i], spec->addresses.v[j]);
		}
		if (rc < 0) {
			err_prefix(err, "spec.addresses[%zu]: ", i);
			free(ranges);
			return rc;
		}
	}
	*ret_ranges = ranges;
	return 0;
}

/*
 * Returns a pool in force that overlaps @ranges, or NULL.  Sets @ret_its to the index of the
 * overlapping range of that pool, and @ret_i to the index in @ranges.
 */
static const struct pool_entry *
find_overlap(const struct world *world, const struct ip_range *ranges, size_t n, size_t *ret_its,
    size_t *ret_i)
{
	for (size_t p = 0; p < world->pools->n; p++) {
		const struct pool_entry *other = world->pools->v[p];

		for (*ret_i = 0; *ret_i < n; (*ret_i)++) {
			for (*ret_its = 0; *ret_its < other->n_ranges; (*ret_its)++) {
				if (ip_range_overlaps(&ranges[*ret_i], &other->ranges[*ret_its]))
					return other;
			}
		}
	}
	return NULL;
}

static int
check_overlaps(const struct world *world, const struct object *obj, const struct ip_range *ranges,
    struct err *err)
{
	size_t n = obj->u.pool.addresses.n, i, its;
	const struct pool_entry *other = find_overlap(world, ranges, n, &its, &i);

	if (!other)
		return 0;
	return err_set(err, -1, "spec.addresses[%zu]: \"%.100s\" overlaps \"%.100s\" of the older "
	    "pool \"%s\"", i, obj->u.pool.addresses.v[i], in_force(other)->addresses.v[its],
	    other->c.in_force->meta.name);
}

/* The valid parts of a pool's specification. */
struct parsed_pool {
	struct ip_range *ranges; /* the address ranges; NULL: spec.addresses is invalid */
	struct pool_rules rules;
	bool bad_annotations; /* an annotation is invalid, so the member rules is empty */
};

static int
pool_parse(const struct world *world, const struct object *obj, struct parsed_pool *ret,
    struct err *err)
{
	size_t n = obj->u.pool.addresses.n;
	int rc;

	*ret = (struct parsed_pool){ 0 };
	if (obj->bad)
		return err_set(err, -1, "%s", obj->bad);
	if (n == 0)
		return err_set(err, -1, "spec.addresses: must name at least one block");
	rc = ranges_parse(&obj->u.pool, &ret->ranges, err);
	if (rc < 0)
		return rc;
	rc = pool_rules_parse(&obj->u.pool, ret->ranges, n, &ret->rules, err);
	ret->bad_annotations = rc < 0;
	return rc < 0 ? rc : check_overlaps(world, obj, ret->ranges, err);
}

static void
pool_enforce(struct pool_entry *pool, struct object *obj, const struct parsed_pool *parsed)
{
	config_enforce(&pool->c, obj);
	free(pool->ranges);
	free(pool->search_from);
	pool_rules_done(&pool->rules);
	pool->ranges = parsed->ranges;
	pool->rules = parsed->rules;
	pool->bad_annotations = parsed->bad_annotations;
	pool->n_ranges = obj->u.pool.addresses.n;
	pool->search_from = xcalloc(pool->n_ranges, sizeof(*pool->search_from));
	for (size_t i = 0; i < pool->n_ranges; i++)
		pool->search_from[i] = pool->ranges[i].first;
}

/*
 * Stops allocation from a pool that a watch has reported as deleted.  Services keep the pool's
 * addresses until a list confirms the deletion.
 */
static void
pool_refuse_deleted(struct pool_entry *pool)
{
	pool->alloc_refusal = "it was deleted, so it allocates no address";
	set_text(&pool->c.error, NULL);
}

/*
 * Puts the newest specification of @pool in force.  An invalid specification does not replace a
 * valid one.  If there is no valid specification, an invalid one with valid address ranges is in
 * force, so that Services keep their addresses.  If the specification in force overlaps an older
 * pool or has invalid annotations, the pool allocates no new address.
 */
static void
pool_config_apply(const struct world *world, struct pool_entry *pool)
{
	struct object *obj = pool->c.e.obj;
	struct parsed_pool parsed;
	struct err err = { "" };
	size_t i, its;
	int rc = pool_parse(world, obj, &parsed, &err);

	if (rc == 0 || (parsed.ranges && (!pool->c.in_force || pool->bad_annotations))) {
		pool_enforce(pool, obj, &parsed);
	} else {
		free(parsed.ranges);
		pool_rules_done(&parsed.rules);
	}
	pool->alloc_refusal = NULL;
	if (rc < 0 && pool->c.in_force && pool->bad_annotations)
		pool->alloc_refusal = "its annotations are invalid, so it allocates no address";
	if (rc < 0 && pool->c.in_force &&
	    find_overlap(world, pool->ranges, pool->n_ranges, &its, &i))
		pool->alloc_refusal = "it overlaps an older pool, so it allocates no address";
	set_text(&pool->c.error, rc ? err.text : NULL);
}

void
pools_reconfigure(struct world *world)
{
	size_t n = 0, i = 0;
	struct pools *pools = world->pools;
	struct pool_entry **all;
	struct entry *e;

	RB_FOREACH(e, store, &world->store[KIND_POOL])
		n++;
	all = xcalloc(n, sizeof(*all));
	RB_FOREACH(e, store, &world->store[KIND_POOL])
		all[i++] = (struct pool_entry *)e;
	qsort(all, n, sizeof(*all), pool_age_cmp);
	free(pools->v);
	pools->v = xcalloc(n, sizeof(*pools->v));
	pools->n = 0;
	pools->has_unusable = false;
	for (i = 0; i < n; i++) {
		if (all[i]->c.e.obj->pending_delete)
			pool_refuse_deleted(all[i]);
		else
			pool_config_apply(world, all[i]);
		if (all[i]->c.in_force)
			pools->v[pools->n++] = all[i];
		else
			pools->has_unusable = true;
	}
	qsort(pools->v, pools->n, sizeof(*pools->v), pool_order_cmp);
	free(all);
	for (i = 0; i < pools->n; i++)
		quota_recount(world, pools->v[i]);
	cooldowns_pools_changed(world);
	pools_node_gateways_changed(world);
	world->config_changed = true;
}

#define GRACE_MS 60000           /* length of the grace period if there are no pools */
#define GRACE_AFTER_POOL_MS 5000 /* rest of the grace period after a pool is created */

void
pools_update_grace(struct world *world)
{
	bool none = RB_EMPTY(&world->store[KIND_POOL]);
	struct pools *pools = world->pools;

	if (!world->listed[KIND_POOL] || pools->grace_until_ms < 0)
		return;
	if (pools->grace_until_ms == 0) {
		pools->grace_until_ms = -1;
		if (none && world->opts.await_pools)
			pools->grace_until_ms = world->now_ms + GRACE_MS;
	} else if (!none && !pools->created) {
		pools->created = true;
		if (pools->grace_until_ms > world->now_ms + GRACE_AFTER_POOL_MS)
			pools->grace_until_ms = world->now_ms + GRACE_AFTER_POOL_MS;
	}
	if (pools->grace_until_ms > 0 && world->now_ms >= pools->grace_until_ms) {
		pools->grace_until_ms = -1;
		world_mark_all(world, MARK_ALLOC);
	}
}

void
pools_node_gateways_changed(struct world *world)
{
	for (size_t i = 0; i < world->pools->n; i++)
		pool_recount(world, world->pools->v[i]);
	world->freed = true; /* the messages of Events on waiting Services may have changed */
	world->probes_changed = true;
}
