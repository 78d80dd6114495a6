/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"
#include "pools.h"
#include "trial.h"

/*
 * The address of one Service.  In order: an address it has and may keep stays; then the addresses
 * it asks for; then the pool it asks for; then the pools in their order.
 */

static void
decide(struct decision *ret, enum outcome outcome, const struct world *world,
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
complain(struct decision *ret, const char *reason, const char *why)
{
	ret->reason = reason;
	ret->why = why;
}

/* What it asks for, or else what the pools have: NULL, or why there is none. */
static const char *
take_new(const struct ask *ask, struct ips *ret_ips)
{
	const char *why = families_lack(ask->spec);

	if (why)
		return why;
	if (ask->req.ips.n)
		return take_requested(ask, ret_ips);
	if (ask->reserved.n)
		return take_reserved(ask, ret_ips);
	if (take_rested(ask, ret_ips))
		return NULL;
	return take_automatic(ask, ret_ips);
}

/* What it cannot have is told, and @has stays. */
static void
complain_and_keep(const struct ask *ask, const char *why, const struct ips *has,
    struct decision *ret)
{
	complain(ret, ask->req.bad ? "LoadBalancerFailed" : "AllocationFailed",
	    arena_printf(ask->mem, "%s; it keeps %s", why, ips_text(has, ask->mem)));
}

/* Not all that it has may stay: what may (@kept) does, and is completed where that is enough. */
static bool
take_rest(const struct ask *ask, const struct ips *kept, struct ips *ret_ips)
{
	if (kept->n == 0 || request_differs(ask, kept))
		return false;
	if (!take_second(ask, kept, ret_ips))
		*ret_ips = *kept;
	return !families_refuse(ask, ret_ips);
}

/* The Service has no address, or (@lost says why) some that it has may not stay. */
static void
decide_new(const struct ask *ask, const char *lost, struct decision *ret)
{
	struct ips ips, both, kept = { 0 };
	const char *why = ask->req.bad;

	ret->lost = lost;
	if (lost)
		may_keep(ask, &kept);
	if (!why && !take_rest(ask, &kept, &ips))
		why = take_new(ask, &ips);
	if (!why) { /* what it has could be completed at any time, so it is at once */
		decide(ret, OUT_ASSIGN, ask->world, take_second(ask, &ips, &both) ? &both : &ips);
	} else if (kept.n) {
		decide(ret, OUT_ASSIGN, ask->world, &kept);
		complain_and_keep(ask, why, &kept, ret);
	} else {
		decide(ret, lost ? OUT_CLEAR : OUT_NONE, ask->world, NULL);
		complain(ret, ask->req.bad ? "LoadBalancerFailed" : "AllocationFailed", why);
	}
}

/*
 * An address of @has was given unasked, and another host has it: others in its place, if there are.
 */
static bool
leave_failed(const struct ask *ask, const struct ips *has, struct ips *ret_ips)
{
	struct ips left = *has;

	for (size_t i = 0; i < has->n; i++) {
		if (trial_failed(ask->svc, &has->v[i]))
			ips_drop(&left, &has->v[i]);
	}
	if (left.n == has->n)
		return false;
	return left.n ? take_second(ask, &left, ret_ips) : !take_new(ask, ret_ips);
}

/*
 * The Service may keep @has, but may ask for something else, or for more: it moves only to what it
 * can get.
 */
static void
decide_kept(const struct ask *ask, const struct ips *has, struct decision *ret)
{
	bool differs = request_differs(ask, has);
	const char *why = ask->req.bad;
	struct ips ips;

	decide(ret, OUT_KEEP, ask->world, has);
	if (!why && !differs && leave_failed(ask, has, &ips)) {
		decide(ret, OUT_ASSIGN, ask->world, &ips);
		ret->lost = "another host on its LAN has it";
		return;
	}
	if (!why && !differs) {
		if (take_second(ask, has, &ips))
			decide(ret, OUT_ASSIGN, ask->world, &ips);
		if (!families_refuse(ask, &ret->ips))
			return;
	}
	if (!why)
		why = take_new(ask, &ips);
	if (why) {
		complain_and_keep(ask, why, has, ret);
		return;
	}
	decide(ret, OUT_ASSIGN, ask->world, &ips);
	ret->lost = !differs	    ? "the Service needs an address of each of its families"
	    : ask->reserved.n ? "another address is reserved for the Service"
			      : "another address or pool was asked for";
}

/* What is odd about an address that stays all the same; NULL: nothing. */
static const char *
find_odd(const struct ask *ask, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(ask->world, &ips->v[i]);
		const char *what = pool ? pool_infra(ask->world, pool, &ips->v[i]) : NULL;

		if (what)
			what = arena_printf(ask->mem, "%s %s", ip_text(ask, &ips->v[i]), what);
		else if (pool)
			what = reserved_for_others(ask, pool, &ips->v[i]);
		if (what)
			return arena_printf(ask->mem, "%s; the Service keeps it until it asks for "
			    "another", what);
	}
	return NULL;
}

/* NULL if the Service may keep @ips, all of them; else why not. */
static const char *
all_refuse(const struct ask *ask, const struct ips *ips)
{
	const char *why = families_exceed(ask, ips);

	for (size_t i = 0; !why && i < ips->n; i++)
		why = keep_refuses(ask, &ips->v[i]);
	return why;
}

void
alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct decision *ret_decision)
{
	struct ask ask = { .world = world, .svc = svc, .spec = svc_spec(svc), .mem = mem,
		.ret = ret_decision };
	const struct ips *has = svc->decided && svc->want.n ? &svc->want : &svc->have;
	const char *lost;

	*ret_decision = (struct decision){ .outcome = OUT_NONE };
	if (!svc->ours) {
		/* changed its type: the address that we gave goes */
		if (!ask.spec->load_balancer && ask.spec->from_pool) {
			decide(ret_decision, OUT_CLEAR, world, NULL);
			ret_decision->lost = "the Service is no longer of type LoadBalancer";
		}
		return;
	}
	request_read(ask.spec, mem, &ask.req);
	if (!ask.req.ips.n)
		find_reserved(&ask);
	ask.has = has;
	if (has->n == 0) {
		if (!svc->e.obj->deleting)
			decide_new(&ask, NULL, ret_decision);
		return;
	}
	lost = all_refuse(&ask, has);
	if (lost && has != &svc->have && svc->have.n && !all_refuse(&ask, &svc->have)) {
		ask.has = has = &svc->have; /* what it was to leave for that is good again */
		lost = NULL;
	}
	if (lost)
		decide_new(&ask, lost, ret_decision);
	else
		decide_kept(&ask, has, ret_decision);
	ret_decision->note = find_odd(&ask, &ret_decision->ips);
}
