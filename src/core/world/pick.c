/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "claims.h"
#include "pools.h"

/*
 * Which addresses of a pool may be given, and the choice of one.
 *
 * A pool remembers for each of its blocks how far it has been searched (hints): every address
 * before that is in use, or held back from automatic allocation.  Whatever changes that says so to
 * pool_reconsider().
 */

bool
pool_gives_back(const struct world *world, const struct pool_entry *pool, const struct ip *ip)
{
	return pool_gives(pool, ip) && !rules_excluded(&pool->rules, ip) &&
	    !rules_reserved(&pool->rules, ip) && !infra_find(world, ip);
}

/* Is @ip kept from automatic allocation, whoever it is for?  @ret_last: up to there, surely. */
static bool
held_back(const struct world *world, const struct pool_entry *pool, const struct ip *ip,
    struct ip *ret_last)
{
	const struct ip_range *excluded = rules_excluded(&pool->rules, ip);

	*ret_last = excluded ? excluded->last : *ip;
	return excluded || !pool_gives_back(world, pool, ip) || rest_find(world, ip) ||
	    check_refuses(world, ip);
}

bool
pick_next(const struct world *world, const struct pool_entry *pool, size_t i, struct ip *ip)
{
	const struct addr *used = claims_from(world, ip); /* at or behind *ip */

	while (ip_range_contains(&pool->ranges[i], ip)) {
		bool is_used = used && ip_equal(&used->ip, ip);
		struct ip last = *ip;

		if (!is_used && !held_back(world, pool, ip, &last))
			return true;
		*ip = last;
		if (ip_next(ip) < 0)
			return false;
		used = is_used ? claims_next(used) : claims_from(world, ip);
	}
	return false;
}

/* The lowest address of block @i that nobody uses; moves the hint there.  False: none. */
static bool
first_unused(const struct world *world, struct pool_entry *pool, size_t i, struct ip *ret_ip)
{
	struct ip ip = pool->hints[i];
	bool found = pick_next(world, pool, i, &ip);

	pool->hints[i] = ip;
	if (!found)
		return false;
	pool->unchecked = check_state(world, &ip) == CHECK_UNKNOWN;
	*ret_ip = ip;
	return !pool->unchecked;
}

/* May @svc share @addr without asking for it? */
static bool
shares(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    const struct addr *addr, bool full)
{
	const struct meta *meta = &svc->e.obj->meta;

	if (!pool_gives(pool, &addr->ip) || rules_excluded(&pool->rules, &addr->ip) ||
	    infra_find(world, &addr->ip) || check_refuses(world, &addr->ip) ||
	    !claims_allow(svc, addr, NULL) || (full && !quota_counted(addr, svc)))
		return false;
	return !rules_reserved(&pool->rules, &addr->ip) ||
	    rules_reserved_for(&pool->rules, &addr->ip, meta->ns, meta->name);
}

/* The lowest address of block @i before @limit that @svc may share; false: none. */
static bool
first_shared(const struct world *world, const struct pool_entry *pool, size_t i,
    const struct svc *svc, bool full, const struct ip *limit, struct ip *ret_ip)
{
	struct addr *addr = claims_from(world, &pool->ranges[i].first);

	for (; addr && ip_range_contains(&pool->ranges[i], &addr->ip); addr = claims_next(addr)) {
		if (limit && ip_cmp(&addr->ip, limit) > 0)
			return false;
		if (shares(world, pool, svc, addr, full)) {
			*ret_ip = addr->ip;
			return true;
		}
	}
	return false;
}

bool
pool_pick(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool full, struct ip *ret_ip)
{
	pool->unchecked = false;
	for (size_t i = 0; i < pool->n_ranges && !pool->closed; i++) {
		struct ip ip;
		bool found;

		if (pool->ranges[i].first.family != family)
			continue;
		found = !full && first_unused(world, pool, i, &ip);
		if (svc_spec(svc)->share &&
		    first_shared(world, pool, i, svc, full, found ? &ip : NULL, ret_ip))
			return true;
		if (found) {
			*ret_ip = ip;
			return true;
		}
		if (pool->unchecked)
			return false; /* in order: the answer comes soon */
	}
	return false;
}
