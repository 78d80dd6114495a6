/* SPDX-License-Identifier: Apache-2.0 */
#include "decide_alloc.h"
#include "arplet/action_plan.h"
#include "core/alloc/addr_probation.h"
#include "core/alloc/addr_uses.h"
#include "core/alloc/alloc.h"
#include "core/alloc/probe_results.h"
#include "core/report/conditions.h"
#include "core/report/conflicts.h"
#include "core/report/overwrites.h"
#include "core/report/svc_events.h"
#include "core/state/world_state.h"

#include <string.h>

/* Posts an Event about the refusal in the decision @d, unless the last Event had the same text. */
static void
report_refusal_once(struct svc *svc, const struct alloc_decision *d, struct arena *mem,
		    struct plan *plan)
{
	const char *text =
	    d->reason ? arena_printf(mem, "%s: %s", d->reason, d->message) : NULL;

	if (svc_set_message(svc, MSG_ALLOC_EVENT, text) && text)
		plan_event(plan, svc->e.obj, true, d->reason, "%s", d->message);
	svc_set_message(svc, MSG_UNSERVED, d->reason ? d->message : NULL);
}

/* True if the status or the annotation of the Service differs from the decision. */
static bool
must_write(const struct svc *svc, const struct alloc_decision *d)
{
	const struct service *spec = svc_spec(svc);
	const char *annotated = spec->from_pool ? spec->from_pool : "";

	if (!ips_equal(&svc->want, &svc->have) || spec->n_status != svc->have.n ||
	    addr_uses_outdated(svc))
		return true;
	if (svc->want.n == 0)
		return *annotated;
	if (spec->status_foreign)
		return true;
	return d->pool && strcmp(annotated, d->pool) != 0;
}

static void
write_status(const struct world *world, struct svc *svc, const struct alloc_decision *d,
    struct plan *plan)
{
	struct action *act;

	if (svc->write_sent || !must_write(svc, d))
		return;
	svc->write_sent = true;
	if (!world->opts.assume_written)
		addr_uses_sent(svc);
	act = plan_add(plan, ACT_SERVICE_STATUS, svc->e.obj);
	act->pause_ms = overwrites_pause_ms(world, svc);
	memcpy(act->u.service_status.ips, svc->want.v, sizeof(svc->want.v));
	act->u.service_status.n = svc->want.n;
	act->u.service_status.pool = svc->want.n ? d->pool : NULL;
	conditions_changes(world, svc, true, &plan->mem, act->conditions);
}

/* Posts an Event about an address that the Service keeps against a rule of its pool. */
static void
report_kept_once(struct svc *svc, const struct alloc_decision *d, struct plan *plan)
{
	if (svc_set_message(svc, MSG_KEPT_ADDRESS, d->keep_warning) && d->keep_warning)
		plan_event(plan, svc->e.obj, true, "AddressReserved", "%s", d->keep_warning);
}

/* Posts an Event about the addresses that the decision releases. */
static void
report_released(const struct svc *svc, const struct alloc_decision *d, struct arena *mem,
		struct plan *plan)
{
	const struct ips *had = svc_is_decided(svc) && svc->want.n ? &svc->want : &svc->have;
	struct ips gone = { 0 };

	for (size_t i = 0; i < had->n; i++) {
		if (!ips_contain(&d->ips, &had->v[i]))
			ips_add(&gone, &had->v[i]);
	}
	if (d->release_reason && gone.n)
		plan_event(plan, svc->e.obj, d->outcome == OUTCOME_CLEAR && d->reason,
			   "ClearAssignment", "%s is released: %s", ips_text(&gone, mem),
			   d->release_reason);
}

static void
report_assigned(const struct svc *svc, const struct alloc_decision *d, struct plan *plan)
{
	char a[IP_TEXT_MAX], b[IP_TEXT_MAX];

	if (d->ips.n == 1)
		plan_event(plan, svc->e.obj, false, "IPAllocated", "Assigned IP [\"%s\"]",
		    ip_format(&d->ips.v[0], a));
	else
		plan_event(plan, svc->e.obj, false, "IPAllocated", "Assigned IP [\"%s\",\"%s\"]",
		    ip_format(&d->ips.v[0], a), ip_format(&d->ips.v[1], b));
}

/* Returns the event of the allocation state machine (svc_life.h) for the decision @d. */
static enum svc_alloc_event
event_of(const struct svc *svc, const struct alloc_decision *d)
{
	if (!svc->ours)
		return d->outcome == OUTCOME_NONE ? ALLOC_EV_NOT_OURS : ALLOC_EV_RELEASE;
	if (d->awaits_probe)
		return ALLOC_EV_PROBE;
	return d->reason || d->ips.n < svc_spec(svc)->n_families ? ALLOC_EV_REFUSE : ALLOC_EV_SERVE;
}

void
decide_alloc(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan)
{
	const char *bad = svc_message(svc, MSG_BAD_OBJECT);
	struct reported_conflict conflict;
	enum svc_alloc_event event;
	struct alloc_decision d;
	bool changed;

	world_mark(world, svc, MARK_CONDITIONS);
	if (bad) {
		d = (struct alloc_decision){ .reason = "LoadBalancerFailed", .message = bad };
		report_refusal_once(svc, &d, mem, plan);
		return;
	}
	svc_events_post(svc, plan);
	if (svc->probation && conflict_reported(world, svc, mem, &conflict))
		probation_on_conflict(world, svc, &conflict.ip, &conflict.mac);
	alloc_decide(world, svc, mem, &d);
	if (d.awaits_probe)
		d.reason = d.message = NULL; /* no refusal yet: a probe may find the address free */
	event = event_of(svc, &d);
	changed = !svc_is_decided(svc) || !ips_equal(&d.ips, &svc->want);
	if (changed)
		report_released(svc, &d, mem, plan);
	if (d.outcome == OUTCOME_ASSIGN)
		report_assigned(svc, &d, plan);
	if (d.outcome == OUTCOME_ASSIGN && !svc_requests_ips(svc))
		probe_results_post_skipped(world, svc, &d.ips.v[0], mem, plan);
	world->probes_changed |= !ips_equal(&svc->probe_ips, &d.probe_ips);
	svc->probe_ips = d.probe_ips;
	report_refusal_once(svc, &d, mem, plan);
	report_kept_once(svc, &d, plan);
	overwrites_report(world, svc, plan);
	if (event == ALLOC_EV_NOT_OURS) {
		svc_alloc_event(world, svc, event);
		return;
	}
	if (changed) {
		svc->write_sent = false;
		probation_begin(world, svc, &d.ips);
	}
	if (!d.awaits_probe)
		svc->failed = 0; /* the failed address is replaced, or no other address is free */
	svc->want = d.ips;
	svc_alloc_event(world, svc, event);
	addr_uses_update(world, svc);
	write_status(world, svc, &d, plan);
	if (world->opts.assume_written)
		world_mark(world, svc, MARK_ANNOUNCE);
}
