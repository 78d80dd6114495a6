/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/alloc/addr_uses.h"
#include "core/alloc/alloc.h"
#include "core/alloc/addr_probation.h"
#include "core/alloc/probe_results.h"
#include "core/eligibility/hello_links.h"
#include "core/eligibility/link_vips.h"
#include "core/eligibility/shared_nodes.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pool_config.h"
#include "core/pools/pool_counts.h"
#include "core/pools/pools.h"
#include "core/report/conditions.h"
#include "core/report/conflicts.h"
#include "core/report/l2status.h"
#include "core/report/l2status_orphans.h"
#include "core/report/deferred_reports.h"
#include "core/report/svc_events.h"
#include "core/state/world_state.h"

#include <stdlib.h>
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

static void
allocate(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan)
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

/* The order of decisions: first the Services that request addresses, then by age, then by name. */
static int
order_cmp(const void *a, const void *b)
{
	const struct svc *sa = *(struct svc *const *)a, *sb = *(struct svc *const *)b;

	if (svc_requests_ips(sa) != svc_requests_ips(sb))
		return svc_requests_ips(sa) ? -1 : 1;
	if (sa->e.obj->meta.created_s != sb->e.obj->meta.created_s)
		return sa->e.obj->meta.created_s < sb->e.obj->meta.created_s ? -1 : 1;
	return entry_cmp(&sa->e, &sb->e);
}

/* Moves the Services with @mark to world.batch, in the order of decisions; returns their number. */
static size_t
take_marked(struct world *world, unsigned int mark)
{
	struct svc *svc, *next;
	size_t n = 0;

	TAILQ_FOREACH_SAFE(svc, &world->marked, marked, next) {
		if (!(svc->marks & mark))
			continue;
		svc->marks &= ~mark;
		if (!svc->marks)
			TAILQ_REMOVE(&world->marked, svc, marked);
		if (n == world->batch_room) {
			world->batch_room = world->batch_room ? world->batch_room * 2 : 64;
			world->batch = xrealloc(world->batch, world->batch_room,
			    sizeof(*world->batch));
		}
		world->batch[n++] = svc;
	}
	if (n)
		qsort(world->batch, n, sizeof(*world->batch), order_cmp);
	return n;
}

/*
 * Returns the end of the message about a wrong specification, which says what is in force instead.
 */
static const char *
config_consequence(const struct config *config)
{
	if (!config->in_force)
		return "the object is not used";
	return config->in_force == config->e.obj
		   ? "its assigned addresses stay, but no address is allocated from it"
		   : "the last good specification stays in force";
}

/* Posts an Event for each object of @kind whose error is new or has changed. */
static void
report_config(struct world *world, enum kind kind, struct plan *plan)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[kind]) {
		struct config *config = (struct config *)e;
		const char *text = config->error ? arena_printf(&plan->mem, "%s; %s",
		    config->error, config_consequence(config)) : NULL;

		if (set_text(&config->last_reported, config->error) && text)
			plan_event(plan, e->obj, true, "InvalidConfiguration", "%s", text);
		if (!world->opts.assume_written)
			conditions_write_config(config, text, plan);
	}
}

static void
wake_waiting(struct world *world)
{
	struct svc *svc;

	if (!world->freed)
		return;
	world->freed = false;
	TAILQ_FOREACH(svc, &world->waiting, waits)
		world_mark(world, svc, MARK_ALLOC);
}

/* The allocator creates the Secret with the key for hellos if the Secret is missing. */
static void
decide_key(struct world *world, struct plan *plan)
{
	const char *name = world->opts.hello_secret;

	if (!name || !world->allocator || !world->listed[KIND_SECRET])
		return;
	if (world_find(world, KIND_SECRET, world->opts.pool_ns, name)) {
		world->key_requested = false;
		return;
	}
	if (world->key_requested)
		return;
	world->key_requested = true;
	plan_add(plan, ACT_SECRET_CREATE, NULL)->u.secret.name = name;
}

static bool
allocates(const struct world *world)
{
	return world->allocator && world->listed[KIND_SERVICE] && world->listed[KIND_POOL] &&
	    world->listed[KIND_NAMESPACE];
}

/*
 * Decides allocations until no Service is marked, because each released address marks the waiting
 * Services again.
 */
static void
decide_allocation(struct world *world, struct arena *mem, struct plan *plan)
{
	size_t n;

	if (!allocates(world))
		return;
	while (wake_waiting(world), (n = take_marked(world, MARK_ALLOC)) > 0) {
		for (size_t i = 0; i < n; i++) {
			allocate(world, world->batch[i], mem, plan);
			arena_done(mem);
		}
	}
	if (world->config_changed) {
		report_config(world, KIND_POOL, plan);
		report_config(world, KIND_L2ADV, plan);
		world->config_changed = false;
	}
	pool_counts_write(world, plan);
	probe_results_post_events(world, mem, plan);
}

/* Decides which nodes are eligible, then what is reported about the holders. */
static void
decide_announcing(struct world *world, struct arena *mem, struct plan *plan)
{
	size_t n = take_marked(world, MARK_ANNOUNCE);

	for (size_t i = 0; i < n; i++) {
		link_vips_apply(world, world->batch[i], mem);
		world_mark(world, world->batch[i], MARK_REPORT);
		arena_done(mem);
	}
	shared_nodes_update(world);
	deferred_reports_due(world);
	n = take_marked(world, MARK_REPORT);
	for (size_t i = 0; i < n; i++) {
		probation_update(world, world->batch[i]);
		l2status_apply(world, world->batch[i], mem, plan);
		world_mark(world, world->batch[i], MARK_CONDITIONS);
		arena_done(mem);
	}
	orphans_delete(world, plan);
}

/* Decides the conditions last, because the conditions depend on all other decisions. */
static void
decide_conditions(struct world *world, struct plan *plan)
{
	size_t n;

	if (world->allocator && !allocates(world))
		return;
	n = take_marked(world, MARK_CONDITIONS);
	for (size_t i = 0; i < n && world->allocator; i++)
		conditions_apply(world, world->batch[i], plan);
}

void
world_decide(struct world *world, struct plan *ret_plan)
{
	struct arena mem = { 0 };

	if (node_gateways_update(world))
		pools_node_gateways_changed(world);
	if (world->pools->changed && world->listed[KIND_POOL]) {
		pools_reconfigure(world);
		world->pools->changed = false;
		world->hello_links_changed = true;
		/* addresses that were in no pool may need an Event on their new pool */
		world->probe_results->event_due = true;
		world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
	}
	/*
	 * if the links on which an address can be probed have changed, a Service may not have to
	 * wait for the probe result any more
	 */
	if (world->probe_results->enabled && world->hello_links_changed)
		world->freed = world->probes_changed = true;
	pools_update_grace(world);
	cooldowns_update(world);
	probe_results_update(world);
	decide_allocation(world, &mem, ret_plan);
	decide_key(world, ret_plan);
	if (!world_synced(world)) {
		decide_announcing(world, &mem, ret_plan);
		hello_links_plan(world, ret_plan);
	}
	decide_conditions(world, ret_plan);
	link_vips_plan(world, ret_plan);
	arena_done(&mem);
}
