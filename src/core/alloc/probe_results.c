/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_results.h"
#include "arplet/action_plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_links.h"

#include <stdlib.h>

#define EVENT_DELAY_MS 1000  /* until then, a host that claims many addresses is a proxy host */
#define EVENT_PAUSE_MS 60000 /* shortest time between two Events about used addresses of a pool */
#define REPORT_MS PROBER_VALID_MS /* a holder's report is valid as long as a probe result */

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

	return RB_FIND(probe_result_tree, &world->probe_results->tree, &key);
}

/* True if this node can probe @ip on one of its links. */
static bool
has_probe_link(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_target target;
	struct probe_links probe_links;
	bool found;

	if (!pool)
		return false;
	probe_links_init(&probe_links, world, pool);
	found = probe_links_for(world, &probe_links, ip, &target);
	arena_done(&probe_links.mem);
	return found;
}

bool
probe_ip_used(const struct world *world, const struct ip *ip)
{
	const struct probe_result *result = probe_result_find(world, ip);

	return world->probe_results->enabled && result && result->used;
}

enum probe_state
probe_state(const struct world *world, const struct ip *ip)
{
	const struct probe_result *result = probe_result_find(world, ip);

	if (!world->probe_results->enabled)
		return PROBE_FREE;
	if (result)
		return result->used ? PROBE_USED : PROBE_FREE;
	return has_probe_link(world, ip) ? PROBE_UNKNOWN : PROBE_FREE;
}

bool
probe_lacks_link(const struct world *world, const struct ip *ip)
{
	return world->probe_results->enabled && !probe_result_find(world, ip) &&
	    !has_probe_link(world, ip);
}

const char *
probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem)
{
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem, "%s is used by another host on its LAN, %s", ip_format(ip, text),
	    mac_format(&probe_result_find(world, ip)->mac, mac));
}

void
probe_results_event_due(struct world *world)
{
	struct probe_results *results = world->probe_results;

	if (results->event_due || !results->n_used)
		return;
	results->event_due = true;
	results->event_at_ms = world->now_ms + EVENT_DELAY_MS;
	if (results->last_event_ms && results->event_at_ms < results->last_event_ms + EVENT_PAUSE_MS)
		results->event_at_ms = results->last_event_ms + EVENT_PAUSE_MS;
}

bool
probe_results_full(const struct world *world)
{
	return world->probe_results->n_used >= PROBE_USED_MAX;
}

static void
set_used(struct world *world, struct probe_result *result, bool used)
{
	world->probe_results->n_used += (size_t)used - (size_t)result->used;
	result->used = used;
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
	struct probe_result *result = probe_result_find(world, ip);

	if (!result) {
		result = xcalloc(1, sizeof(*result));
		result->ip = *ip;
		RB_INSERT(probe_result_tree, &world->probe_results->tree, result);
	}
	return result;
}

static void
drop(struct world *world, struct probe_result *result)
{
	world->probe_results->n_reported -= result->reported_until_ms != 0;
	world->probe_results->n_used -= result->used;
	RB_REMOVE(probe_result_tree, &world->probe_results->tree, result);
	free(result);
}

void
probe_result_forget(struct world *world, struct probe_result *result)
{
	const struct ip ip = result->ip;
	bool used = result->used;

	drop(world, result);
	if (used)
		pool_reconsider(world, &ip);
}

void
probe_result_set_by_holder(struct world *world, const struct ip *ip, const struct mac *mac)
{
	struct probe_result *result = find_or_new(world, ip);

	world->probe_results->n_reported += !result->reported_until_ms;
	result->reported_until_ms = world->now_ms + REPORT_MS;
	set_used(world, result, true);
	result->event_posted = result->svc_event_posted = false;
	result->mac = *mac;
	probe_results_event_due(world);
	world->probes_changed = true;
}

void
probe_results_update(struct world *world)
{
	struct probe_result *result, *next;

	if (!world->probe_results->n_reported)
		return;
	RB_FOREACH_SAFE(result, probe_result_tree, &world->probe_results->tree, next) {
		if (result->reported_until_ms && result->reported_until_ms <= world->now_ms)
			probe_result_forget(world, result);
	}
}

int64_t
probe_results_next_ms(const struct world *world)
{
	struct probe_result *result;
	const struct probe_results *results = world->probe_results;
	int64_t next_ms = results->event_due && world->allocator ? results->event_at_ms : INT64_MAX;

	if (!world->probe_results->n_reported)
		return next_ms;
	RB_FOREACH(result, probe_result_tree, &world->probe_results->tree) {
		if (result->reported_until_ms && result->reported_until_ms < next_ms)
			next_ms = result->reported_until_ms;
	}
	return next_ms;
}

void
probe_results_set(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	struct probe_result *result = probe_result_find(world, ip);

	if (!world->probe_results->enabled || addrs_find(world, ip))
		return; /* the holder of an assigned address detects conflicts (RFC 5227 2.4) */
	if (result && result->used == !!used_by)
		return;
	if (!result && used_by && probe_results_full(world))
		return;
	result = find_or_new(world, ip);
	set_used(world, result, used_by);
	result->event_posted = result->svc_event_posted = false;
	if (used_by) {
		result->mac = *used_by;
		probe_results_event_due(world);
	}
	pool_reconsider(world, ip);
}

/* ", and 3 more addresses of the pool by other hosts"; "" if @n is 0. */
static const char *
more_text(size_t n, struct arena *mem)
{
	if (!n)
		return "";
	return arena_printf(mem, ", and %zu more address%s of the pool by other hosts", n,
	    n == 1 ? "" : "es");
}

/* Posts an Event on the pool of @first about all used addresses that no Event has named yet. */
static void
post_pool_event(struct world *world, struct probe_result *first, struct arena *mem,
    struct plan *plan)
{
	const struct pool_entry *pool = pools_containing(world, &first->ip);
	struct probe_result *result = first;
	size_t n = 0;

	if (!pool)
		return;
	for (; result; result = RB_NEXT(probe_result_tree, NULL, result)) {
		if (!result->used || result->event_posted ||
		    pools_containing(world, &result->ip) != pool)
			continue;
		result->event_posted = true;
		n++;
	}
	plan_event(plan, pool->c.e.obj, true, "AddressInUse", "%s%s; arplet does not allocate %s %s",
	    probe_result_text(world, &first->ip, mem), more_text(n - 1, mem),
	    n > 1 ? "them" : "it", first->reported_until_ms ? "for five minutes" :
	    n > 1 ? "while those hosts answer" : "while that host answers");
}

void
probe_results_post_events(struct world *world, struct arena *mem, struct plan *plan)
{
	struct probe_results *results = world->probe_results;
	struct probe_result *result;

	if (!results->event_due || results->event_at_ms > world->now_ms)
		return;
	results->event_due = false;
	RB_FOREACH(result, probe_result_tree, &results->tree) {
		if (!result->used || result->event_posted)
			continue;
		post_pool_event(world, result, mem, plan);
		if (result->event_posted)
			results->last_event_ms = world->now_ms;
	}
}

void
probe_results_post_skipped(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_result *result, *first = NULL;
	size_t n = 0;

	RB_FOREACH(result, probe_result_tree, &world->probe_results->tree) {
		if (!result->used || result->svc_event_posted || result->ip.family != ip->family ||
		    ip_cmp(&result->ip, ip) > 0 || pools_containing(world, &result->ip) != pool)
			continue;
		result->svc_event_posted = true;
		first = first ? first : result;
		n++;
	}
	if (first)
		plan_event(plan, svc->e.obj, true, "AddressInUse",
		    "%s%s, so the Service got the next free address",
		    probe_result_text(world, &first->ip, mem), more_text(n - 1, mem));
}

size_t
probe_results_count_used(const struct world *world, const struct pool_entry *pool)
{
	struct probe_result *result;
	size_t n = 0;

	RB_FOREACH(result, probe_result_tree, &world->probe_results->tree)
		n += result->used && pools_containing(world, &result->ip) == pool;
	return n;
}

void
probe_results_forget_host(struct world *world, uint8_t family, const struct mac *mac)
{
	struct probe_result *result, *next;

	RB_FOREACH_SAFE(result, probe_result_tree, &world->probe_results->tree, next) {
		if (result->used && result->ip.family == family &&
		    (!mac || mac_equal(&result->mac, mac)))
			probe_result_forget(world, result);
	}
}

void
probe_results_clear(struct world *world)
{
	struct probe_result *result, *next;

	RB_FOREACH_SAFE(result, probe_result_tree, &world->probe_results->tree, next)
		probe_result_forget(world, result);
}

void
probe_results_free(struct world *world)
{
	probe_results_clear(world);
	free(world->probe_results);
}
