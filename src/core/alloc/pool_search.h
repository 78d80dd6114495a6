/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_POOL_SEARCH_H
#define CORE_ALLOC_POOL_SEARCH_H

#include "arplet/ip.h"

/* The search in a pool for an address that automatic allocation can use. */
struct pool_entry;
struct svc;
struct world;

/*
 * pool_auto_allocates - true if the pool's rules let automatic allocation use @ip: @ip is not
 * excluded, not reserved, no node or gateway address, and allowed by avoidBuggyIPs.
 */
bool pool_auto_allocates(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * pool_search - find the lowest address of @family for @svc: a free address, or a used address that
 * @svc may share.  If the quota is used up (@quota_used), the address must already count for the
 * namespace of @svc.  Returns false if the pool has no address for @svc.  Returns false and sets
 * pool->awaits_probe if the lowest free address has no probe result yet.
 */
bool pool_search(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool quota_used, struct ip *ret_ip);
/*
 * pool_search_next - set @ip to the lowest unused address of range @i that is >= @ip and that
 * automatic allocation may use.  Returns false if range @i has no such address.
 */
bool pool_search_next(const struct world *world, const struct pool_entry *pool, size_t i,
    struct ip *ip);

#endif
