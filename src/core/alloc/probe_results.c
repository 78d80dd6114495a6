/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_results.h"
#include "arplet/plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_links.h"

#include <stdlib.h>

/*
 * The prober asks for what world_wants() names; what it finds comes back by probe_results_set().  A
 * Service that needs an address which has not been asked for yet waits for that, a tenth of a
 * second, so that none is given unasked.
 */
#define REPORT_MS 300000 /* as long as an answer to a question of ours, see prober.h */

struct probe_results *
probe_results_new(void)
{
	return xcalloc(1, sizeof(struct probe_results));
}

int
probe_result_cmp(const struct probe_result *a, const struct probe_result *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_GENERATE(probe_result_tree, probe_result, link, probe_result_cmp)

struct probe_result *
probe_result_find(const struct world *world, const struct ip *ip)
{
	struct probe_result key = { .ip = *ip };

	return RB_FIND(probe_result_tree, (struct probe_result_tree *)&world->probe_results->tree, &key);
}

static bool
has_probe_link(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_target target;
	struct probe_links probe_links;
	bool here;

	if (!pool)
		return false;
	probe_links_init(&probe_links, world, pool);
	here = probe_links_for(world, &probe_links, ip, &target);
	arena_done(&probe_links.mem);
	return here;
}

bool
probe_ip_used(const struct world *world, const struct ip *ip)
{
	const struct probe_result *probe_result = world->probe_results->enabled ? probe_result_find(world, ip) : NULL;

	return probe_result && probe_result->used;
}

enum probe_state
probe_state(const struct world *world, const struct ip *ip)
{
	const struct probe_result *probe_result = world->probe_results->enabled ? probe_result_find(world, ip) : NULL;

	if (probe_result)
		return probe_result->used ? PROBE_USED : PROBE_FREE;
	return world->probe_results->enabled && has_probe_link(world, ip) ? PROBE_UNKNOWN : PROBE_FREE;
}

bool
probe_lacks_link(const struct world *world, const struct ip *ip)
{
	return world->probe_results->enabled && !probe_result_find(world, ip) && !has_probe_link(world, ip);
}

const char *
probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem)
{
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem, "%s is used by another host on its LAN, %s", ip_format(ip, text),
	    mac_format(&probe_result_find(world, ip)->mac, mac));
}

void
probe_results_enable(struct world *world, bool enabled)
{
	world->probe_results->enabled = enabled;
	world->probes_changed = true;
}

static struct probe_result *
find_or_new(struct world *world, const struct ip *ip)
{
	struct probe_result *probe_result = probe_result_find(world, ip);

	if (!probe_result) {
		probe_result = xcalloc(1, sizeof(*probe_result));
		probe_result->ip = *ip;
		RB_INSERT(probe_result_tree, &world->probe_results->tree, probe_result);
	}
	return probe_result;
}

static void
drop(struct world *world, struct probe_result *probe_result)
{
	world->probe_results->n_reported -= probe_result->reported_until_ms != 0;
	RB_REMOVE(probe_result_tree, &world->probe_results->tree, probe_result);
	free(probe_result);
}

/* One that was used has been passed over: from now on it is asked for like any other. */
void
probe_result_forget(struct world *world, struct probe_result *probe_result)
{
	const struct ip ip = probe_result->ip;
	bool used = probe_result->used;

	drop(world, probe_result);
	if (used)
		pool_reconsider(world, &ip);
}

void
probe_result_set_by_holder(struct world *world, const struct ip *ip, const struct mac *mac)
{
	struct probe_result *probe_result = find_or_new(world, ip);

	world->probe_results->n_reported += !probe_result->reported_until_ms;
	probe_result->reported_until_ms = world->now_ms + REPORT_MS;
	probe_result->used = true;
	probe_result->event_posted = probe_result->svc_event_posted = false;
	probe_result->mac = *mac;
	world->probe_results->event_due = true;
	world->probes_changed = true;
}

void
probe_results_update(struct world *world)
{
	struct probe_result *probe_result, *next;

	if (!world->probe_results->n_reported)
		return;
	RB_FOREACH_SAFE(probe_result, probe_result_tree, &world->probe_results->tree, next) {
		if (probe_result->reported_until_ms && probe_result->reported_until_ms <= world->now_ms)
			probe_result_forget(world, probe_result);
	}
}

int64_t
probe_results_next_ms(const struct world *world)
{
	struct probe_result *probe_result;
	int64_t next_ms = INT64_MAX;

	if (!world->probe_results->n_reported)
		return next_ms;
	RB_FOREACH(probe_result, probe_result_tree, (struct probe_result_tree *)&world->probe_results->tree) {
		if (probe_result->reported_until_ms && probe_result->reported_until_ms < next_ms)
			next_ms = probe_result->reported_until_ms;
	}
	return next_ms;
}

void
probe_results_set(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	struct probe_result *probe_result = probe_result_find(world, ip);

	if (!world->probe_results->enabled || addrs_find(world, ip))
		return; /* it is given: the holder looks after it */
	if (probe_result && probe_result->used == !!used_by)
		return;
	probe_result = find_or_new(world, ip);
	probe_result->used = used_by;
	probe_result->event_posted = probe_result->svc_event_posted = false;
	world->probe_results->event_due |= probe_result->used;
	if (used_by)
		probe_result->mac = *used_by;
	pool_reconsider(world, ip);
	world->probes_changed = true; /* also where no pool contains it any more */
}

void
probe_results_post_events(struct world *world, struct arena *mem, struct plan *plan)
{
	struct probe_result *probe_result;

	if (!world->probe_results->event_due)
		return;
	world->probe_results->event_due = false;
	RB_FOREACH(probe_result, probe_result_tree, &world->probe_results->tree) {
		const struct pool_entry *pool =
		    probe_result->used && !probe_result->event_posted ? pools_containing(world, &probe_result->ip) : NULL;

		if (!pool)
			continue;
		probe_result->event_posted = true;
		plan_event(plan, pool->c.e.obj, true, "AddressInUse",
		    "%s; it is not given to a Service %s", probe_result_text(world, &probe_result->ip, mem),
		    probe_result->reported_until_ms ? "for five minutes" : "as long as that host answers");
	}
}

void
probe_results_post_skipped(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_result *probe_result;

	RB_FOREACH(probe_result, probe_result_tree, &world->probe_results->tree) {
		if (!probe_result->used || probe_result->svc_event_posted || probe_result->ip.family != ip->family ||
		    ip_cmp(&probe_result->ip, ip) > 0 || pools_containing(world, &probe_result->ip) != pool)
			continue;
		probe_result->svc_event_posted = true;
		plan_event(plan, svc->e.obj, true, "AddressInUse", "%s, so this Service got the next one",
		    probe_result_text(world, &probe_result->ip, mem));
	}
}

size_t
probe_results_count_used(const struct world *world, const struct pool_entry *pool)
{
	struct probe_result *probe_result;
	size_t n = 0;

	RB_FOREACH(probe_result, probe_result_tree, (struct probe_result_tree *)&world->probe_results->tree)
		n += probe_result->used && pools_containing(world, &probe_result->ip) == pool;
	return n;
}

void
probe_results_clear(struct world *world)
{
	struct probe_result *probe_result, *next;

	RB_FOREACH_SAFE(probe_result, probe_result_tree, &world->probe_results->tree, next)
		probe_result_forget(world, probe_result);
}

void
probe_results_free(struct world *world)
{
	probe_results_clear(world);
	free(world->probe_results);
}
