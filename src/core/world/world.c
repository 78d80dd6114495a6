/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "batches.h"
#include "core/alloc/addr_uses.h"
#include "core/alloc/probe_plan.h"
#include "core/alloc/probe_results.h"
#include "core/alloc/proxy_arp.h"
#include "core/eligibility/eligibility.h"
#include "core/eligibility/hello_links.h"
#include "core/eligibility/link_vips.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pool_counts.h"
#include "core/pools/pools.h"
#include "core/report/conflicts.h"
#include "core/report/key_secret.h"
#include "core/report/l2status_orphans.h"
#include "core/report/node_events.h"
#include "core/report/deferred_reports.h"
#include "core/state/world_state.h"
#include "object_seen.h"

#include <stdlib.h>
#include <string.h>

struct world *
world_new(const struct world_opts *opts)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->opts = *opts;
	world->opts.node_name = xstrdup(opts->node_name);
	world->opts.pool_ns = xstrdup(opts->pool_ns);
	world->opts.lb_class = xstrdup(opts->lb_class);
	world->opts.hello_secret = xstrdup(opts->hello_secret);
	TAILQ_INIT(&world->touched);
	TAILQ_INIT(&world->marked);
	TAILQ_INIT(&world->waiting);
	TAILQ_INIT(&world->deferred);
	world->batches = batches_new();
	world->work = xcalloc(1, sizeof(*world->work));
	world->cooldowns = cooldowns_new();
	world->hello_links = hello_links_new();
	world->node_events = node_events_new();
	world->link_vips = link_vips_new();
	world->node_gateways = node_gateways_new();
	world->orphans = orphans_new();
	world->pools = pools_new();
	world->probe_results = probe_results_new();
	world->proxy_arp = proxy_arp_new();
	return world;
}

void
world_free(struct world *world)
{
	if (!world)
		return;
	for (int kind = KINDS - 1; kind >= 0; kind--) {
		struct entry *e, *next;

		RB_FOREACH_SAFE(e, store, &world->store[kind], next)
			entry_remove(world, e);
	}
	orphans_free(world);
	link_vips_free(world);
	probe_results_free(world);
	proxy_arp_free(world);
	cooldowns_free(world);
	node_gateways_free(world);
	pools_free(world->pools);
	free(world->links);
	hello_links_free(world);
	node_events_free(world);
	batches_free(world->batches);
	free(world->work);
	for (size_t i = 0; i < world->n_names; i++)
		free(world->names[i]);
	free(world->names);
	free((char *)world->opts.node_name);
	free((char *)world->opts.pool_ns);
	free((char *)world->opts.lb_class);
	free((char *)world->opts.hello_secret);
	free(world);
}

/* True if a change of @link can change a decision. */
static bool
link_matters(struct world *world, const struct link *link)
{
	struct entry *e;

	if (link_is_candidate(link))
		return true;
	RB_FOREACH(e, store, &world->store[KIND_L2ADV]) {
		const struct object *adv = ((struct config *)e)->in_force;

		if (adv && strings_contain(&adv->u.l2adv.interfaces, link->name))
			return true;
	}
	return false;
}

/*
 * Returns the lowest index >= @i of a link whose changes can change a decision; @n: there is no
 * such link.
 */
static size_t
next_that_matters(struct world *world, const struct link *links, size_t n, size_t i)
{
	while (i < n && !link_matters(world, &links[i]))
		i++;
	return i;
}

static bool
links_changed(struct world *world, const struct link *links, size_t n)
{
	for (size_t i = 0, j = 0;; i++, j++) {
		i = next_that_matters(world, world->links, world->n_links, i);
		j = next_that_matters(world, links, n, j);
		if (i == world->n_links || j == n)
			return i != world->n_links || j != n;
		if (!link_announces_alike(&world->links[i], &links[j]))
			return true;
	}
}

void
world_set_links(struct world *world, const struct link *links, size_t n)
{
	if (links_changed(world, links, n)) {
		world->hello_links_changed = true;
		world_mark_all(world, MARK_ANNOUNCE);
	}
	conflicts_mark_own(world, links, n);
	free(world->links);
	world->links = links_copy(links, n);
	world->n_links = n;
	node_gateways_changed(world);
}

void
world_report_only_udp(struct world *world, const char *interface, const char *node)
{
	node_events_only_udp(world, interface, node);
}

void
world_report_not_heard(struct world *world, const char *interface, const char *node,
    const struct ip *ip)
{
	node_events_not_heard(world, interface, node, ip);
}

void
world_set_allocator(struct world *world, bool allocator)
{
	struct entry *e;

	if (world->allocator == allocator)
		return;
	world->allocator = allocator;
	key_secret_seen(world);
	world->probes_changed = true;
	if (allocator) /* the allocator deletes the ServiceL2Statuses of deleted nodes */
		orphans_check_all(world);
	RB_FOREACH(e, store, &world->store[KIND_SERVICE]) {
		struct svc *svc = (struct svc *)e;

		svc_alloc_event(world, svc, ALLOC_EV_FOLLOW);
		svc->unshareable = false;
		svc->last_written = 0;
		svc->probation = svc->failed = 0;
		/* the API server accepts no earlier write any more: see lease.h */
		addr_uses_seen(svc);
		svc_set_message(svc, MSG_UNSERVED, NULL);
		addr_uses_update(world, svc);
	}
	for (size_t i = 0; i < world->pools->n; i++)
		world->pools->v[i]->counts_written = false;
	RB_FOREACH(e, store, &world->store[KIND_POOL])
		((struct config *)e)->last_written = 0;
	RB_FOREACH(e, store, &world->store[KIND_L2ADV])
		((struct config *)e)->last_written = 0;
	world->config_changed = true;
	world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
}

void
world_stop(struct world *world)
{
	world->stopping = true;
}

void
world_mark_everything(struct world *world)
{
	world->pools->changed = world->hello_links_changed = true;
	world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
}

void
world_set_now(struct world *world, int64_t now_ms)
{
	world->now_ms = now_ms;
}

int64_t
world_next_ms(const struct world *world)
{
	int64_t grace_until_ms = world->pools->grace_until_ms;
	const int64_t times_ms[] = {
		cooldowns_next_ms(world),
		deferred_reports_next_ms(world),
		probe_results_next_ms(world),
		proxy_arp_next_ms(world),
		pool_counts_next_ms(world),
		grace_until_ms > 0 ? grace_until_ms : INT64_MAX,
		/* see wake_waiting() */
		world->freed && !TAILQ_EMPTY(&world->waiting) && world->wake_after_ms > world->now_ms
		    ? world->wake_after_ms : INT64_MAX,
	};
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < sizeof(times_ms) / sizeof(*times_ms); i++)
		next_ms = times_ms[i] < next_ms ? times_ms[i] : next_ms;
	return next_ms;
}

/*
 * The functions below pass calls on to core/alloc, core/eligibility and core/report, so that
 * callers outside of core include only world.h.
 */
void
world_set_conflict(struct world *world, const struct ip *ip, int ifindex,
    enum ann_conflict conflict, const struct mac *other)
{
	conflicts_set(world, ip, ifindex, conflict, other);
}

enum ann_policy
world_conflict_policy(const struct world *world, const struct ip *ip, enum ann_policy standard)
{
	return conflicts_policy(world, ip, standard);
}

void
world_set_probing(struct world *world, bool enabled)
{
	probe_results_enable(world, enabled);
}

void
world_set_probe_result(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	probe_results_set(world, ip, used_by);
}

void
world_set_proxy_host(struct world *world, const struct proxy_host *host, bool found)
{
	proxy_arp_set(world, host, found);
}

bool
world_probes_changed(const struct world *world)
{
	return world->probes_changed;
}

bool
world_awaits_probe(const struct world *world)
{
	return probe_plan_is_urgent(world);
}

void
world_each_probe(struct world *world,
    void (*visit)(void *arg, const struct probe_target *target), void *arg)
{
	probe_plan_each(world, visit, arg);
}

void
world_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node)
{
	link_vips_set_holder(world, ifindex, ip, node);
}

bool
world_may_hold(const struct world *world, const struct ip *ip, const char *node)
{
	return eligibility_may_hold(world, ip, node);
}

void
world_set_write_conflicts(struct world *world, const char *ns, const char *name)
{
	struct entry *e = world_find(world, KIND_SERVICE, ns, name);

	if (!e)
		return;
	((struct svc *)e)->write_conflicts = true;
	world_mark(world, (struct svc *)e, MARK_ALLOC);
}

bool
world_may_keep(const struct world *world, const struct ip *ip)
{
	return eligibility_may_keep(world, ip);
}

void
world_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg)
{
	eligibility_each_candidate(world, ip, visit, arg);
}
