/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_POOL_SEARCH_H
#define CORE_ALLOC_POOL_SEARCH_H

#include "arplet/ip.h"

struct pool_entry;
struct svc;
struct world;

/* pool_auto_allocates - is @ip, which rests, kept from the Service that had it by no other rule? */
bool pool_auto_allocates(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * pool_search - the lowest address of @family that @svc may have; false: none is left.  @full: of
 * those that its namespace uses already.
 */
bool pool_search(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool full, struct ip *ret_ip);
/* pool_search_next - @ip, or the next of block @i that might be given; false: there is none. */
bool pool_search_next(const struct world *world, const struct pool_entry *pool, size_t i, struct ip *ip);

#endif
