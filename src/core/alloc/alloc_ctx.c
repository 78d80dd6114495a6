/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_ctx.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "sharing.h"

const char *
svc_name(const struct alloc_ctx *ctx, const struct svc *svc)
{
	return arena_printf(ctx->mem, "%s/%s", svc->e.obj->meta.ns, svc->e.obj->meta.name);
}

const char *
pool_name(const struct pool_entry *pool)
{
	return pool->c.in_force->meta.name;
}

const char *
ip_text(const struct alloc_ctx *ctx, const struct ip *ip)
{
	char buf[IP_TEXT_MAX];

	return arena_strdup(ctx->mem, ip_format(ip, buf));
}

bool
service_has_family(const struct service *spec, uint8_t family)
{
	for (size_t i = 0; i < spec->n_families; i++) {
		if (spec->families[i] == family)
			return true;
	}
	return false;
}

const char *
families_spec_refusal(const struct service *spec)
{
	if (spec->n_families == 0)
		return "the Service has no clusterIP, so it has no address family";
	if (spec->policy == REQUIRE_DUAL_STACK && spec->n_families < 2)
		return "ipFamilyPolicy is RequireDualStack, but the Service has only one clusterIP";
	return NULL;
}

const char *
families_excess_refusal(const struct alloc_ctx *ctx, const struct ips *ips)
{
	const struct service *spec = ctx->spec;

	for (size_t i = 0; i < ips->n; i++) {
		if (!service_has_family(spec, ips->v[i].family))
			return arena_printf(ctx->mem, "the Service has no IPv%d clusterIP, so it "
			    "cannot have %s", ips->v[i].family, ip_text(ctx, &ips->v[i]));
	}
	if (ips->n == 2 && ips->v[0].family == ips->v[1].family)
		return "the Service can have only one address of each of its families";
	return NULL;
}

const char *
families_refusal(const struct alloc_ctx *ctx, const struct ips *ips)
{
	const struct service *spec = ctx->spec;
	size_t need = spec->policy == PREFER_DUAL_STACK ? 1 : spec->n_families;
	const char *refusal = families_excess_refusal(ctx, ips);

	if (!refusal)
		refusal = families_spec_refusal(spec);
	if (!refusal && ips->n < need)
		refusal = "the Service needs an address of each of its families";
	return refusal;
}

bool
request_differs(const struct alloc_ctx *ctx, const struct ips *ips)
{
	const struct pool_entry *pool;

	if (ctx->requested.ips.n && !ips_equal(&ctx->requested.ips, ips))
		return true;
	for (size_t i = 0; i < ctx->reserved.n; i++) {
		if (!ips_contain(ips, &ctx->reserved.v[i]))
			return true;
	}
	if (!ctx->requested.pool)
		return false;
	pool = pools_containing(ctx->world, &ips->v[0]);
	return !pool || strcmp(pool_name(pool), ctx->requested.pool) != 0;
}

const char *
pool_alloc_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool)
{
	return pool->alloc_refusal ? pool->alloc_refusal :
	    pool_svc_refusal(ctx->world, pool, ctx->svc, ctx->mem);
}

const char *
keep_refusal(const struct alloc_ctx *ctx, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(ctx->world, ip);
	const struct svc *prior;
	const char *refusal;

	if (!pool) {
		if (ctx->world->pools->has_unusable || ctx->world->pools->grace_until_ms > 0)
			return NULL;
		return arena_printf(ctx->mem, "no IPAddressPool contains %s any more",
		    ip_text(ctx, ip));
	}
	if (pool_avoids(pool, ip))
		return arena_printf(ctx->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), ip_text(ctx, ip));
	refusal = pool_svc_refusal(ctx->world, pool, ctx->svc, ctx->mem);
	if (refusal && !pool_awaits_ns(ctx->world, pool, ctx->svc->e.obj->meta.ns))
		return arena_printf(ctx->mem, "the Service may not use %s of pool \"%s\": %s",
		    ip_text(ctx, ip), pool_name(pool), refusal);
	prior = sharing_prior_user(ctx->world, ctx->svc, addrs_find(ctx->world, ip));
	if (prior)
		return arena_printf(ctx->mem, "%s belongs to Service %s, which had it before",
		    ip_text(ctx, ip), svc_name(ctx, prior));
	return NULL;
}

void
keepable_ips(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < ctx->current->n; i++) {
		const struct ip *ip = &ctx->current->v[i];

		if (service_has_family(ctx->spec, ip->family) &&
		    !ips_have_family(ret_ips, ip->family) && !keep_refusal(ctx, ip))
			ips_add(ret_ips, ip);
	}
}
