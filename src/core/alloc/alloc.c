/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc.h"
#include "alloc_auto.h"
#include "alloc_requested.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probation.h"

/*
 * The address of one Service.  In order: an address it has and may keep stays; then the addresses
 * it asks for; then the pool it asks for; then the pools in their order.
 */

static void
decide(struct alloc_decision *ret, enum alloc_outcome outcome, const struct world *world,
    const struct ips *ips)
{
	const struct pool_entry *pool;

	ret->outcome = outcome;
	if (!ips)
		return;
	ret->ips = *ips;
	pool = pools_containing(world, &ips->v[0]);
	ret->pool = pool ? pool_name(pool) : NULL;
}

static void
complain(struct alloc_decision *ret, const char *reason, const char *why)
{
	ret->reason = reason;
	ret->message = why;
}

/* What it asks for, or else what the pools have: NULL, or why there is none. */
static const char *
alloc_new(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	const char *why = families_spec_refusal(ctx->spec);

	if (why)
		return why;
	if (ctx->requested.ips.n)
		return alloc_requested(ctx, ret_ips);
	if (ctx->reserved.n)
		return alloc_reserved(ctx, ret_ips);
	if (alloc_cooled_down(ctx, ret_ips))
		return NULL;
	return alloc_auto(ctx, ret_ips);
}

/* What it cannot have is told, and @has stays. */
static void
refuse_and_keep(const struct alloc_ctx *ctx, const char *why, const struct ips *has,
    struct alloc_decision *ret)
{
	complain(ret, ctx->requested.error ? "LoadBalancerFailed" : "AllocationFailed",
	    arena_printf(ctx->mem, "%s; it keeps %s", why, ips_text(has, ctx->mem)));
}

/* Not all that it has may stay: what may (@kept) does, and is completed where that is enough. */
static bool
keep_part(const struct alloc_ctx *ctx, const struct ips *kept, struct ips *ret_ips)
{
	if (kept->n == 0 || request_differs(ctx, kept))
		return false;
	if (!alloc_second_family(ctx, kept, ret_ips))
		*ret_ips = *kept;
	return !families_refusal(ctx, ret_ips);
}

/* The Service has no address, or (@lost says why) some that it has may not stay. */
static void
decide_new(const struct alloc_ctx *ctx, const char *lost, struct alloc_decision *ret)
{
	struct ips ips, both, kept = { 0 };
	const char *why = ctx->requested.error;

	ret->release_reason = lost;
	if (lost)
		keepable_ips(ctx, &kept);
	if (!why && !keep_part(ctx, &kept, &ips))
		why = alloc_new(ctx, &ips);
	if (!why) { /* what it has could be completed at any time, so it is at once */
		decide(ret, OUTCOME_ASSIGN, ctx->world, alloc_second_family(ctx, &ips, &both) ? &both : &ips);
	} else if (kept.n) {
		decide(ret, OUTCOME_ASSIGN, ctx->world, &kept);
		refuse_and_keep(ctx, why, &kept, ret);
	} else {
		decide(ret, lost ? OUTCOME_CLEAR : OUTCOME_NONE, ctx->world, NULL);
		complain(ret, ctx->requested.error ? "LoadBalancerFailed" : "AllocationFailed", why);
	}
}

/*
 * An address of @has was given unasked, and another host has it: others in its place, if there are.
 */
static bool
replace_failed(const struct alloc_ctx *ctx, const struct ips *has, struct ips *ret_ips)
{
	struct ips left = *has;

	for (size_t i = 0; i < has->n; i++) {
		if (probation_has_failed(ctx->svc, &has->v[i]))
			ips_remove(&left, &has->v[i]);
	}
	if (left.n == has->n)
		return false;
	return left.n ? alloc_second_family(ctx, &left, ret_ips) : !alloc_new(ctx, ret_ips);
}

/*
 * The Service may keep @has, but may ask for something else, or for more: it moves only to what it
 * can get.
 */
static void
decide_keep(const struct alloc_ctx *ctx, const struct ips *has, struct alloc_decision *ret)
{
	bool differs = request_differs(ctx, has);
	const char *why = ctx->requested.error;
	struct ips ips;

	decide(ret, OUTCOME_KEEP, ctx->world, has);
	if (!why && !differs && replace_failed(ctx, has, &ips)) {
		decide(ret, OUTCOME_ASSIGN, ctx->world, &ips);
		ret->release_reason = "another host on its LAN has it";
		return;
	}
	if (!why && !differs) {
		if (alloc_second_family(ctx, has, &ips))
			decide(ret, OUTCOME_ASSIGN, ctx->world, &ips);
		if (!families_refusal(ctx, &ret->ips))
			return;
	}
	if (!why)
		why = alloc_new(ctx, &ips);
	if (why) {
		refuse_and_keep(ctx, why, has, ret);
		return;
	}
	decide(ret, OUTCOME_ASSIGN, ctx->world, &ips);
	ret->release_reason = !differs	    ? "the Service needs an address of each of its families"
	    : ctx->reserved.n ? "another address is reserved for the Service"
			      : "another address or pool was asked for";
}

/* What is odd about an address that stays all the same; NULL: nothing. */
static const char *
find_keep_warning(const struct alloc_ctx *ctx, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(ctx->world, &ips->v[i]);
		const char *what = pool ? pool_node_gateway_text(ctx->world, pool, &ips->v[i]) : NULL;

		if (what)
			what = arena_printf(ctx->mem, "%s %s", ip_text(ctx, &ips->v[i]), what);
		else if (pool)
			what = reservation_refusal(ctx, pool, &ips->v[i]);
		if (what)
			return arena_printf(ctx->mem, "%s; the Service keeps it until it asks for "
			    "another", what);
	}
	return NULL;
}

/* NULL if the Service may keep @ips, all of them; else why not. */
static const char *
keep_all_refusal(const struct alloc_ctx *ctx, const struct ips *ips)
{
	const char *why = families_excess_refusal(ctx, ips);

	for (size_t i = 0; !why && i < ips->n; i++)
		why = keep_refusal(ctx, &ips->v[i]);
	return why;
}

void
alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct alloc_decision *ret_decision)
{
	struct alloc_ctx ctx = { .world = world, .svc = svc, .spec = svc_spec(svc), .mem = mem,
		.decision = ret_decision };
	const struct ips *has = svc_is_decided(svc) && svc->want.n ? &svc->want : &svc->have;
	const char *lost;

	*ret_decision = (struct alloc_decision){ .outcome = OUTCOME_NONE };
	if (!svc->ours) {
		/* changed its type: the address that we gave goes */
		if (!ctx.spec->load_balancer && ctx.spec->from_pool) {
			decide(ret_decision, OUTCOME_CLEAR, world, NULL);
			ret_decision->release_reason = "the Service is no longer of type LoadBalancer";
		}
		return;
	}
	requested_ips_parse(ctx.spec, mem, &ctx.requested);
	if (!ctx.requested.ips.n)
		find_reserved(&ctx);
	ctx.current = has;
	if (has->n == 0) {
		if (!svc->e.obj->deleting)
			decide_new(&ctx, NULL, ret_decision);
		return;
	}
	lost = keep_all_refusal(&ctx, has);
	if (lost && has != &svc->have && svc->have.n && !keep_all_refusal(&ctx, &svc->have)) {
		ctx.current = has = &svc->have; /* what it was to leave for that is good again */
		lost = NULL;
	}
	if (lost)
		decide_new(&ctx, lost, ret_decision);
	else
		decide_keep(&ctx, has, ret_decision);
	ret_decision->keep_warning = find_keep_warning(&ctx, &ret_decision->ips);
}
