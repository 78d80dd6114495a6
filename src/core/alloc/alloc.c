/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_ctx.h"
#include "core/pools/pools.h"
#include "probation.h"

/*
 * The address of one Service.  In order: an address it has and may keep stays; then the addresses
 * it asks for; then the pool it asks for; then the pools in their order.
 */

static void
decide(struct decision *ret, enum alloc_outcome alloc_outcome, const struct world *world,
    const struct ips *ips)
{
	const struct pool_entry *pool;

	ret->alloc_outcome = alloc_outcome;
	if (!ips)
		return;
	ret->ips = *ips;
	pool = pools_containing(world, &ips->v[0]);
	ret->pool = pool ? pool_name(pool) : NULL;
}

static void
complain(struct decision *ret, const char *reason, const char *why)
{
	ret->reason = reason;
	ret->why = why;
}

/* What it asks for, or else what the pools have: NULL, or why there is none. */
static const char *
take_new(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips)
{
	const char *why = families_lack(alloc_ctx->spec);

	if (why)
		return why;
	if (alloc_ctx->req.ips.n)
		return alloc_requested(alloc_ctx, ret_ips);
	if (alloc_ctx->reserved.n)
		return alloc_reserved(alloc_ctx, ret_ips);
	if (take_cooled_down(alloc_ctx, ret_ips))
		return NULL;
	return alloc_auto(alloc_ctx, ret_ips);
}

/* What it cannot have is told, and @has stays. */
static void
complain_and_keep(const struct alloc_ctx *alloc_ctx, const char *why, const struct ips *has,
    struct decision *ret)
{
	complain(ret, alloc_ctx->req.bad ? "LoadBalancerFailed" : "AllocationFailed",
	    arena_printf(alloc_ctx->mem, "%s; it keeps %s", why, ips_text(has, alloc_ctx->mem)));
}

/* Not all that it has may stay: what may (@kept) does, and is completed where that is enough. */
static bool
take_rest(const struct alloc_ctx *alloc_ctx, const struct ips *kept, struct ips *ret_ips)
{
	if (kept->n == 0 || request_differs(alloc_ctx, kept))
		return false;
	if (!alloc_second_family(alloc_ctx, kept, ret_ips))
		*ret_ips = *kept;
	return !families_refuse(alloc_ctx, ret_ips);
}

/* The Service has no address, or (@deleted_service says why) some that it has may not stay. */
static void
decide_new(const struct alloc_ctx *alloc_ctx, const char *deleted_service, struct decision *ret)
{
	struct ips ips, both, kept = { 0 };
	const char *why = alloc_ctx->req.bad;

	ret->deleted_service = deleted_service;
	if (deleted_service)
		may_keep(alloc_ctx, &kept);
	if (!why && !take_rest(alloc_ctx, &kept, &ips))
		why = take_new(alloc_ctx, &ips);
	if (!why) { /* what it has could be completed at any time, so it is at once */
		decide(ret, OUT_ASSIGN, alloc_ctx->world, alloc_second_family(alloc_ctx, &ips, &both) ? &both : &ips);
	} else if (kept.n) {
		decide(ret, OUT_ASSIGN, alloc_ctx->world, &kept);
		complain_and_keep(alloc_ctx, why, &kept, ret);
	} else {
		decide(ret, deleted_service ? OUT_CLEAR : OUT_NONE, alloc_ctx->world, NULL);
		complain(ret, alloc_ctx->req.bad ? "LoadBalancerFailed" : "AllocationFailed", why);
	}
}

/*
 * An address of @has was given unasked, and another host has it: others in its place, if there are.
 */
static bool
leave_failed(const struct alloc_ctx *alloc_ctx, const struct ips *has, struct ips *ret_ips)
{
	struct ips left = *has;

	for (size_t i = 0; i < has->n; i++) {
		if (probation_has_failed(alloc_ctx->svc, &has->v[i]))
			ips_drop(&left, &has->v[i]);
	}
	if (left.n == has->n)
		return false;
	return left.n ? alloc_second_family(alloc_ctx, &left, ret_ips) : !take_new(alloc_ctx, ret_ips);
}

/*
 * The Service may keep @has, but may ask for something else, or for more: it moves only to what it
 * can get.
 */
static void
decide_kept(const struct alloc_ctx *alloc_ctx, const struct ips *has, struct decision *ret)
{
	bool differs = request_differs(alloc_ctx, has);
	const char *why = alloc_ctx->req.bad;
	struct ips ips;

	decide(ret, OUT_KEEP, alloc_ctx->world, has);
	if (!why && !differs && leave_failed(alloc_ctx, has, &ips)) {
		decide(ret, OUT_ASSIGN, alloc_ctx->world, &ips);
		ret->deleted_service = "another host on its LAN has it";
		return;
	}
	if (!why && !differs) {
		if (alloc_second_family(alloc_ctx, has, &ips))
			decide(ret, OUT_ASSIGN, alloc_ctx->world, &ips);
		if (!families_refuse(alloc_ctx, &ret->ips))
			return;
	}
	if (!why)
		why = take_new(alloc_ctx, &ips);
	if (why) {
		complain_and_keep(alloc_ctx, why, has, ret);
		return;
	}
	decide(ret, OUT_ASSIGN, alloc_ctx->world, &ips);
	ret->deleted_service = !differs	    ? "the Service needs an address of each of its families"
	    : alloc_ctx->reserved.n ? "another address is reserved for the Service"
			      : "another address or pool was asked for";
}

/* What is odd about an address that stays all the same; NULL: nothing. */
static const char *
find_odd(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(alloc_ctx->world, &ips->v[i]);
		const char *what = pool ? pool_node_gateway(alloc_ctx->world, pool, &ips->v[i]) : NULL;

		if (what)
			what = arena_printf(alloc_ctx->mem, "%s %s", ip_text(alloc_ctx, &ips->v[i]), what);
		else if (pool)
			what = reserved_for_others(alloc_ctx, pool, &ips->v[i]);
		if (what)
			return arena_printf(alloc_ctx->mem, "%s; the Service keeps it until it asks for "
			    "another", what);
	}
	return NULL;
}

/* NULL if the Service may keep @ips, all of them; else why not. */
static const char *
all_refuse(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	const char *why = families_exceed(alloc_ctx, ips);

	for (size_t i = 0; !why && i < ips->n; i++)
		why = keep_refuses(alloc_ctx, &ips->v[i]);
	return why;
}

void
alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct decision *ret_decision)
{
	struct alloc_ctx alloc_ctx = { .world = world, .svc = svc, .spec = svc_spec(svc), .mem = mem,
		.ret = ret_decision };
	const struct ips *has = svc->decided && svc->want.n ? &svc->want : &svc->have;
	const char *deleted_service;

	*ret_decision = (struct decision){ .alloc_outcome = OUT_NONE };
	if (!svc->ours) {
		/* changed its type: the address that we gave goes */
		if (!alloc_ctx.spec->load_balancer && alloc_ctx.spec->from_pool) {
			decide(ret_decision, OUT_CLEAR, world, NULL);
			ret_decision->deleted_service = "the Service is no longer of type LoadBalancer";
		}
		return;
	}
	requested_ips_read(alloc_ctx.spec, mem, &alloc_ctx.req);
	if (!alloc_ctx.req.ips.n)
		find_reserved(&alloc_ctx);
	alloc_ctx.has = has;
	if (has->n == 0) {
		if (!svc->e.obj->deleting)
			decide_new(&alloc_ctx, NULL, ret_decision);
		return;
	}
	deleted_service = all_refuse(&alloc_ctx, has);
	if (deleted_service && has != &svc->have && svc->have.n && !all_refuse(&alloc_ctx, &svc->have)) {
		alloc_ctx.has = has = &svc->have; /* what it was to leave for that is good again */
		deleted_service = NULL;
	}
	if (deleted_service)
		decide_new(&alloc_ctx, deleted_service, ret_decision);
	else
		decide_kept(&alloc_ctx, has, ret_decision);
	ret_decision->note = find_odd(&alloc_ctx, &ret_decision->ips);
}
