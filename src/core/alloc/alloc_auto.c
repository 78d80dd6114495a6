/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_auto.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "pool_search.h"
#include "probe_results.h"
#include "proxy_arp.h"

#include <string.h>

/*
 * Finds the lowest address of @family that the Service can get from @pool.  The quota also counts
 * @beside, the addresses that the Service gets in the same decision.
 */
static bool
alloc_family(const struct alloc_ctx *ctx, struct pool_entry *pool, uint8_t family,
    const struct ips *beside, struct ip *ret_ip)
{
	bool quota_used = !quota_left(ctx->world, pool, ctx->svc, beside);
	bool found = pool_search(ctx->world, pool, family, ctx->svc, quota_used, ret_ip);

	ctx->decision->awaits_probe |= pool->awaits_probe;
	return found;
}

/* For each of the Service's families, finds a free address in @pool, if @pool has one. */
static void
alloc_families(const struct alloc_ctx *ctx, struct pool_entry *pool, struct ips *ret_ips)
{
	*ret_ips = (struct ips){ 0 };
	for (size_t i = 0; i < ctx->spec->n_families; i++) {
		struct ip ip;

		if (alloc_family(ctx, pool, ctx->spec->families[i], ret_ips, &ip))
			ips_add(ret_ips, &ip);
	}
}

/* Returns NULL, or why automatic allocation may not use @pool for the Service. */
static const char *
auto_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool)
{
	const char *refusal;

	if (ctx->requested.pool && strcmp(ctx->requested.pool, pool_name(pool)) != 0)
		return "the Service requests another pool";
	refusal = pool_alloc_refusal(ctx, pool);
	if (!refusal && !ctx->requested.pool && !pool->c.in_force->u.pool.auto_assign)
		return "it has autoAssign: false, and the Service does not request it "
		       "(metallb.io/address-pool)";
	return refusal;
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
 * Returns the address family that explain_full() names.  If the Service needs both families (@both
 * is true), returns the family without a range in the pool.  Otherwise, returns the Service's first
 * family with a range in the pool.
 */
static uint8_t
family_to_explain(const struct alloc_ctx *ctx, const struct pool_entry *pool, bool both)
{
	const uint8_t *families = ctx->spec->families;

	if (ctx->spec->n_families == 1 || has_family(pool, families[0]) != both)
		return families[0];
	return families[1];
}

/* Returns NULL, or why no probe finds out which addresses of @family in @pool are free. */
static const char *
explain_probes(const struct alloc_ctx *ctx, const struct pool_entry *pool, uint8_t family)
{
	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct ip ip = pool->search_from[i];
		const char *refusal = NULL;

		if (ip.family != family || !pool_search_next(ctx->world, pool, i, &ip))
			continue;
		refusal = proxy_arp_refusal(ctx->world, pool, &ip, ctx->mem);
		if (!refusal && probe_results_full(ctx->world))
			refusal = arena_printf(ctx->mem, "other hosts use %d of the first addresses "
			    "that arplet has probed: remove addresses that others use from the "
			    "pools", PROBE_USED_MAX);
		if (refusal)
			return refusal;
	}
	return NULL;
}

/*
 * Returns why the Service gets no address from @pool: no address is free or, if @both is true, one
 * of the two families has no free address.
 */
static const char *
explain_full(const struct alloc_ctx *ctx, const struct pool_entry *pool, bool both)
{
	const struct pool_rules *rules = &pool->rules;
	bool has_skipped = rules->n_exclude || rules->n_reserved || rules->cooldown_ms ||
	    pool_has_node_gateway(ctx->world, pool);
	const char *hint = !has_skipped ? "" : " (excluded, reserved, recently released, node and "
	    "gateway addresses do not count)";
	uint8_t family = family_to_explain(ctx, pool, both);
	const char *refusal;

	if (!has_family(pool, family))
		return arena_printf(ctx->mem, "it has no IPv%d addresses%s", family,
		    both ? ", and the Service requires both families" : "");
	if (quota_left(ctx->world, pool, ctx->svc, &(struct ips){ 0 }) < (both ? 2 : 1))
		return quota_text(ctx->world, pool, ctx->svc, ctx->mem);
	refusal = explain_probes(ctx, pool, family);
	if (refusal)
		return refusal;
	if (both)
		return arena_printf(ctx->mem, "it has no free addresses for both families%s", hint);
	return arena_printf(ctx->mem, "it has no free IPv%d address%s", family, hint);
}

/*
 * Returns a hint for the user if the pool @name (NULL: every pool) is not usable: correct the pool,
 * correct the name, or create a pool.
 */
static const char *
unusable_text(const struct alloc_ctx *ctx, const char *name)
{
	struct store *store = (struct store *)&ctx->world->store[KIND_POOL];
	const char *names = "";
	struct entry *e;

	RB_FOREACH(e, store, store) {
		const struct config *config = (const struct config *)e;
		const char *pool = e->obj->meta.name;

		if (config->error && (!name || strcmp(name, pool) == 0))
			return arena_printf(ctx->mem, ": \"%s\" is invalid: %s", pool,
			    config->error);
		if (!config->error && strlen(names) < 200)
			names = arena_printf(ctx->mem, "%s%s \"%s\"", names,
			    *names ? "," : "", pool);
	}
	if (*names)
		return arena_printf(ctx->mem, "; there is%s", names);
	return "; create one with addresses of your network";
}

/* Lists for each pool why the pool has no address for the Service. */
static const char *
explain_none(const struct alloc_ctx *ctx)
{
	const char *text = NULL;
	bool both = ctx->spec->n_families == 2 && ctx->spec->policy == REQUIRE_DUAL_STACK;

	if (ctx->requested.pool && !pools_named(ctx->world, ctx->requested.pool))
		return arena_printf(ctx->mem, "there is no usable IPAddressPool \"%s\" in "
		    "namespace \"%s\", which the annotation metallb.io/address-pool requests%s",
		    ctx->requested.pool, ctx->world->opts.pool_ns,
		    unusable_text(ctx, ctx->requested.pool));
	if (ctx->world->pools->n == 0)
		return arena_printf(ctx->mem, "there is no usable IPAddressPool in namespace "
		    "\"%s\"%s", ctx->world->opts.pool_ns, unusable_text(ctx, NULL));
	for (size_t p = 0; p < ctx->world->pools->n; p++) {
		const struct pool_entry *pool = ctx->world->pools->v[p];
		const char *refusal;

		if (ctx->requested.pool && strcmp(ctx->requested.pool, pool_name(pool)) != 0)
			continue;
		refusal = auto_refusal(ctx, pool);
		if (!refusal)
			refusal = explain_full(ctx, pool, both);
		if (text && strlen(text) > 600)
			return arena_printf(ctx->mem, "%s; and so on", text);
		text = arena_printf(ctx->mem, "%s%spool \"%s\": %s", text ? text : "",
		    text ? "; " : "", pool_name(pool), refusal);
	}
	return text;
}

/*
 * Finds the address of @family that is in cooldown and that this Service released last.  Returns
 * NULL if automatic allocation may use no such address.
 */
static const struct ip *
find_cooled_down(const struct alloc_ctx *ctx, uint8_t family)
{
	const struct cooldown *cooldown = cooldown_of(ctx->world, &ctx->svc->e.obj->meta);
	const struct cooldown *last = NULL;

	for (; cooldown; cooldown = cooldown_next(cooldown)) {
		const struct pool_entry *pool = pools_containing(ctx->world, &cooldown->ip);

		if (cooldown->ip.family == family && !auto_refusal(ctx, pool) &&
		    pool_auto_allocates(ctx->world, pool, &cooldown->ip) &&
		    (!last || cooldown->since_ms > last->since_ms))
			last = cooldown;
	}
	return last ? &last->ip : NULL;
}

bool
alloc_cooled_down(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	struct ips ips = { 0 };

	for (size_t i = 0; i < ctx->spec->n_families; i++) {
		const struct ip *ip = find_cooled_down(ctx, ctx->spec->families[i]);

		if (ip && quota_left(ctx->world, pools_containing(ctx->world, ip), ctx->svc, &ips))
			ips_add(&ips, ip);
	}
	if (ips.n == 0)
		return false;
	if (ips.n == ctx->spec->n_families || !alloc_second_family(ctx, &ips, ret_ips))
		*ret_ips = ips;
	return !families_refusal(ctx, ret_ips);
}

const char *
alloc_auto(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	struct ips each = { 0 };

	for (size_t p = 0; p < ctx->world->pools->n; p++) {
		struct ips got;

		if (auto_refusal(ctx, ctx->world->pools->v[p]))
			continue;
		alloc_families(ctx, ctx->world->pools->v[p], &got);
		if (ctx->decision->awaits_probe)
			return "a free address awaits its probe result";
		if (got.n == ctx->spec->n_families) {
			*ret_ips = got;
			return NULL;
		}
		for (size_t i = 0; i < got.n; i++) {
			if (!ips_have_family(&each, got.v[i].family))
				ips_add(&each, &got.v[i]);
		}
	}
	if (each.n == 0 || families_refusal(ctx, &each))
		return explain_none(ctx);
	*ret_ips = each;
	return NULL;
}

bool
alloc_second_family(const struct alloc_ctx *ctx, const struct ips *has, struct ips *ret_ips)
{
	uint8_t other = has->v[0].family == IPV4 ? IPV6 : IPV4;
	struct pool_entry *home = pools_containing(ctx->world, &has->v[0]);
	struct ip ip;

	if (has->n != 1 || ctx->requested.ips.n || !service_has_family(ctx->spec, other))
		return false;
	*ret_ips = *has;
	if (home && alloc_family(ctx, home, other, has, &ip)) {
		ips_add(ret_ips, &ip);
		return true;
	}
	for (size_t p = 0; p < ctx->world->pools->n; p++) {
		struct pool_entry *pool = ctx->world->pools->v[p];

		if (!auto_refusal(ctx, pool) && alloc_family(ctx, pool, other, has, &ip)) {
			ips_add(ret_ips, &ip);
			return true;
		}
	}
	return false;
}
