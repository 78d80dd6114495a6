/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "core/scenario/fake_api.h"

/*
 * What must be true of the API, worked out the slow way: every address of every pool is tried.
 * Pools must be valid and not overlap.  Each returns NULL, or what is wrong, in @mem.
 */

/* check_no_address_twice - has an address been given to two Services that may not share it? */
const char *check_no_address_twice(struct fake_api *api, struct arena *mem);

/* check_all_served - at rest: does a Service lack an address that it could have? */
const char *check_all_served(struct fake_api *api, struct arena *mem);

/*
 * check_allocation - while pools do not change: is a status about to be written that gives a Service
 * what a rule keeps from it, or what another asks for that the daemon knew of, which had seen all
 * Services up to the version @seen_version?  @is_cooldown_of: does the address rest for a Service of this key?
 * That one goes before those who ask for it.
 */
const char *check_allocation(struct fake_api *api, const struct action *act, int seen_version,
    bool (*is_cooldown_of)(const struct ip *ip, const char *key), struct arena *mem);

/* cooldown_of_address_ms - how long a released address rests by its pool's rules. */
int64_t cooldown_of_address_ms(struct fake_api *api, const struct ip *ip);

/* check_pool_counts - at rest: are the counts of all pools right? */
const char *check_pool_counts(struct fake_api *api, struct arena *mem);

#endif
