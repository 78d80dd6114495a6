/* SPDX-License-Identifier: Apache-2.0 */
#include "overwrites.h"
#include "arplet/action_plan.h"
#include "core/state/world_state.h"

static const struct contention_rule rule = { 3, 1000, 60000 };

/*
 * True if another program has replaced the addresses that this daemon wrote: the status had exactly
 * the addresses of the decision, and has others now.  @before: the previous object.
 */
static bool
is_overwritten(const struct world *world, const struct svc *svc, const struct object *before,
    const struct ips *have)
{
	const struct service *now = svc_spec(svc);
	const struct service *old = before ? &before->u.service : NULL;

	if (!old || before->bad || !world->allocator || !svc->ours || !svc_is_decided(svc))
		return false;
	if (!ips_equal(&svc->have, &svc->want) || old->n_status != svc->have.n ||
	    old->status_foreign)
		return false;
	return !ips_equal(have, &svc->want) || now->n_status != have->n || now->status_foreign;
}

void
overwrites_seen(const struct world *world, struct svc *svc, const struct object *before,
    const struct ips *have)
{
	if (is_overwritten(world, svc, before, have))
		contention_count(&svc->overwrites, &rule, world->now_ms);
}

int64_t
overwrites_pause_ms(const struct world *world, const struct svc *svc)
{
	int64_t until_ms = contention_until_ms(&svc->overwrites, &rule);

	return until_ms > world->now_ms ? until_ms - world->now_ms : 0;
}

void
overwrites_report(const struct world *world, struct svc *svc, struct plan *plan)
{
	const char *text = NULL;

	if (contention_is_long(&svc->overwrites, &rule, world->now_ms))
		text = "another program changes the addresses in the status of the Service again "
		       "and again, and arplet writes them at most once a minute: make sure that "
		       "only one program serves the Service, for example by spec.loadBalancerClass";
	else if (svc->write_conflicts)
		text = "another program changes the Service so often that the API server refuses the "
		       "writes of arplet (409 Conflict); arplet writes after pauses of up to 10 s";
	svc->write_conflicts = false;
	if (svc_set_message(svc, MSG_OVERWRITTEN, text) && text)
		plan_event(plan, svc->e.obj, true, "StatusConflict", "%s", text);
}
