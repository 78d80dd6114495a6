/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include <string.h>

const char *
svc_name(const struct ask *ask, const struct svc *svc)
{
	return arena_printf(ask->mem, "%s/%s", svc->e.obj->meta.ns, svc->e.obj->meta.name);
}

const char *
pool_name(const struct pool_entry *pool)
{
	return pool->c.good->meta.name;
}

const char *
ip_text(const struct ask *ask, const struct ip *ip)
{
	char buf[IP_TEXT_MAX];

	return arena_strdup(ask->mem, ip_format(ip, buf));
}

bool
wants_family(const struct service *spec, uint8_t family)
{
	for (size_t i = 0; i < spec->n_families; i++) {
		if (spec->families[i] == family)
			return true;
	}
	return false;
}

const char *
families_refuse(const struct ask *ask, const struct ips *ips)
{
	const struct service *spec = ask->spec;
	size_t need = spec->policy == PREFER_DUAL_STACK ? 1 : spec->n_families;

	for (size_t i = 0; i < ips->n; i++) {
		if (!wants_family(spec, ips->v[i].family))
			return arena_printf(ask->mem, "the Service has no IPv%d clusterIP, so it "
			    "cannot have %s", ips->v[i].family, ip_text(ask, &ips->v[i]));
	}
	if (ips->n == 2 && ips->v[0].family == ips->v[1].family)
		return "the Service can have only one address of each of its families";
	if (ips->n < need)
		return "the Service needs an address of each of its families";
	return NULL;
}

bool
request_differs(const struct ask *ask, const struct ips *ips)
{
	const struct pool_entry *pool;

	if (ask->req.ips.n && !ips_equal(&ask->req.ips, ips))
		return true;
	if (!ask->req.pool)
		return false;
	pool = pools_containing(ask->world, &ips->v[0]);
	return !pool || strcmp(pool_name(pool), ask->req.pool) != 0;
}

/* NULL if @pool may give the Service a new address, else why not. */
static const char *
give_refuses(const struct ask *ask, const struct pool_entry *pool)
{
	if (pool->closed)
		return "it overlaps an older pool, so it gives no address";
	return pool_refuses(ask->world, pool, ask->svc, ask->mem);
}

/* The addresses asked for: NULL if the Service can have them, else why not. */
static const char *
take_requested(const struct ask *ask, struct ips *ret_ips)
{
	const struct pool_entry *first = NULL;
	const char *why = families_refuse(ask, &ask->req.ips);

	for (size_t i = 0; !why && i < ask->req.ips.n; i++) {
		const struct ip *ip = &ask->req.ips.v[i];
		const struct pool_entry *pool = pools_containing(ask->world, ip);
		const struct svc *other = NULL;
		const char *text = ip_text(ask, ip);

		if (!pool)
			return arena_printf(ask->mem, "no IPAddressPool contains %s", text);
		if (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0)
			return arena_printf(ask->mem, "%s is in pool \"%s\", but the Service asks "
			    "for pool \"%s\"", text, pool_name(pool), ask->req.pool);
		if (first && first != pool)
			return arena_printf(ask->mem, "the addresses asked for are in different "
			    "pools (\"%s\" and \"%s\")", pool_name(first), pool_name(pool));
		first = pool;
		if (!pool_gives(pool, ip))
			return arena_printf(ask->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
			    pool_name(pool), text);
		why = give_refuses(ask, pool);
		if (why)
			return arena_printf(ask->mem, "pool \"%s\" of %s may not be used: %s",
			    pool_name(pool), text, why);
		if (!claims_allow(ask->svc, claims_find(ask->world, ip), &other))
			return arena_printf(ask->mem, "%s is in use by Service %s; to share it, "
			    "both need the same metallb.io/allow-shared-ip, different ports and "
			    "the same externalTrafficPolicy (for Local, also the same selector)",
			    text, svc_name(ask, other));
	}
	if (!why)
		*ret_ips = ask->req.ips;
	return why;
}

/* Addresses of as many of the Service's families as @pool has left. */
static void
pick_from(const struct ask *ask, struct pool_entry *pool, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < ask->spec->n_families; i++) {
		struct ip ip;

		if (pool_pick(ask->world, pool, ask->spec->families[i], ask->svc, &ip))
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
		why = "it has autoAssign: false and was not asked for by name";
	return why;
}

/* One sentence that goes through the pools and says of each why it gave nothing. */
static const char *
explain_none(const struct ask *ask)
{
	const char *text = NULL;
	bool both = ask->spec->n_families == 2 && ask->spec->policy == REQUIRE_DUAL_STACK;

	if (ask->req.pool && !pools_named(ask->world, ask->req.pool))
		return arena_printf(ask->mem, "there is no usable IPAddressPool \"%s\", which the "
		    "annotation metallb.io/address-pool asks for", ask->req.pool);
	if (ask->world->n_pools == 0)
		return "there is no usable IPAddressPool; create one that names addresses of your "
		       "network";
	for (size_t p = 0; p < ask->world->n_pools; p++) {
		const struct pool_entry *pool = ask->world->pools[p];
		const char *why;

		if (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0)
			continue;
		why = auto_refuses(ask, pool);
		if (!why)
			why = both ? "it has no free address of both families"
				   : arena_printf(ask->mem, "it has no free IPv%d address",
					 ask->spec->families[0]);
		if (text && strlen(text) > 600)
			return arena_printf(ask->mem, "%s; and so on", text);
		text = arena_printf(ask->mem, "%s%spool \"%s\": %s", text ? text : "",
		    text ? "; " : "", pool_name(pool), why);
	}
	return text;
}

/*
 * The first pool that has all families; failing that one address a family from different pools
 * (MetalLB insists on one pool), and for PreferDualStack at least one, of the first family.
 */
static const char *
take_automatic(const struct ask *ask, struct ips *ret_ips)
{
	struct ips each = { 0 };

	for (size_t p = 0; p < ask->world->n_pools; p++) {
		struct ips got;

		if (auto_refuses(ask, ask->world->pools[p]))
			continue;
		pick_from(ask, ask->world->pools[p], &got);
		if (got.n == ask->spec->n_families) {
			*ret_ips = got;
			return NULL;
		}
		for (size_t i = 0; i < got.n; i++) {
			if (each.n == 0 || (each.n == 1 && each.v[0].family != got.v[i].family))
				ips_add(&each, &got.v[i]);
		}
	}
	if (each.n == 0 || families_refuse(ask, &each))
		return explain_none(ask);
	*ret_ips = each;
	return NULL;
}

const char *
take_new(const struct ask *ask, struct ips *ret_ips)
{
	if (ask->spec->n_families == 0)
		return "the Service has no clusterIP, so it has no address family";
	if (ask->spec->policy == REQUIRE_DUAL_STACK && ask->spec->n_families < 2)
		return "ipFamilyPolicy is RequireDualStack, but the Service has only one clusterIP";
	if (ask->req.ips.n)
		return take_requested(ask, ret_ips);
	return take_automatic(ask, ret_ips);
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
	if (home && pool_pick(ask->world, home, other, ask->svc, &ip)) {
		ips_add(ret_ips, &ip);
		return true;
	}
	for (size_t p = 0; p < ask->world->n_pools; p++) {
		struct pool_entry *pool = ask->world->pools[p];

		if (!auto_refuses(ask, pool) &&
		    pool_pick(ask->world, pool, other, ask->svc, &ip)) {
			ips_add(ret_ips, &ip);
			return true;
		}
	}
	return false;
}
