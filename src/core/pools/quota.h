/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_QUOTA_H
#define CORE_POOLS_QUOTA_H

#include "core/base/ips.h"
#include <bsd/sys/tree.h>

/*
 * The pool annotation arplet.io/namespace-quota limits how many addresses of the pool the Services
 * of one namespace use.  An address that several Services of the namespace share counts once.  An
 * address counts as soon as it is decided, before the API server has accepted the write.
 */
struct addr;
struct pool_entry;
struct svc;
struct world;

/* The number of addresses of a pool that a namespace uses; at least 1. */
struct quota_usage {
	RB_ENTRY(quota_usage) link; /* in pool_entry.quota_usages, by namespace */
	char *ns;
	size_t n;
	/*
	 * the text of quota_text() about the users, for Services that use no address of the pool;
	 * NULL: the users have changed.  Without it, each of n waiting Services would search the n
	 * Services of its namespace.
	 */
	char *users;
};
RB_HEAD(quota_usages, quota_usage);

/*
 * quota_count - count that @svc starts (@n is 1) or stops (@n is -1) using @addr.  Call
 * quota_count() while @svc is not in the list of the users of @addr.
 */
void quota_count(struct world *world, const struct addr *addr, const struct svc *svc, int n);
/*
 * quota_is_counted - true if another Service in the namespace of @svc uses @addr, so that @svc can
 * share @addr without using up more of the quota.  If no Service uses the address, @addr is NULL.
 */
bool quota_is_counted(const struct addr *addr, const struct svc *svc);
/*
 * quota_recount - count all addresses again, after the ranges or the quota of @pool have changed.
 */
void quota_recount(struct world *world, struct pool_entry *pool);
/* quota_free - free the counts of @pool. */
void quota_free(struct pool_entry *pool);
/*
 * quota_left - how many addresses of @pool @svc may use in addition to @ips; SIZE_MAX: the pool has
 * no quota.  Addresses that @svc has now and that are not in @ips do not count, because the
 * decision can release them.
 */
size_t quota_left(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, const struct ips *ips);
/*
 * quota_text - a text about the quota of the namespace of @svc and the Services that use the quota,
 * allocated in the arena @mem.
 */
const char *quota_text(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);

#endif
