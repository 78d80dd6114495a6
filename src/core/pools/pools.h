/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POOLS_H
#define POOLS_H

/* The pools, and what keeps their addresses from being given. */

#include "core/state/world_state.h"

/* pools.c: the pools in force */
struct pool_entry *pools_containing(const struct world *world, const struct ip *ip);
struct pool_entry *pools_named(const struct world *world, const char *name);
/* pool_refuses - NULL if the pool may serve the Service, else why not, in @mem. */
const char *pool_refuses(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);
/* pool_needs_ns - do the labels of @ns matter to the pool, and are not known? */
bool pool_needs_ns(const struct world *world, const struct pool_entry *pool, const char *ns);
/* pool_gives - may this address of the pool be given at all (avoidBuggyIPs)? */
bool pool_gives(const struct pool_entry *pool, const struct ip *ip);
/* pool_reconsider - @ip, passed over so far, may be given now. */
void pool_reconsider(struct world *world, const struct ip *ip);

/* adopt.c */
/* pool_forget - the pool is gone: nothing finds it any more. */
void pool_forget(struct world *world, struct pool_entry *pool);
/* pools_reconfigure - which specifications are in force, after pools have changed. */
void pools_reconfigure(struct world *world);
/* pools_await - is it time to take addresses away that no pool contains? */
void pools_await(struct world *world);
/* pools_node_gateways_changed - which addresses belong to the network is not what it was. */
void pools_node_gateways_changed(struct world *world);

/* pick.c */
/* pool_gives_back - is @ip, which rests, kept from the Service that had it by no other rule? */
bool pool_gives_back(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * pool_search - the lowest address of @family that @svc may have; false: none is left.  @full: of
 * those that its namespace uses already.
 */
bool pool_search(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool full, struct ip *ret_ip);
/* pool_search_next - @ip, or the next of block @i that might be given; false: there is none. */
bool pool_search_next(const struct world *world, const struct pool_entry *pool, size_t i, struct ip *ip);

/* infra.c: addresses that belong to the network itself */
/* node_gateways_update - after nodes or links have changed; says whether these addresses did. */
bool node_gateways_update(struct world *world);
void node_gateways_free(struct world *world);
/* node_gateway_find - NULL, or what follows the address in a sentence. */
const char *node_gateway_find(const struct world *world, const struct ip *ip);
/* pool_node_gateway - NULL, or why the pool does not give @ip although it is asked for by name. */
const char *pool_node_gateway(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/* node_gateways_from - the first that is @ip or greater, up to @ret_end. */
const struct node_gateway *node_gateways_from(const struct world *world, const struct ip *ip,
    const struct node_gateway **ret_end);

/* rest.c: released addresses at rest */
/* cooldown_begin - @owner was the last to use @ip: dated by the next cooldowns_update(). */
void cooldown_begin(struct world *world, const struct ip *ip, const struct meta *owner);
void cooldown_end(struct world *world, const struct ip *ip);
const struct cooldown *cooldown_find(const struct world *world, const struct ip *ip);
/* cooldown_of - the first that a Service of this name had, or NULL; cooldown_next - the one after it. */
const struct cooldown *cooldown_of(const struct world *world, const struct meta *meta);
const struct cooldown *cooldown_next(const struct cooldown *cooldown);
bool cooldown_is_of(const struct cooldown *cooldown, const struct meta *meta);
/* cooldowns_update - those that began are dated, those that are over end. */
void cooldowns_update(struct world *world);
/* cooldowns_pools_changed - how long they last is looked up anew. */
void cooldowns_pools_changed(struct world *world);
int64_t cooldowns_next_ms(const struct world *world); /* when the next is over; INT64_MAX: never */
void cooldowns_free(struct world *world);

/* quota.c */
/* quota_moved - @svc comes to be one of those on @addr (1), or was (-1). */
void quota_moved(struct world *world, const struct addr *addr, const struct svc *svc, int n);
/* quota_counted - does another Service of the same namespace use @addr (NULL: nobody does)? */
bool quota_counted(const struct addr *addr, const struct svc *svc);
/* quota_recount - anew, after the blocks or the quota of the pool have changed. */
void quota_recount(struct world *world, struct pool_entry *pool);
void quota_forget(struct pool_entry *pool);
/* quota_room - how many addresses of @pool @svc may have beside @ips; SIZE_MAX: any. */
size_t quota_room(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, const struct ips *ips);
/* quota_text - "namespace ... may have so many, which are used by ...", in @mem. */
const char *quota_text(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);

/* counts.c */
/* pool_count - @n addresses such as @ip more (or fewer) are in use. */
void pool_count(const struct world *world, struct pool_entry *pool, const struct ip *ip,
    int64_t n);
/* pool_recount - counts from nothing: after the blocks of the pool have changed. */
void pool_recount(const struct world *world, struct pool_entry *pool);
/* pool_counts_write - write those that are not as the pool's status has them, where it is time to. */
void pool_counts_write(struct world *world, struct plan *plan);
/* pool_counts_next_ms - when that time comes for those that wait for it; INT64_MAX: none does. */
int64_t pool_counts_next_ms(const struct world *world);

#endif
