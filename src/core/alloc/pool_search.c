/* SPDX-License-Identifier: Apache-2.0 */
#include "pool_search.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_results.h"
#include "proxy_arp.h"
#include "shared_addrs.h"
#include "sharing.h"

#include <string.h>

bool
pool_auto_allocates(const struct world *world, const struct pool_entry *pool, const struct ip *ip)
{
	return !pool_avoids(pool, ip) && !pool_rules_excluded(&pool->rules, ip) &&
	    !pool_rules_reservation(&pool->rules, ip) && !node_gateway_text(world, ip);
}

/* True if automatic allocation uses none of the addresses from @ip to @ret_last for any Service. */
static bool
is_skipped(const struct world *world, const struct pool_entry *pool, const struct ip *ip,
    struct ip *ret_last)
{
	const struct ip_range *excluded = pool_rules_excluded(&pool->rules, ip);

	*ret_last = excluded ? excluded->last : *ip;
	return excluded || !pool_auto_allocates(world, pool, ip) || cooldown_find(world, ip) ||
	    probe_ip_used(world, ip);
}

bool
pool_search_next(const struct world *world, const struct pool_entry *pool, size_t i,
    struct ip *ip)
{
	const struct addr *used = addrs_from(world, ip); /* the lowest used address >= *ip */

	while (ip_range_contains(&pool->ranges[i], ip)) {
		bool is_used = used && ip_equal(&used->ip, ip);
		struct ip last = *ip;

		if (!is_used && !is_skipped(world, pool, ip, &last))
			return true;
		*ip = last;
		if (ip_next(ip) < 0)
			return false;
		used = is_used ? addrs_next(used) : addrs_from(world, ip);
	}
	return false;
}

/*
 * Finds the lowest free address of range @i and moves pool->search_from to this address.  Returns
 * false if no address is free, or if probes cannot find out which addresses are free.  Returns false and sets pool->awaits_probe if the lowest free
 * address has no probe result yet.
 */
static bool
first_unused(const struct world *world, struct pool_entry *pool, size_t i, struct ip *ret_ip)
{
	struct ip ip = pool->search_from[i];
	bool found = pool_search_next(world, pool, i, &ip);

	pool->search_from[i] = ip;
	if (!found || proxy_arp_refuses(world, pool, &ip))
		return false;
	pool->awaits_probe = probe_state(world, &ip) == PROBE_UNKNOWN;
	if (pool->awaits_probe && probe_results_full(world))
		return pool->awaits_probe = false; /* the address is not probed */
	*ret_ip = ip;
	return !pool->awaits_probe;
}

/* True if automatic allocation may assign @addr, which other Services use, to @svc too. */
static bool
may_share(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    const struct addr *addr, bool quota_used)
{
	const struct meta *meta = &svc->e.obj->meta;

	if (pool_avoids(pool, &addr->ip) || pool_rules_excluded(&pool->rules, &addr->ip) ||
	    node_gateway_text(world, &addr->ip) || probe_ip_used(world, &addr->ip) ||
	    !sharing_admits(world, svc, addr, NULL) || (quota_used && !quota_is_counted(addr, svc)))
		return false;
	return !pool_rules_reservation(&pool->rules, &addr->ip) ||
	    pool_rules_reserved_for(&pool->rules, &addr->ip, meta->ns, meta->name);
}

/*
 * How many addresses with the key of a Service are tried.  A Service that can share none of the
 * lowest ones gets a free address: otherwise n Services with one key and one port would try n
 * addresses each.
 */
#define TRIES_MAX 128

struct shared_search {
	const struct world *world;
	const struct pool_entry *pool;
	const struct ip_range *range;
	const struct svc *svc;
	const struct ip *limit; /* only addresses up to this one; NULL: no limit */
	bool quota_used;
	unsigned int tries;
};

/*
 * Tries the addresses that Services of the namespace @ns with the same key use; @ns NULL: of all
 * namespaces.  Sets @ret_ip to the lowest that can be shared.
 */
static bool
try_shared(struct shared_search *search, const char *ns, struct ip *ret_ip)
{
	const char *key = svc_spec(search->svc)->share->key;
	const struct shared_addr *at = shared_addrs_from(search->world, key, ns ? ns : "",
	    &search->range->first);
	bool found = false;

	for (; at && strcmp(at->key, key) == 0 && search->tries < TRIES_MAX;
	     at = shared_addrs_next(at)) {
		if (ns && (strcmp(at->ns, ns) != 0 || !ip_range_contains(search->range, &at->ip)))
			break;
		search->tries++;
		world_work(search->world, 10);
		if (!ip_range_contains(search->range, &at->ip) ||
		    (search->limit && ip_cmp(&at->ip, search->limit) > 0) ||
		    (found && ip_cmp(&at->ip, ret_ip) > 0) ||
		    !may_share(search->world, search->pool, search->svc,
		    addrs_find(search->world, &at->ip), search->quota_used))
			continue;
		*ret_ip = at->ip;
		found = true;
		if (ns)
			break; /* the next addresses are higher */
	}
	return found;
}

/*
 * Finds the lowest address of range @i that @svc may share, up to the address @limit (NULL: no
 * limit).
 */
static bool
first_shared(const struct world *world, const struct pool_entry *pool, size_t i,
    const struct svc *svc, bool quota_used, const struct ip *limit, struct ip *ret_ip)
{
	struct shared_search search = { world, pool, &pool->ranges[i], svc, limit, quota_used, 0 };
	bool found = try_shared(&search, svc->e.obj->meta.ns, ret_ip);
	struct ip other;

	if (pool->rules.share_namespaces == SHARE_NO_NAMESPACES)
		return found;
	search.tries = 0;
	if (try_shared(&search, NULL, &other) && (!found || ip_cmp(&other, ret_ip) < 0)) {
		*ret_ip = other;
		found = true;
	}
	return found;
}

bool
pool_search(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool quota_used, struct ip *ret_ip)
{
	pool->awaits_probe = false;
	for (size_t i = 0; i < pool->n_ranges && !pool->alloc_refusal; i++) {
		struct ip ip;
		bool found;

		if (pool->ranges[i].first.family != family)
			continue;
		found = !quota_used && first_unused(world, pool, i, &ip);
		if (svc_spec(svc)->share &&
		    first_shared(world, pool, i, svc, quota_used, found ? &ip : NULL, ret_ip))
			return true;
		if (found) {
			*ret_ip = ip;
			return true;
		}
		if (pool->awaits_probe)
			return false; /* wait for the probe result, which arrives in 0.1 s */
	}
	return false;
}
