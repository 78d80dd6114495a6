/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_POOL_SEARCH_H
#define CORE_ALLOC_POOL_SEARCH_H

#include "arplet/ip.h"

/* The search of a pool for an address that a Service can get without a request by name. */
struct pool_entry;
struct svc;
struct world;

/*
 * pool_auto_allocates - true if the pool's rules leave @ip to automatic allocation: not excluded,
 * not reserved, no node or gateway address, and not ruled out by avoidBuggyIPs.
 */
bool pool_auto_allocates(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * pool_search - find the lowest address of @family for @svc: a free one, or one in use that @svc
 * may share.  @quota_used: only an address that already counts for the namespace of @svc.  Returns
 * false if no address is left, or (pool->awaits_probe) if the next free address has no probe result
 * yet.
 */
bool pool_search(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool quota_used, struct ip *ret_ip);
/*
 * pool_search_next - move @ip to the first address in range @i, from @ip on, that is not in use and
 * that automatic allocation may use.  Returns false if the range has no such address.
 */
bool pool_search_next(const struct world *world, const struct pool_entry *pool, size_t i,
    struct ip *ip);

#endif
