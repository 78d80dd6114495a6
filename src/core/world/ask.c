/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"
#include "claims.h"
#include "pools.h"

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
families_lack(const struct service *spec)
{
	if (spec->n_families == 0)
		return "the Service has no clusterIP, so it has no address family";
	if (spec->policy == REQUIRE_DUAL_STACK && spec->n_families < 2)
		return "ipFamilyPolicy is RequireDualStack, but the Service has only one clusterIP";
	return NULL;
}

const char *
families_exceed(const struct ask *ask, const struct ips *ips)
{
	const struct service *spec = ask->spec;

	for (size_t i = 0; i < ips->n; i++) {
		if (!wants_family(spec, ips->v[i].family))
			return arena_printf(ask->mem, "the Service has no IPv%d clusterIP, so it "
			    "cannot have %s", ips->v[i].family, ip_text(ask, &ips->v[i]));
	}
	if (ips->n == 2 && ips->v[0].family == ips->v[1].family)
		return "the Service can have only one address of each of its families";
	return NULL;
}

const char *
families_refuse(const struct ask *ask, const struct ips *ips)
{
	const struct service *spec = ask->spec;
	size_t need = spec->policy == PREFER_DUAL_STACK ? 1 : spec->n_families;
	const char *why = families_exceed(ask, ips);

	if (!why)
		why = families_lack(spec);
	if (!why && ips->n < need)
		why = "the Service needs an address of each of its families";
	return why;
}

bool
request_differs(const struct ask *ask, const struct ips *ips)
{
	const struct pool_entry *pool;

	if (ask->req.ips.n && !ips_equal(&ask->req.ips, ips))
		return true;
	for (size_t i = 0; i < ask->reserved.n; i++) {
		if (!ips_contain(ips, &ask->reserved.v[i]))
			return true;
	}
	if (!ask->req.pool)
		return false;
	pool = pools_containing(ask->world, &ips->v[0]);
	return !pool || strcmp(pool_name(pool), ask->req.pool) != 0;
}

const char *
give_refuses(const struct ask *ask, const struct pool_entry *pool)
{
	return pool->closed ? pool->closed
			    : pool_refuses(ask->world, pool, ask->svc, ask->mem);
}

const char *
keep_refuses(const struct ask *ask, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(ask->world, ip);
	const struct svc *other;
	const char *why;

	if (!pool) {
		if (ask->world->pools_broken || ask->world->pools_until_ms > 0)
			return NULL;
		return arena_printf(ask->mem, "no IPAddressPool contains %s any more",
		    ip_text(ask, ip));
	}
	if (!pool_gives(pool, ip))
		return arena_printf(ask->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), ip_text(ask, ip));
	why = pool_refuses(ask->world, pool, ask->svc, ask->mem);
	if (why && !pool_needs_ns(ask->world, pool, ask->svc->e.obj->meta.ns))
		return arena_printf(ask->mem, "pool \"%s\" of %s may not be used: %s",
		    pool_name(pool), ip_text(ask, ip), why);
	other = claims_yield(ask->svc, claims_find(ask->world, ip));
	if (other)
		return arena_printf(ask->mem, "%s belongs to Service %s, which was there before",
		    ip_text(ask, ip), svc_name(ask, other));
	return NULL;
}

void
may_keep(const struct ask *ask, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < ask->has->n; i++) {
		const struct ip *ip = &ask->has->v[i];

		if (wants_family(ask->spec, ip->family) && !ips_of_family(ret_ips, ip->family) &&
		    !keep_refuses(ask, ip))
			ips_add(ret_ips, ip);
	}
}
