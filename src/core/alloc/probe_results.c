/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link.h"
#include "probe_results.h"
#include "addr_uses.h"
#include "core/eligibility/eligibility.h"
#include "core/pools/pools.h"

#include <stdlib.h>

/*
 * The prober asks for what world_wants() names; what it finds comes back by world_set_probe_result().  A
 * Service that needs an address which has not been asked for yet waits for that, a tenth of a
 * second, so that none is given unasked.
 */
#define REPORT_MS 300000 /* as long as an answer to a question of ours, see prober.h */

int
probe_result_cmp(const struct probe_result *a, const struct probe_result *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_GENERATE(awaits_probe, probe_result, link, probe_result_cmp)

struct probe_result *
probe_result_find(const struct world *world, const struct ip *ip)
{
	struct probe_result key = { .ip = *ip };

	return RB_FIND(awaits_probe, (struct awaits_probe *)&world->awaits_probe, &key);
}

void
probe_links_init(struct probe_links *probe_links, const struct world *world, const struct pool_entry *pool)
{
	*probe_links = (struct probe_links){ 0 };
	probe_links->here = eligibility_ifaces(world, pool, &probe_links->mem, &probe_links->ifaces);
	probe_links->found = arena_calloc(&probe_links->mem, world->n_links, sizeof(*probe_links->found));
}

bool
probe_links_for(const struct world *world, const struct probe_links *probe_links, const struct ip *ip,
    struct probe_target *ret)
{
	const struct link **links = probe_links->found;
	size_t n = links_for_ip(world->links, world->n_links, ip, &probe_links->ifaces, links), found = 0;

	*ret = (struct probe_target){ .ip = *ip };
	for (size_t i = 0; i < n && found < PROBER_LINKS_MAX; i++) {
		if (probe_links->here || link_has_prefix(links[i], ip))
			ret->links[found++] = links[i]->ifindex;
	}
	return found;
}

static bool
lives_here(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_target wish;
	struct probe_links probe_links;
	bool here;

	if (!pool)
		return false;
	probe_links_init(&probe_links, world, pool);
	here = probe_links_for(world, &probe_links, ip, &wish);
	arena_done(&probe_links.mem);
	return here;
}

bool
probe_found_user(const struct world *world, const struct ip *ip)
{
	const struct probe_result *probe_result = world->checking ? probe_result_find(world, ip) : NULL;

	return probe_result && probe_result->used;
}

enum probe_state
probe_state(const struct world *world, const struct ip *ip)
{
	const struct probe_result *probe_result = world->checking ? probe_result_find(world, ip) : NULL;

	if (probe_result)
		return probe_result->used ? PROBE_USED : PROBE_FREE;
	return world->checking && lives_here(world, ip) ? PROBE_UNKNOWN : PROBE_FREE;
}

bool
probe_impossible(const struct world *world, const struct ip *ip)
{
	return world->checking && !probe_result_find(world, ip) && !lives_here(world, ip);
}

const char *
probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem)
{
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem, "%s is used by another host on its LAN, %s", ip_format(ip, text),
	    mac_format(&probe_result_find(world, ip)->mac, mac));
}

void
world_set_probing(struct world *world, bool checking)
{
	world->checking = checking;
	world->probes_changed = true;
}

static struct probe_result *
find_or_new(struct world *world, const struct ip *ip)
{
	struct probe_result *probe_result = probe_result_find(world, ip);

	if (!probe_result) {
		probe_result = xcalloc(1, sizeof(*probe_result));
		probe_result->ip = *ip;
		RB_INSERT(awaits_probe, &world->awaits_probe, probe_result);
	}
	return probe_result;
}

static void
drop(struct world *world, struct probe_result *probe_result)
{
	world->n_reported -= probe_result->until_ms != 0;
	RB_REMOVE(awaits_probe, &world->awaits_probe, probe_result);
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
probe_result_report(struct world *world, const struct ip *ip, const struct mac *mac)
{
	struct probe_result *probe_result = find_or_new(world, ip);

	world->n_reported += !probe_result->until_ms;
	probe_result->until_ms = world->now_ms + REPORT_MS;
	probe_result->used = true;
	probe_result->told = probe_result->told_service = false;
	probe_result->mac = *mac;
	world->probe_results_untold = true;
	world->probes_changed = true;
}

void
probe_results_update(struct world *world)
{
	struct probe_result *probe_result, *next;

	if (!world->n_reported)
		return;
	RB_FOREACH_SAFE(probe_result, awaits_probe, &world->awaits_probe, next) {
		if (probe_result->until_ms && probe_result->until_ms <= world->now_ms)
			probe_result_forget(world, probe_result);
	}
}

int64_t
probe_results_next_ms(const struct world *world)
{
	struct probe_result *probe_result;
	int64_t next_ms = INT64_MAX;

	if (!world->n_reported)
		return next_ms;
	RB_FOREACH(probe_result, awaits_probe, (struct awaits_probe *)&world->awaits_probe) {
		if (probe_result->until_ms && probe_result->until_ms < next_ms)
			next_ms = probe_result->until_ms;
	}
	return next_ms;
}

void
world_set_probe_result(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	struct probe_result *probe_result = probe_result_find(world, ip);

	if (!world->checking || addrs_find(world, ip))
		return; /* it is given: the holder looks after it */
	if (probe_result && probe_result->used == !!used_by)
		return;
	probe_result = find_or_new(world, ip);
	probe_result->used = used_by;
	probe_result->told = probe_result->told_service = false;
	world->probe_results_untold |= probe_result->used;
	if (used_by)
		probe_result->mac = *used_by;
	pool_reconsider(world, ip);
	world->probes_changed = true; /* also where no pool contains it any more */
}

void
probe_results_tell(struct world *world, struct arena *mem, struct plan *plan)
{
	struct probe_result *probe_result;

	if (!world->probe_results_untold)
		return;
	world->probe_results_untold = false;
	RB_FOREACH(probe_result, awaits_probe, &world->awaits_probe) {
		const struct pool_entry *pool =
		    probe_result->used && !probe_result->told ? pools_containing(world, &probe_result->ip) : NULL;

		if (!pool)
			continue;
		probe_result->told = true;
		plan_event(plan, pool->c.e.obj, true, "AddressInUse",
		    "%s; it is not given to a Service %s", probe_result_text(world, &probe_result->ip, mem),
		    probe_result->until_ms ? "for five minutes" : "as long as that host answers");
	}
}

void
probe_results_tell_passed(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_result *probe_result;

	RB_FOREACH(probe_result, awaits_probe, &world->awaits_probe) {
		if (!probe_result->used || probe_result->told_service || probe_result->ip.family != ip->family ||
		    ip_cmp(&probe_result->ip, ip) > 0 || pools_containing(world, &probe_result->ip) != pool)
			continue;
		probe_result->told_service = true;
		plan_event(plan, svc->e.obj, true, "AddressInUse", "%s, so this Service got the next one",
		    probe_result_text(world, &probe_result->ip, mem));
	}
}

size_t
probe_results_count_used(const struct world *world, const struct pool_entry *pool)
{
	struct probe_result *probe_result;
	size_t n = 0;

	RB_FOREACH(probe_result, awaits_probe, (struct awaits_probe *)&world->awaits_probe)
		n += probe_result->used && pools_containing(world, &probe_result->ip) == pool;
	return n;
}

void
probe_results_free(struct world *world)
{
	struct probe_result *probe_result, *next;

	RB_FOREACH_SAFE(probe_result, awaits_probe, &world->awaits_probe, next)
		probe_result_forget(world, probe_result);
}
