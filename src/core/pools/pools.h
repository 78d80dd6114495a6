/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOLS_H
#define CORE_POOLS_POOLS_H

#include "core/pools/pool_rules.h"
#include "core/pools/quota.h"
#include "core/state/store.h"

/* The pools in force. */

struct svc;
struct world;

struct pool_entry {
	struct config c;
	struct ip_range *ranges;
	struct ip *search_from; /* per range: every address before it is in use, or not to be given */
	size_t n_ranges;
	struct pool_rules rules;
	bool bad_annotations;          /* what is in force has annotations that make no sense: no rules */
	bool has_node_gateway;        /* addresses of the network itself are in it */
	struct quota_usages quota_usages;  /* with a quota alone */
	struct pool_counts counts;
	bool awaits_probe; /* the last pick found an address of which is not known that it is free */
	const char *alloc_refusal; /* why it gives nothing new, while what it gave stays; NULL: it does */
	bool counts_written;   /* the counts have gone out since they changed */
	int64_t counts_after_ms; /* they do not go out before this */
};

/* The pools of a world. */
struct pools {
	struct pool_entry **v; /* with a specification in force, in the order of allocation */
	size_t n;
	bool changed; /* a specification has changed: pools_reconfigure() is due */
	bool has_unusable;  /* a pool has no good specification */
	bool has_quota;  /* a pool has a quota */
	bool created;    /* a pool was created before grace_until_ms */
	/*
	 * At a start without pools, Services keep addresses that are in no pool until then, because
	 * the pools are about to be created.  0: not decided yet; -1: over.
	 */
	int64_t grace_until_ms;
};

struct pools *pools_new(void);
void pools_free(struct pools *pools);

struct pool_entry *pools_containing(const struct world *world, const struct ip *ip);
struct pool_entry *pools_named(const struct world *world, const char *name);
/* pool_svc_refusal - NULL if the pool may serve the Service, else why not, in @mem. */
const char *pool_svc_refusal(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);
/* pool_awaits_ns - do the labels of @ns matter to the pool, and are not known? */
bool pool_awaits_ns(const struct world *world, const struct pool_entry *pool, const char *ns);
/* pool_avoids - true if avoidBuggyIPs of @pool rules out @ip, an IPv4 address that ends in .0 or .255. */
bool pool_avoids(const struct pool_entry *pool, const struct ip *ip);
/* pool_reconsider - @ip, passed over so far, may be given now. */
void pool_reconsider(struct world *world, const struct ip *ip);

#endif
