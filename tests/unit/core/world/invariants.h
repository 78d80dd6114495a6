/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "core/scenario/fake_api.h"

/*
 * Invariants of the objects in the API, checked against the model (model.h).  Pools must be valid
 * and must not overlap.  Each check returns NULL, or a description of the violation in @mem.
 */

/* check_no_address_twice - at any time: Services share an address only if they may share it. */
const char *check_no_address_twice(struct fake_api *api, struct arena *mem);

/* check_all_served - when the daemons are idle: Services have the addresses that they could have. */
const char *check_all_served(struct fake_api *api, struct arena *mem);

/*
 * check_allocation - before a write of a status, while pools do not change: the status violates no
 * rule of a pool.  It also takes no address that another Service requests, if the daemon had
 * received that Service: its resourceVersion is @seen_version or less.  One exception: a Service
 * takes an address in the cooldown that was its own, which @is_cooldown_of() tells by its key.
 */
const char *check_allocation(struct fake_api *api, const struct action *act, int seen_version,
    bool (*is_cooldown_of)(const struct ip *ip, const char *key), struct arena *mem);

/* cooldown_of_address_ms - returns the cooldown of @ip, by the rules of its pool. */
int64_t cooldown_of_address_ms(struct fake_api *api, const struct ip *ip);

/* check_pool_counts - when the daemons are idle: the counts in the status of pools are right. */
const char *check_pool_counts(struct fake_api *api, struct arena *mem);

#endif
