/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_QUOTA_H
#define CORE_POOLS_QUOTA_H

#include "core/base/ips.h"
#include <bsd/sys/tree.h>

struct addr;
struct pool_entry;
struct svc;
struct world;

/* How many addresses of a pool a namespace uses. */
struct quota_usage {
	RB_ENTRY(quota_usage) link;
	char *ns;
	size_t n;
};
RB_HEAD(quota_usages, quota_usage);

/* quota_count - @svc comes to be one of those on @addr (1), or was (-1). */
void quota_count(struct world *world, const struct addr *addr, const struct svc *svc, int n);
/* quota_is_counted - does another Service of the same namespace use @addr (NULL: nobody does)? */
bool quota_is_counted(const struct addr *addr, const struct svc *svc);
/* quota_recount - anew, after the blocks or the quota of the pool have changed. */
void quota_recount(struct world *world, struct pool_entry *pool);
void quota_free(struct pool_entry *pool);
/* quota_left - how many addresses of @pool @svc may have beside @ips; SIZE_MAX: any. */
size_t quota_left(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, const struct ips *ips);
/* quota_text - "namespace ... may have so many, which are used by ...", in @mem. */
const char *quota_text(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);

#endif
