/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_COUNTS_H
#define CORE_POOLS_POOL_COUNTS_H

#include "arplet/ip.h"

struct plan;
struct pool_entry;
struct world;

/* pool_count_assigned - @n addresses such as @ip more (or fewer) are in use. */
void pool_count_assigned(const struct world *world, struct pool_entry *pool, const struct ip *ip,
    int64_t n);
/* pool_recount - counts from nothing: after the blocks of the pool have changed. */
void pool_recount(const struct world *world, struct pool_entry *pool);
/* pool_counts_write - write those that are not as the pool's status has them, where it is time to. */
void pool_counts_write(struct world *world, struct plan *plan);
/* pool_counts_next_ms - when that time comes for those that wait for it; INT64_MAX: none does. */
int64_t pool_counts_next_ms(const struct world *world);

#endif
