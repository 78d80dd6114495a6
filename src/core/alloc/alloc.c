/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc.h"
#include "alloc_auto.h"
#include "alloc_requested.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "addr_probation.h"

/*
 * A Service keeps its addresses unless it requests other addresses.  A Service without addresses
 * gets the addresses that it requests, or else the addresses that pools reserve for it.  If no
 * address is requested or reserved, the Service gets addresses in cooldown that it released itself,
 * or else free addresses.
 */

static void
set_outcome(struct alloc_decision *ret, enum alloc_outcome outcome, const struct world *world,
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
set_refusal(const struct alloc_ctx *ctx, const char *message, struct alloc_decision *ret)
{
	ret->reason = ctx->requested.error ? "LoadBalancerFailed" : "AllocationFailed";
	ret->message = message;
}

/* Allocates all addresses that the Service needs.  Returns NULL, or why the allocation failed. */
static const char *
alloc_new(const struct alloc_ctx *ctx, struct ips *ret_ips)
{
	const char *refusal = families_spec_refusal(ctx->spec);

	if (refusal)
		return refusal;
	if (ctx->requested.ips.n)
		return alloc_requested(ctx, ret_ips);
	if (ctx->reserved.n)
		return alloc_reserved(ctx, ret_ips);
	if (alloc_cooled_down(ctx, ret_ips))
		return NULL;
	return alloc_auto(ctx, ret_ips);
}

/* Refuses the Service's request: the Service keeps its addresses @kept. */
static void
refuse_and_keep(const struct alloc_ctx *ctx, const char *refusal, const struct ips *kept,
    struct alloc_decision *ret)
{
	set_refusal(ctx, arena_printf(ctx->mem, "%s; the Service keeps %s", refusal,
	    ips_text(kept, ctx->mem)), ret);
}

/*
 * Keeps the addresses @kept of the Service, and adds a second address if possible.  Returns false
 * if the result does not satisfy the Service's request or its ipFamilyPolicy.
 */
static bool
keep_part(const struct alloc_ctx *ctx, const struct ips *kept, struct ips *ret_ips)
{
	if (kept->n == 0 || request_differs(ctx, kept))
		return false;
	if (!alloc_second_family(ctx, kept, ret_ips))
		*ret_ips = *kept;
	return !families_refusal(ctx, ret_ips);
}

/*
 * Decides the addresses of a Service that has no address or, if @release_reason is set, must
 * release an address.
 */
static void
decide_new(const struct alloc_ctx *ctx, const char *release_reason, struct alloc_decision *ret)
{
	struct ips ips, both, kept = { 0 };
	const char *refusal = ctx->requested.error;

	ret->release_reason = release_reason;
	if (release_reason)
		keepable_ips(ctx, &kept);
	if (!refusal && !keep_part(ctx, &kept, &ips))
		refusal = alloc_new(ctx, &ips);
	if (!refusal) { /* PreferDualStack: add a free second address in the same decision */
		set_outcome(ret, OUTCOME_ASSIGN, ctx->world,
		    alloc_second_family(ctx, &ips, &both) ? &both : &ips);
	} else if (kept.n) {
		set_outcome(ret, OUTCOME_ASSIGN, ctx->world, &kept);
		refuse_and_keep(ctx, refusal, &kept, ret);
	} else {
		set_outcome(ret, release_reason ? OUTCOME_CLEAR : OUTCOME_NONE, ctx->world, NULL);
		set_refusal(ctx, refusal, ret);
	}
}

/*
 * Replaces the addresses of @has that failed their probation.  Returns false if no address failed,
 * or if no other address is free.
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
 * Decides the addresses of a Service that may keep its addresses @has.  If the Service requests
 * other addresses, it gets all of them or none of them.
 */
static void
decide_keep(const struct alloc_ctx *ctx, const struct ips *has, struct alloc_decision *ret)
{
	bool differs = request_differs(ctx, has);
	const char *refusal = ctx->requested.error;
	struct ips ips;

	set_outcome(ret, OUTCOME_KEEP, ctx->world, has);
	if (!refusal && !differs && replace_failed(ctx, has, &ips)) {
		set_outcome(ret, OUTCOME_ASSIGN, ctx->world, &ips);
		ret->release_reason = "another host on its LAN uses it";
		return;
	}
	if (!refusal && !differs) {
		if (alloc_second_family(ctx, has, &ips))
			set_outcome(ret, OUTCOME_ASSIGN, ctx->world, &ips);
		if (!families_refusal(ctx, &ret->ips))
			return;
	}
	if (!refusal)
		refusal = alloc_new(ctx, &ips);
	if (refusal) {
		refuse_and_keep(ctx, refusal, has, ret);
		return;
	}
	set_outcome(ret, OUTCOME_ASSIGN, ctx->world, &ips);
	if (!differs)
		ret->release_reason = "the Service needs an address of each of its families";
	else if (ctx->reserved.n)
		ret->release_reason = "another address is reserved for the Service";
	else
		ret->release_reason = "the Service requests another address or pool";
}

/*
 * Returns a warning about an address that the Service keeps, although a new allocation would refuse
 * the address; NULL: no warning.
 */
static const char *
find_keep_warning(const struct alloc_ctx *ctx, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(ctx->world, &ips->v[i]);
		const char *text = NULL;

		if (pool)
			text = pool_node_gateway_text(ctx->world, pool, &ips->v[i]);
		if (text)
			text = arena_printf(ctx->mem, "%s %s", ip_text(ctx, &ips->v[i]), text);
		else if (pool)
			text = reservation_refusal(ctx, pool, &ips->v[i]);
		if (text)
			return arena_printf(ctx->mem, "%s; the Service keeps the address until it "
			    "requests another", text);
	}
	return NULL;
}

/* Returns why the Service must release an address of @ips; NULL: it may keep all of @ips. */
static const char *
keep_all_refusal(const struct alloc_ctx *ctx, const struct ips *ips)
{
	const char *refusal = families_excess_refusal(ctx, ips);

	for (size_t i = 0; !refusal && i < ips->n; i++)
		refusal = keep_refusal(ctx, &ips->v[i]);
	return refusal;
}

void
alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct alloc_decision *ret_decision)
{
	struct alloc_ctx ctx = { .world = world, .svc = svc, .spec = svc_spec(svc), .mem = mem,
		.decision = ret_decision };
	const struct ips *has = svc_is_decided(svc) && svc->want.n ? &svc->want : &svc->have;
	const char *refusal;

	*ret_decision = (struct alloc_decision){ .outcome = OUTCOME_NONE };
	if (!svc->ours) {
		/* metallb.io/ip-allocated-from-pool shows that arplet assigned the addresses */
		if (!ctx.spec->load_balancer && ctx.spec->from_pool) {
			set_outcome(ret_decision, OUTCOME_CLEAR, world, NULL);
			ret_decision->release_reason =
			    "the Service is no longer of type LoadBalancer";
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
	refusal = keep_all_refusal(&ctx, has);
	if (refusal && has != &svc->have && svc->have.n && !keep_all_refusal(&ctx, &svc->have)) {
		ctx.current = has = &svc->have; /* the Service keeps the address of its status */
		refusal = NULL;
	}
	if (refusal)
		decide_new(&ctx, refusal, ret_decision);
	else
		decide_keep(&ctx, has, ret_decision);
	ret_decision->keep_warning = find_keep_warning(&ctx, &ret_decision->ips);
}
