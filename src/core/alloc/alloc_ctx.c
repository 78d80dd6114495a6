/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_ctx.h"
#include "addr_uses.h"
#include "core/pools/pools.h"

const char *
svc_name(const struct alloc_ctx *alloc_ctx, const struct svc *svc)
{
	return arena_printf(alloc_ctx->mem, "%s/%s", svc->e.obj->meta.ns, svc->e.obj->meta.name);
}

const char *
pool_name(const struct pool_entry *pool)
{
	return pool->c.in_force->meta.name;
}

const char *
ip_text(const struct alloc_ctx *alloc_ctx, const struct ip *ip)
{
	char buf[IP_TEXT_MAX];

	return arena_strdup(alloc_ctx->mem, ip_format(ip, buf));
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
families_exceed(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	const struct service *spec = alloc_ctx->spec;

	for (size_t i = 0; i < ips->n; i++) {
		if (!wants_family(spec, ips->v[i].family))
			return arena_printf(alloc_ctx->mem, "the Service has no IPv%d clusterIP, so it "
			    "cannot have %s", ips->v[i].family, ip_text(alloc_ctx, &ips->v[i]));
	}
	if (ips->n == 2 && ips->v[0].family == ips->v[1].family)
		return "the Service can have only one address of each of its families";
	return NULL;
}

const char *
families_refuse(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	const struct service *spec = alloc_ctx->spec;
	size_t need = spec->policy == PREFER_DUAL_STACK ? 1 : spec->n_families;
	const char *why = families_exceed(alloc_ctx, ips);

	if (!why)
		why = families_lack(spec);
	if (!why && ips->n < need)
		why = "the Service needs an address of each of its families";
	return why;
}

bool
request_differs(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	const struct pool_entry *pool;

	if (alloc_ctx->req.ips.n && !ips_equal(&alloc_ctx->req.ips, ips))
		return true;
	for (size_t i = 0; i < alloc_ctx->reserved.n; i++) {
		if (!ips_contain(ips, &alloc_ctx->reserved.v[i]))
			return true;
	}
	if (!alloc_ctx->req.pool)
		return false;
	pool = pools_containing(alloc_ctx->world, &ips->v[0]);
	return !pool || strcmp(pool_name(pool), alloc_ctx->req.pool) != 0;
}

const char *
give_refuses(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool)
{
	return pool->closed ? pool->closed
			    : pool_refuses(alloc_ctx->world, pool, alloc_ctx->svc, alloc_ctx->mem);
}

const char *
keep_refuses(const struct alloc_ctx *alloc_ctx, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(alloc_ctx->world, ip);
	const struct svc *other;
	const char *why;

	if (!pool) {
		if (alloc_ctx->world->pools_broken || alloc_ctx->world->pools_until_ms > 0)
			return NULL;
		return arena_printf(alloc_ctx->mem, "no IPAddressPool contains %s any more",
		    ip_text(alloc_ctx, ip));
	}
	if (!pool_gives(pool, ip))
		return arena_printf(alloc_ctx->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), ip_text(alloc_ctx, ip));
	why = pool_refuses(alloc_ctx->world, pool, alloc_ctx->svc, alloc_ctx->mem);
	if (why && !pool_needs_ns(alloc_ctx->world, pool, alloc_ctx->svc->e.obj->meta.ns))
		return arena_printf(alloc_ctx->mem, "pool \"%s\" of %s may not be used: %s",
		    pool_name(pool), ip_text(alloc_ctx, ip), why);
	other = sharing_loses_to(alloc_ctx->svc, addrs_find(alloc_ctx->world, ip));
	if (other)
		return arena_printf(alloc_ctx->mem, "%s belongs to Service %s, which was there before",
		    ip_text(alloc_ctx, ip), svc_name(alloc_ctx, other));
	return NULL;
}

void
may_keep(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < alloc_ctx->has->n; i++) {
		const struct ip *ip = &alloc_ctx->has->v[i];

		if (wants_family(alloc_ctx->spec, ip->family) && !ips_of_family(ret_ips, ip->family) &&
		    !keep_refuses(alloc_ctx, ip))
			ips_add(ret_ips, ip);
	}
}
