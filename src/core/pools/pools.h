/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOLS_H
#define CORE_POOLS_POOLS_H

#include "core/pools/pool_rules.h"
#include "core/pools/quota.h"
#include "core/state/store.h"

/* The IPAddressPools whose specification is in force. */

struct svc;
struct world;

struct pool_entry {
	struct config c;
	struct ip_range *ranges; /* spec.addresses */
	/*
	 * For each range, the address at which a search for a free address starts.  No lower
	 * address of the range is free for automatic allocation. pool_reconsider() sets search_from
	 * to a lower address when that address becomes free.  With search_from, the dry run of
	 * 10,000 Services takes 0.3 s; without search_from, 1.7 s.
	 */
	struct ip *search_from;
	size_t n_ranges;
	struct pool_rules rules;
	bool bad_annotations; /* an annotation is invalid, so the member rules is empty */
	struct quota_usages quota_usages; /* usage by namespace; empty: no quota */
	struct pool_counts counts;        /* for the pool's status */
	bool counts_written; /* the status has these counts, or a write of them was sent */
	int64_t counts_after_ms;          /* earliest next write of the counts, monotonic ms */
	bool awaits_probe; /* the last search stopped at an address without a probe result */
	const char *alloc_refusal; /* why the pool allocates no new address; NULL: it allocates */
};

/* The pools of a world. */
struct pools {
	struct pool_entry **v; /* pools with a specification in force, in the order of allocation */
	size_t n;
	bool changed;      /* a specification has changed: pools_reconfigure() is due */
	bool has_unusable; /* a pool has no usable specification */
	bool created;      /* a pool was created in the grace period */
	/*
	 * The end of the grace period, monotonic ms. 0: not decided yet; -1: the grace period is
	 * over.  In the grace period, Services keep addresses that no pool contains.  There is a
	 * grace period if the cluster has no pool when the daemon starts, because users could be
	 * about to create pools.
	 */
	int64_t grace_until_ms;
};

/* pools_new - an empty set of pools; pools_free() frees it. */
struct pools *pools_new(void);
void pools_free(struct pools *pools);

/* pools_containing - the pool in force that contains @ip, or NULL. */
struct pool_entry *pools_containing(const struct world *world, const struct ip *ip);
/* pools_named - the pool in force with the name @name, or NULL. */
struct pool_entry *pools_named(const struct world *world, const char *name);
/*
 * pool_svc_refusal - NULL, or why spec.serviceAllocation of @pool excludes @svc; the text can be in
 * @mem.
 */
const char *pool_svc_refusal(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);
/*
 * pool_awaits_ns - true if arplet does not know yet whether @pool serves the Namespace @ns: only
 * the namespaceSelectors of @pool could match @ns, and the labels of @ns are not known yet.
 */
bool pool_awaits_ns(const struct world *world, const struct pool_entry *pool, const char *ns);
/* pool_avoids - true if avoidBuggyIPs rules out @ip: an IPv4 address that ends in .0 or .255. */
bool pool_avoids(const struct pool_entry *pool, const struct ip *ip);
/* pool_reconsider - let the next search find @ip, which could be free now. */
void pool_reconsider(struct world *world, const struct ip *ip);

#endif
