/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_requested.h"
#include "alloc_auto.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_results.h"
#include "proxy_arp.h"
#include "sharing.h"

#include <string.h>

const char *
reservation_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const struct reservation *first = pool_rules_reservation(&pool->rules, ip);
	const struct meta *meta = &ctx->svc->e.obj->meta;

	if (!first || pool_rules_reserved_for(&pool->rules, ip, meta->ns, meta->name))
		return NULL;
	return arena_printf(ctx->mem, "%s is reserved for Service %s/%s (%s of pool \"%s\")",
	    ip_text(ctx, ip), first->ns, first->name, pool_annotation_keys[ANNOTATION_RESERVATIONS],
	    pool_name(pool));
}

static const char *
node_gateway_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool,
    const struct ip *ip)
{
	const char *description = pool_node_gateway_text(ctx->world, pool, ip);

	if (!description)
		return NULL;
	return arena_printf(ctx->mem, "%s %s; to allow it, annotate pool \"%s\" with %s: \"true\"",
	    ip_text(ctx, ip), description, pool_name(pool),
	    pool_annotation_keys[ANNOTATION_NODE_GATEWAY]);
}

static const char *
cooldown_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const struct cooldown *cooldown = cooldown_find(ctx->world, ip);

	if (!cooldown || cooldown_is_of(cooldown, &ctx->svc->e.obj->meta))
		return NULL;
	return arena_printf(ctx->mem, "Service %s/%s released %s less than %s ago (%s of pool "
	    "\"%s\")", cooldown->ns, cooldown->name, ip_text(ctx, ip),
	    pool->c.in_force->u.pool.annotations[ANNOTATION_REUSE_AFTER],
	    pool_annotation_keys[ANNOTATION_REUSE_AFTER], pool_name(pool));
}

static const char *
sharing_refusal(const struct alloc_ctx *ctx, const struct ip *ip)
{
	const struct svc *other = NULL;

	if (sharing_admits(ctx->world, ctx->svc, addrs_find(ctx->world, ip), &other))
		return NULL;
	return arena_printf(ctx->mem, "%s is in use by Service %s; %s", ip_text(ctx, ip),
	    svc_name(ctx, other), sharing_hint(ctx->world, ctx->svc, other, ip, ctx->mem));
}

/*
 * Returns NULL, or why the probe result of @ip prevents the allocation.  Even if @ip is free, its
 * probes continue while the Service waits for another reason, such as the quota.
 */
static const char *
probe_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const char *refusal;

	if (addrs_find(ctx->world, ip))
		return NULL;
	refusal = proxy_arp_refusal(ctx->world, pool, ip, ctx->mem);
	if (refusal)
		return refusal;
	switch (probe_state(ctx->world, ip)) {
	case PROBE_USED:
		return probe_result_text(ctx->world, ip, ctx->mem);
	case PROBE_UNKNOWN:
		ctx->decision->awaits_probe = true;
		ips_add(&ctx->decision->probe_ips, ip);
		return "the requested address awaits its probe result";
	case PROBE_FREE:
		ips_add(&ctx->decision->probe_ips, ip);
		break;
	}
	return NULL;
}

/* Returns NULL, or why the Service cannot get its requested or reserved address @ip of @pool. */
static const char *
ip_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const char *text = ip_text(ctx, ip), *refusal;

	if (pool_avoids(pool, ip))
		return arena_printf(ctx->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), text);
	refusal = pool_alloc_refusal(ctx, pool);
	if (refusal)
		return arena_printf(ctx->mem, "the Service may not use %s of pool \"%s\": %s", text,
		    pool_name(pool), refusal);
	refusal = reservation_refusal(ctx, pool, ip);
	if (!refusal)
		refusal = node_gateway_refusal(ctx, pool, ip);
	if (!refusal)
		refusal = sharing_refusal(ctx, ip);
	if (!refusal)
		refusal = cooldown_refusal(ctx, pool, ip);
	return refusal ? refusal : probe_refusal(ctx, pool, ip);
}

/* Returns NULL, or why the Service cannot get all of @ips within the quota of its namespace. */
static const char *
quota_refusal(const struct alloc_ctx *ctx, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(ctx->world, &ips->v[i]);
		struct ips others = *ips;

		ips_remove(&others, &ips->v[i]);
		if (!quota_left(ctx->world, pool, ctx->svc, &others) &&
		    !quota_is_counted(addrs_find(ctx->world, &ips->v[i]), ctx->svc))
			return arena_printf(ctx->mem, "pool \"%s\" does not allocate %s: %s",
			    pool_name(pool), ip_text(ctx, &ips->v[i]),
			    quota_text(ctx->world, pool, ctx->svc, ctx->mem));
	}
	return NULL;
}

const char *
alloc_requested(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	const struct pool_entry *first = NULL;
	const char *refusal = families_refusal(ctx, &ctx->requested.ips);

	for (size_t i = 0; !refusal && i < ctx->requested.ips.n; i++) {
		const struct ip *ip = &ctx->requested.ips.v[i];
		const struct pool_entry *pool = pools_containing(ctx->world, ip);
		const char *text = ip_text(ctx, ip);

		if (!pool)
			return arena_printf(ctx->mem, "no IPAddressPool contains %s", text);
		if (ctx->requested.pool && strcmp(ctx->requested.pool, pool_name(pool)) != 0)
			return arena_printf(ctx->mem, "%s is in pool \"%s\", but the Service "
			    "requests pool \"%s\"", text, pool_name(pool), ctx->requested.pool);
		if (first && first != pool)
			return arena_printf(ctx->mem, "the requested addresses are in different "
			    "pools (\"%s\" and \"%s\")", pool_name(first), pool_name(pool));
		first = pool;
		refusal = ip_refusal(ctx, pool, ip);
	}
	if (!refusal)
		refusal = quota_refusal(ctx, &ctx->requested.ips);
	if (!refusal)
		*ret_ips = ctx->requested.ips;
	return refusal;
}

/* Adds the addresses that @pool reserves for the Service to ctx->reserved, one per family. */
static void
add_reserved(struct alloc_ctx *ctx, const struct pool_entry *pool)
{
	const struct meta *meta = &ctx->svc->e.obj->meta;
	struct ip ips[2];
	size_t n;

	if (!pool->rules.n_reserved || pool->alloc_refusal ||
	    (ctx->requested.pool && strcmp(ctx->requested.pool, pool_name(pool)) != 0))
		return;
	n = pool_rules_reserved_ips(&pool->rules, meta->ns, meta->name, ips);
	for (size_t i = 0; i < n; i++) {
		if (service_has_family(ctx->spec, ips[i].family) &&
		    !ips_have_family(&ctx->reserved, ips[i].family))
			ips_add(&ctx->reserved, &ips[i]);
	}
}

/*
 * Reservations in pools that serve the Service are added to ctx->reserved before all other
 * reservations.  If a reservation is in a pool that does not serve the Service, alloc_reserved()
 * returns the reason why the pool does not serve the Service.
 */
void
find_reserved(struct alloc_ctx *ctx)
{
	for (size_t p = 0; p < ctx->world->pools->n; p++) {
		if (ctx->world->pools->v[p]->rules.n_reserved &&
		    !pool_svc_refusal(ctx->world, ctx->world->pools->v[p], ctx->svc, ctx->mem))
			add_reserved(ctx, ctx->world->pools->v[p]);
	}
	for (size_t p = 0; p < ctx->world->pools->n; p++)
		add_reserved(ctx, ctx->world->pools->v[p]);
}

const char *
alloc_reserved(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	struct ips ips = ctx->reserved, kept, more;
	const char *refusal = NULL;

	for (size_t i = 0; !refusal && i < ctx->reserved.n; i++) {
		const struct ip *ip = &ctx->reserved.v[i];
		const struct pool_entry *pool = pools_containing(ctx->world, ip);

		refusal = ip_refusal(ctx, pool, ip);
		if (refusal)
			refusal = arena_printf(ctx->mem, "pool \"%s\" reserves %s for this "
			    "Service, but %s", pool_name(pool), ip_text(ctx, ip), refusal);
	}
	if (!refusal)
		refusal = quota_refusal(ctx, &ips);
	if (refusal)
		return refusal;
	keepable_ips(ctx, &kept);
	for (size_t i = 0; i < kept.n; i++) {
		if (!ips_have_family(&ips, kept.v[i].family))
			ips_add(&ips, &kept.v[i]);
	}
	if (ips.n < ctx->spec->n_families && alloc_second_family(ctx, &ips, &more))
		ips = more;
	refusal = families_refusal(ctx, &ips);
	if (!refusal)
		*ret_ips = ips;
	return refusal;
}
