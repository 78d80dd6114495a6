/* SPDX-License-Identifier: Apache-2.0 */
#include "cooldown.h"
#include "core/state/world_state.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

RB_HEAD(cooldowns_by_ip, cooldown);
RB_HEAD(cooldowns_by_owner, cooldown);
RB_HEAD(cooldowns_by_end, cooldown);

/*
 * The allocator finds cooldowns by address, by Service and by end time, with one tree for each.
 * Without these trees, the allocator would often walk over all cooldowns, which takes 10 ms of CPU
 * time if there are 65,536 cooldowns.
 */
struct cooldowns {
	struct cooldowns_by_ip by_ip;
	struct cooldowns_by_owner by_owner;
	struct cooldowns_by_end by_end;
	size_t n;
};

/* maximum number of cooldowns; one more cooldown replaces the cooldown that ends first */
#define COOLDOWNS_MAX 65536
/* how many cooldowns one cooldowns_update() begins and ends at most, which takes about a ms */
#define UPDATES_MAX 2000
/* the time is not set yet, because world.now_ms can be outdated in cooldown_begin() */
#define NO_TIME INT64_MAX

static int
ip_order(const struct cooldown *a, const struct cooldown *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(cooldowns_by_ip, cooldown, by_ip, ip_order)
RB_GENERATE(cooldowns_by_ip, cooldown, by_ip, ip_order)

static int
owner_order(const struct cooldown *a, const struct cooldown *b)
{
	int order = strcmp(a->ns, b->ns);

	if (!order)
		order = strcmp(a->name, b->name);
	return order ? order : ip_order(a, b);
}
RB_PROTOTYPE(cooldowns_by_owner, cooldown, by_owner, owner_order)
RB_GENERATE(cooldowns_by_owner, cooldown, by_owner, owner_order)

static int
end_order(const struct cooldown *a, const struct cooldown *b)
{
	if (a->until_ms != b->until_ms)
		return a->until_ms < b->until_ms ? -1 : 1;
	return ip_order(a, b);
}
RB_PROTOTYPE(cooldowns_by_end, cooldown, by_end, end_order)
RB_GENERATE(cooldowns_by_end, cooldown, by_end, end_order)

struct cooldowns *
cooldowns_new(void)
{
	return xcalloc(1, sizeof(struct cooldowns));
}

const struct cooldown *
cooldown_find(const struct world *world, const struct ip *ip)
{
	struct cooldown key = { .ip = *ip };

	return RB_FIND(cooldowns_by_ip, &world->cooldowns->by_ip, &key);
}

bool
cooldown_is_of(const struct cooldown *cooldown, const struct meta *meta)
{
	return strcmp(cooldown->ns, meta->ns) == 0 && strcmp(cooldown->name, meta->name) == 0;
}

const struct cooldown *
cooldown_of(const struct world *world, const struct meta *meta)
{
	/* the address in the key is all zeroes, which sorts before all other addresses */
	struct cooldown key = { .ns = (char *)meta->ns, .name = (char *)meta->name };
	struct cooldown *first = RB_NFIND(cooldowns_by_owner, &world->cooldowns->by_owner, &key);

	return first && cooldown_is_of(first, meta) ? first : NULL;
}

const struct cooldown *
cooldown_next(const struct cooldown *cooldown)
{
	const struct cooldown *next = RB_NEXT(cooldowns_by_owner, NULL,
	    (struct cooldown *)cooldown);
	const struct meta owner = { .ns = cooldown->ns, .name = cooldown->name };

	return next && cooldown_is_of(next, &owner) ? next : NULL;
}

static void
end(struct world *world, struct cooldown *cooldown)
{
	RB_REMOVE(cooldowns_by_ip, &world->cooldowns->by_ip, cooldown);
	RB_REMOVE(cooldowns_by_owner, &world->cooldowns->by_owner, cooldown);
	RB_REMOVE(cooldowns_by_end, &world->cooldowns->by_end, cooldown);
	world->cooldowns->n--;
	pool_reconsider(world, &cooldown->ip);
	free(cooldown->ns);
	free(cooldown->name);
	free(cooldown);
}

/* Returns the duration of a cooldown of @ip; 0: @ip gets no cooldown. */
static int64_t
cooldown_ms(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);

	return pool ? pool->rules.cooldown_ms : 0;
}

void
cooldown_begin(struct world *world, const struct ip *ip, const struct meta *owner)
{
	struct cooldown *cooldown;

	if (!cooldown_ms(world, ip))
		return;
	if (world->cooldowns->n == COOLDOWNS_MAX)
		end(world, RB_MIN(cooldowns_by_end, &world->cooldowns->by_end));
	cooldown = xcalloc(1, sizeof(*cooldown));
	cooldown->ip = *ip;
	cooldown->ns = xstrdup(owner->ns);
	cooldown->name = xstrdup(owner->name);
	cooldown->since_ms = cooldown->until_ms = NO_TIME;
	RB_INSERT(cooldowns_by_ip, &world->cooldowns->by_ip, cooldown);
	RB_INSERT(cooldowns_by_owner, &world->cooldowns->by_owner, cooldown);
	RB_INSERT(cooldowns_by_end, &world->cooldowns->by_end, cooldown);
	world->cooldowns->n++;
}

void
cooldown_end(struct world *world, const struct ip *ip)
{
	const struct cooldown *cooldown = cooldown_find(world, ip);

	if (cooldown)
		end(world, (struct cooldown *)cooldown);
}

static void
set_end(struct world *world, struct cooldown *cooldown, int64_t until_ms)
{
	RB_REMOVE(cooldowns_by_end, &world->cooldowns->by_end, cooldown);
	cooldown->until_ms = until_ms;
	RB_INSERT(cooldowns_by_end, &world->cooldowns->by_end, cooldown);
}

void
cooldowns_update(struct world *world)
{
	struct cooldown *cooldown;
	size_t left = UPDATES_MAX;

	while (left-- && (cooldown = RB_MAX(cooldowns_by_end, &world->cooldowns->by_end)) &&
	    cooldown->since_ms == NO_TIME) {
		cooldown->since_ms = world->now_ms;
		set_end(world, cooldown, cooldown->since_ms + cooldown_ms(world, &cooldown->ip));
	}
	left = UPDATES_MAX;
	while (left-- && (cooldown = RB_MIN(cooldowns_by_end, &world->cooldowns->by_end)) &&
	    cooldown->until_ms <= world->now_ms)
		end(world, cooldown);
}

void
cooldowns_pools_changed(struct world *world)
{
	struct cooldown *cooldown, *next;

	RB_FOREACH_SAFE(cooldown, cooldowns_by_ip, &world->cooldowns->by_ip, next) {
		if (!cooldown_ms(world, &cooldown->ip))
			end(world, cooldown);
		else if (cooldown->since_ms != NO_TIME)
			set_end(world, cooldown,
			    cooldown->since_ms + cooldown_ms(world, &cooldown->ip));
	}
}

int64_t
cooldowns_next_ms(const struct world *world)
{
	const struct cooldown *first = RB_MIN(cooldowns_by_end, &world->cooldowns->by_end);
	const struct cooldown *last = RB_MAX(cooldowns_by_end, &world->cooldowns->by_end);

	if (last && last->since_ms == NO_TIME)
		return world->now_ms; /* cooldowns_update() has not set its times yet */
	return first ? first->until_ms : INT64_MAX;
}

void
cooldowns_free(struct world *world)
{
	while (!RB_EMPTY(&world->cooldowns->by_ip))
		end(world, RB_ROOT(&world->cooldowns->by_ip));
	free(world->cooldowns);
}
