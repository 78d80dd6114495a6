/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"
#include "pools.h"

#include <string.h>

/* The lowest address of @family that @pool gives the Service, which is to have @beside, too. */
static bool
pick(const struct ask *ask, struct pool_entry *pool, uint8_t family, const struct ips *beside,
    struct ip *ret_ip)
{
	bool full = !quota_room(ask->world, pool, ask->svc, beside);

	bool found = pool_pick(ask->world, pool, family, ask->svc, full, ret_ip);

	ask->ret->waits |= pool->unchecked;
	return found;
}

/* Addresses of as many of the Service's families as @pool has left. */
static void
pick_from(const struct ask *ask, struct pool_entry *pool, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < ask->spec->n_families; i++) {
		struct ip ip;

		if (pick(ask, pool, ask->spec->families[i], ret_ips, &ip))
			ips_add(ret_ips, &ip);
	}
}

/* May automatic allocation use @pool for this Service?  NULL, or why not. */
static const char *
auto_refuses(const struct ask *ask, const struct pool_entry *pool)
{
	const char *why;

	if (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0)
		return "another pool is asked for";
	why = give_refuses(ask, pool);
	if (!why && !ask->req.pool && !pool->c.good->u.pool.auto_assign)
		why = "it has autoAssign: false and was not asked for by name "
		      "(metallb.io/address-pool)";
	return why;
}

static bool
has_family(const struct pool_entry *pool, uint8_t family)
{
	for (size_t i = 0; i < pool->n_ranges; i++) {
		if (pool->ranges[i].first.family == family)
			return true;
	}
	return false;
}

/*
 * Of which family a pool has nothing: the one that it lacks altogether, or the first that would do.
 */
static uint8_t
family_short(const struct ask *ask, const struct pool_entry *pool, bool both)
{
	const uint8_t *families = ask->spec->families;

	if (ask->spec->n_families == 1 || has_family(pool, families[0]) != both)
		return families[0];
	return families[1];
}

/* Why a pool that may serve the Service has nothing for it. */
static const char *
explain_full(const struct ask *ask, const struct pool_entry *pool, bool both)
{
	const struct rules *rules = &pool->rules;
	bool held_back = rules->n_exclude || rules->n_reserved || rules->rest_ms || pool->has_infra;
	const char *rest = held_back ? " (addresses that are excluded, reserved, at rest or the "
				       "network's own do not count)"
				     : "";
	uint8_t family = family_short(ask, pool, both);

	if (!has_family(pool, family))
		return arena_printf(ask->mem, "it has no IPv%d addresses%s", family,
		    both ? ", and the Service requires both families" : "");
	if (quota_room(ask->world, pool, ask->svc, &(struct ips){ 0 }) < (both ? 2 : 1))
		return quota_text(ask->world, pool, ask->svc, ask->mem);
	if (both)
		return arena_printf(ask->mem, "it has no free address of both families%s", rest);
	return arena_printf(ask->mem, "it has no free IPv%d address%s", family, rest);
}

/* What to do where no pool can be used: see to one that is wrong, or to the name, or make one. */
static const char *
unusable(const struct ask *ask, const char *name)
{
	struct store *store = (struct store *)&ask->world->store[KIND_POOL];
	const char *names = "";
	struct entry *e;

	RB_FOREACH(e, store, store) {
		const struct config *config = (const struct config *)e;
		const char *pool = e->obj->meta.name;

		if (config->error && (!name || strcmp(name, pool) == 0))
			return arena_printf(ask->mem, ": \"%s\" is wrong: %s", pool, config->error);
		if (!config->error && strlen(names) < 200)
			names = arena_printf(ask->mem, "%s%s \"%s\"", names, *names ? "," : "", pool);
	}
	if (*names)
		return arena_printf(ask->mem, "; there is%s", names);
	return "; create one there that names addresses of your network";
}

/* One sentence that goes through the pools and says of each why it gave nothing. */
static const char *
explain_none(const struct ask *ask)
{
	const char *text = NULL;
	bool both = ask->spec->n_families == 2 && ask->spec->policy == REQUIRE_DUAL_STACK;

	if (ask->req.pool && !pools_named(ask->world, ask->req.pool))
		return arena_printf(ask->mem, "there is no usable IPAddressPool \"%s\" in namespace "
		    "\"%s\", which the annotation metallb.io/address-pool asks for%s",
		    ask->req.pool, ask->world->opts.pool_ns, unusable(ask, ask->req.pool));
	if (ask->world->n_pools == 0)
		return arena_printf(ask->mem, "there is no usable IPAddressPool in namespace \"%s\"%s",
		    ask->world->opts.pool_ns, unusable(ask, NULL));
	for (size_t p = 0; p < ask->world->n_pools; p++) {
		const struct pool_entry *pool = ask->world->pools[p];
		const char *why;

		if (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0)
			continue;
		why = auto_refuses(ask, pool);
		if (!why)
			why = explain_full(ask, pool, both);
		if (text && strlen(text) > 600)
			return arena_printf(ask->mem, "%s; and so on", text);
		text = arena_printf(ask->mem, "%s%spool \"%s\": %s", text ? text : "",
		    text ? "; " : "", pool_name(pool), why);
	}
	return text;
}

/* The last address of @family that a Service of this name had, if it rests for it; or NULL. */
static const struct ip *
find_rested(const struct ask *ask, uint8_t family)
{
	const struct rest *rest = rest_of(ask->world, &ask->svc->e.obj->meta), *last = NULL;

	for (; rest; rest = rest_next(rest)) {
		const struct pool_entry *pool = pools_containing(ask->world, &rest->ip);

		if (rest->ip.family == family && !auto_refuses(ask, pool) &&
		    pool_gives_back(ask->world, pool, &rest->ip) &&
		    (!last || rest->since_ms > last->since_ms))
			last = rest;
	}
	return last ? &last->ip : NULL;
}

/* The addresses that a Service of this name had a while ago; false: none that would do. */
bool
take_rested(const struct ask *ask, struct ips *ret_ips)
{
	struct ips ips = { 0 };

	for (size_t i = 0; i < ask->spec->n_families; i++) {
		const struct ip *ip = find_rested(ask, ask->spec->families[i]);

		if (ip && quota_room(ask->world, pools_containing(ask->world, ip), ask->svc, &ips))
			ips_add(&ips, ip);
	}
	if (ips.n == 0)
		return false;
	if (ips.n == ask->spec->n_families || !take_second(ask, &ips, ret_ips))
		*ret_ips = ips;
	return !families_refuse(ask, ret_ips);
}

/*
 * The first pool that has all families; failing that one address a family from different pools
 * (MetalLB insists on one pool), and for PreferDualStack at least one, of the first family.
 */
const char *
take_automatic(const struct ask *ask, struct ips *ret_ips)
{
	struct ips each = { 0 };

	for (size_t p = 0; p < ask->world->n_pools; p++) {
		struct ips got;

		if (auto_refuses(ask, ask->world->pools[p]))
			continue;
		pick_from(ask, ask->world->pools[p], &got);
		if (ask->ret->waits)
			return "its address is being asked for on the LAN";
		if (got.n == ask->spec->n_families) {
			*ret_ips = got;
			return NULL;
		}
		for (size_t i = 0; i < got.n; i++) {
			if (!ips_of_family(&each, got.v[i].family))
				ips_add(&each, &got.v[i]);
		}
	}
	if (each.n == 0 || families_refuse(ask, &each))
		return explain_none(ask);
	*ret_ips = each;
	return NULL;
}

/* A Service of two families with one address: a free one of the other, same pool first. */
bool
take_second(const struct ask *ask, const struct ips *has, struct ips *ret_ips)
{
	uint8_t other = has->v[0].family == IPV4 ? IPV6 : IPV4;
	struct pool_entry *home = pools_containing(ask->world, &has->v[0]);
	struct ip ip;

	if (has->n != 1 || ask->req.ips.n || !wants_family(ask->spec, other))
		return false;
	*ret_ips = *has;
	if (home && pick(ask, home, other, has, &ip)) {
		ips_add(ret_ips, &ip);
		return true;
	}
	for (size_t p = 0; p < ask->world->n_pools; p++) {
		struct pool_entry *pool = ask->world->pools[p];

		if (!auto_refuses(ask, pool) && pick(ask, pool, other, has, &ip)) {
			ips_add(ret_ips, &ip);
			return true;
		}
	}
	return false;
}
