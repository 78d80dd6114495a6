/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_COUNTS_H
#define CORE_POOLS_POOL_COUNTS_H

#include "arplet/ip.h"

/*
 * The counts in an IPAddressPool's status: assignedIPv4, assignedIPv6, availableIPv4 and
 * availableIPv6.  An address that several Services share counts once.  Addresses that avoidBuggyIPs
 * rules out do not count at all.  Node and gateway addresses do not count as available.
 */
struct plan;
struct pool_entry;
struct world;

/*
 * pool_count_assigned - change the counts of @pool after @ip was assigned (@n is 1) or released (@n
 * is -1).
 */
void pool_count_assigned(const struct world *world, struct pool_entry *pool, const struct ip *ip,
    int64_t n);
/* pool_recount - count the addresses again, after the ranges or the rules of @pool have changed. */
void pool_recount(const struct world *world, struct pool_entry *pool);
/*
 * pool_counts_write - add to @plan a write for each pool whose status has outdated counts.  A pool
 * gets at most one write per world_opts.counts_ms.
 */
void pool_counts_write(struct world *world, struct plan *plan);
/*
 * pool_counts_next_ms - when the next delayed write of counts is due, monotonic; INT64_MAX: never.
 */
int64_t pool_counts_next_ms(const struct world *world);

#endif
