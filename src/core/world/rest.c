/* SPDX-License-Identifier: Apache-2.0 */
#include "pools.h"

#include <stdlib.h>
#include <string.h>

/*
 * Released addresses at rest (arplet.io/reuse-after): for a while nobody is given one but a Service
 * of the name that had it.  Every daemon that watches knows of them, so that the next allocator
 * does, too; one that began later does not.
 */

#define RESTS_MAX 65536 /* of more than these the oldest end early */
#define UNDATED   INT64_MAX

static int
ip_order(const struct rest *a, const struct rest *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(rests_by_ip, rest, by_ip, ip_order)
RB_GENERATE(rests_by_ip, rest, by_ip, ip_order)

static int
owner_order(const struct rest *a, const struct rest *b)
{
	int order = strcmp(a->ns, b->ns);

	if (!order)
		order = strcmp(a->name, b->name);
	return order ? order : ip_order(a, b);
}
RB_PROTOTYPE(rests_by_owner, rest, by_owner, owner_order)
RB_GENERATE(rests_by_owner, rest, by_owner, owner_order)

static int
end_order(const struct rest *a, const struct rest *b)
{
	if (a->until_ms != b->until_ms)
		return a->until_ms < b->until_ms ? -1 : 1;
	return ip_order(a, b);
}
RB_PROTOTYPE(rests_by_end, rest, by_end, end_order)
RB_GENERATE(rests_by_end, rest, by_end, end_order)

const struct rest *
rest_find(const struct world *world, const struct ip *ip)
{
	struct rest key = { .ip = *ip };

	return RB_FIND(rests_by_ip, (struct rests_by_ip *)&world->rests_by_ip, &key);
}

bool
rest_is_of(const struct rest *rest, const struct meta *meta)
{
	return strcmp(rest->ns, meta->ns) == 0 && strcmp(rest->name, meta->name) == 0;
}

const struct rest *
rest_of(const struct world *world, const struct meta *meta)
{
	struct rest key = { .ns = (char *)meta->ns, .name = (char *)meta->name }; /* no address */

	struct rest *first = RB_NFIND(rests_by_owner,
	    (struct rests_by_owner *)&world->rests_by_owner, &key);

	return first && rest_is_of(first, meta) ? first : NULL;
}

const struct rest *
rest_next(const struct rest *rest)
{
	const struct rest *next = RB_NEXT(rests_by_owner, NULL, (struct rest *)rest);
	const struct meta owner = { .ns = rest->ns, .name = rest->name };

	return next && rest_is_of(next, &owner) ? next : NULL;
}

static void
end(struct world *world, struct rest *rest)
{
	RB_REMOVE(rests_by_ip, &world->rests_by_ip, rest);
	RB_REMOVE(rests_by_owner, &world->rests_by_owner, rest);
	RB_REMOVE(rests_by_end, &world->rests_by_end, rest);
	world->n_rests--;
	pool_reconsider(world, &rest->ip);
	free(rest->ns);
	free(rest->name);
	free(rest);
}

static int64_t
rest_ms(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);

	return pool ? pool->rules.rest_ms : 0;
}

void
rest_begin(struct world *world, const struct ip *ip, const struct meta *owner)
{
	struct rest *rest;

	if (!rest_ms(world, ip))
		return;
	if (world->n_rests == RESTS_MAX)
		end(world, RB_MIN(rests_by_end, &world->rests_by_end));
	rest = xcalloc(1, sizeof(*rest));
	rest->ip = *ip;
	rest->ns = xstrdup(owner->ns);
	rest->name = xstrdup(owner->name);
	rest->since_ms = rest->until_ms = UNDATED;
	RB_INSERT(rests_by_ip, &world->rests_by_ip, rest);
	RB_INSERT(rests_by_owner, &world->rests_by_owner, rest);
	RB_INSERT(rests_by_end, &world->rests_by_end, rest);
	world->n_rests++;
}

void
rest_taken(struct world *world, const struct ip *ip)
{
	const struct rest *rest = rest_find(world, ip);

	if (rest)
		end(world, (struct rest *)rest);
}

/* Moves it to its place among the others. */
static void
set_end(struct world *world, struct rest *rest, int64_t until_ms)
{
	RB_REMOVE(rests_by_end, &world->rests_by_end, rest);
	rest->until_ms = until_ms;
	RB_INSERT(rests_by_end, &world->rests_by_end, rest);
}

void
rests_update(struct world *world)
{
	struct rest *rest;

	while ((rest = RB_MAX(rests_by_end, &world->rests_by_end)) && rest->since_ms == UNDATED) {
		rest->since_ms = world->now_ms;
		set_end(world, rest, rest->since_ms + rest_ms(world, &rest->ip));
	}
	while ((rest = RB_MIN(rests_by_end, &world->rests_by_end)) &&
	    rest->until_ms <= world->now_ms)
		end(world, rest);
}

void
rests_pools_changed(struct world *world)
{
	struct rest *rest, *next;

	RB_FOREACH_SAFE(rest, rests_by_ip, &world->rests_by_ip, next) {
		if (!rest_ms(world, &rest->ip))
			end(world, rest);
		else if (rest->since_ms != UNDATED)
			set_end(world, rest, rest->since_ms + rest_ms(world, &rest->ip));
	}
}

int64_t
rests_next_ms(const struct world *world)
{
	const struct rest *rest =
	    RB_MIN(rests_by_end, (struct rests_by_end *)&world->rests_by_end);

	return rest ? rest->until_ms : INT64_MAX;
}

void
rests_free(struct world *world)
{
	while (!RB_EMPTY(&world->rests_by_ip))
		end(world, RB_ROOT(&world->rests_by_ip));
}
