/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "batches.h"
#include "core/alloc/addr_probation.h"
#include "core/alloc/probe_results.h"
#include "core/alloc/proxy_arp.h"
#include "core/eligibility/hello_links.h"
#include "core/eligibility/link_vips.h"
#include "core/eligibility/shared_nodes.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pool_config.h"
#include "core/pools/pool_counts.h"
#include "core/pools/pools.h"
#include "core/report/conditions.h"
#include "core/report/deferred_reports.h"
#include "core/report/key_secret.h"
#include "core/report/l2status.h"
#include "core/report/l2status_orphans.h"
#include "core/report/node_events.h"
#include "core/state/world_state.h"
#include "decide_alloc.h"

/*
 * The estimated cost of decisions, in the unit of world_work(): about 50 ns.  An action costs most,
 * because the caller encodes it as JSON and queues it.
 */
#define SVC_WORK 40
#define ACTION_WORK 300

/* The part of the budget that one stage may use. */
struct share {
	const struct world *world;
	const struct plan *plan;
	size_t from; /* spent() when the stage began */
	size_t most;
};

static size_t
spent(const struct world *world, const struct plan *plan)
{
	return *world->work + plan->n * ACTION_WORK;
}

/*
 * Begins a stage: it may use what the earlier stages left of @budget, divided by the number of
 * stages that follow, so that no stage waits for another for long.  At least one Service is decided
 * in each stage, however small the budget is.
 */
static struct share
begin(const struct world *world, const struct plan *plan, size_t budget, size_t n_stages)
{
	size_t from = spent(world, plan), most = from < budget ? (budget - from) / n_stages : 0;

	return (struct share){ world, plan, from, most ? most : 1 };
}

static bool
is_over(const struct share *share)
{
	return spent(share->world, share->plan) - share->from >= share->most;
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

/*
 * The waiting Services are decided again when an address or a port is released.  After n Services
 * were woken, the next ones are woken n / WAITING_PER_MS ms later, because one tenant could release
 * an address many times a second.  So the allocator spends about a tenth of its time on them.
 */
#define WAITING_PER_MS 50

static bool
must_wake(const struct world *world)
{
	return world->freed && world->now_ms >= world->wake_after_ms;
}

static void
wake_waiting(struct world *world)
{
	struct svc *svc;
	size_t n = 0;

	if (!must_wake(world))
		return;
	world->freed = false;
	TAILQ_FOREACH(svc, &world->waiting, waits) {
		world_mark(world, svc, MARK_ALLOC);
		n++;
	}
	world_work(world, n);
	world->wake_after_ms = world->now_ms + (int64_t)(n / WAITING_PER_MS);
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
decide_allocation(struct world *world, struct arena *mem, struct plan *plan, size_t budget)
{
	struct share share = begin(world, plan, budget, STAGES);
	struct svc *svc;

	if (!allocates(world))
		return;
	while (!is_over(&share)) {
		if (batches_at_end(world, STAGE_ALLOC))
			wake_waiting(world);
		svc = batches_next(world, STAGE_ALLOC);
		if (!svc)
			break;
		decide_alloc(world, svc, mem, plan);
		world_work(world, SVC_WORK);
		arena_done(mem);
	}
	if (world->config_changed) {
		report_config(world, KIND_POOL, plan);
		report_config(world, KIND_L2ADV, plan);
		world->config_changed = false;
	}
	pool_counts_write(world, plan);
	probe_results_post_events(world, mem, plan);
}

/* Decides which nodes are eligible. */
static void
decide_nodes(struct world *world, struct arena *mem, struct plan *plan, size_t budget)
{
	struct share share = begin(world, plan, budget, STAGES - STAGE_ANNOUNCE);
	struct svc *svc;

	while (!is_over(&share) && (svc = batches_next(world, STAGE_ANNOUNCE))) {
		link_vips_apply(world, svc, mem);
		world_mark(world, svc, MARK_REPORT);
		world_work(world, SVC_WORK + svc->n_vips * ACTION_WORK);
		arena_done(mem);
	}
	while (!is_over(&share) && shared_nodes_update(world))
		;
}

/* Decides what is reported about the holders. */
static void
decide_reports(struct world *world, struct arena *mem, struct plan *plan, size_t budget)
{
	struct share share = begin(world, plan, budget, STAGES - STAGE_REPORT);
	struct svc *svc;

	deferred_reports_due(world);
	while (!is_over(&share) && (svc = batches_next(world, STAGE_REPORT))) {
		probation_update(world, svc);
		l2status_apply(world, svc, mem, plan);
		world_mark(world, svc, MARK_CONDITIONS);
		world_work(world, SVC_WORK);
		arena_done(mem);
	}
	orphans_delete(world, plan);
}

/* Decides the conditions last, because the conditions depend on all other decisions. */
static void
decide_conditions(struct world *world, struct plan *plan, size_t budget)
{
	struct share share = begin(world, plan, budget, STAGES - STAGE_CONDITIONS);
	struct svc *svc;

	if (world->allocator && !allocates(world))
		return;
	while (!is_over(&share) && (svc = batches_next(world, STAGE_CONDITIONS))) {
		if (world->allocator)
			conditions_apply(world, svc, plan);
		world_work(world, SVC_WORK);
	}
}

/* Handles changes of pools, of node and gateway addresses and of times. */
static void
update(struct world *world)
{
	if (node_gateways_update(world))
		pools_node_gateways_changed(world);
	if (world->pools->changed && world->listed[KIND_POOL]) {
		pools_reconfigure(world);
		world->pools->changed = false;
		world->hello_links_changed = true;
		/* addresses that were in no pool may need an Event on their new pool */
		probe_results_event_due(world);
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
}

static bool
must_continue(const struct world *world)
{
	bool announcing = !world_synced(world);

	if (allocates(world) && (batches_have(world, STAGE_ALLOC) ||
	    (must_wake(world) && !TAILQ_EMPTY(&world->waiting))))
		return true;
	if (announcing && (batches_have(world, STAGE_ANNOUNCE) ||
	    batches_have(world, STAGE_REPORT) || !TAILQ_EMPTY(&world->touched)))
		return true;
	return (!world->allocator || allocates(world)) && batches_have(world, STAGE_CONDITIONS);
}

bool
world_decide_some(struct world *world, struct plan *ret_plan, size_t budget, size_t *ret_spent)
{
	struct arena mem = { 0 };
	size_t before = ret_plan->n;

	*world->work = 0;
	update(world);
	decide_allocation(world, &mem, ret_plan, budget);
	key_secret_decide(world, ret_plan);
	proxy_arp_post_events(world, &mem, ret_plan);
	if (!world_synced(world)) {
		decide_nodes(world, &mem, ret_plan, budget);
		decide_reports(world, &mem, ret_plan, budget);
		hello_links_plan(world, ret_plan);
	}
	decide_conditions(world, ret_plan, budget);
	link_vips_plan(world, batches_at_end(world, STAGE_ANNOUNCE), ret_plan);
	node_events_plan(world, ret_plan);
	arena_done(&mem);
	if (ret_spent)
		*ret_spent = *world->work + (ret_plan->n - before) * ACTION_WORK;
	return budget != SIZE_MAX && must_continue(world);
}

void
world_decide(struct world *world, struct plan *ret_plan)
{
	(void)world_decide_some(world, ret_plan, SIZE_MAX, NULL);
}
