/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "core/scenario/fake_api.h"

/*
 * Checks of the objects in the API, by the rules in model.h.  The pools must be valid, and must not
 * overlap.  Each check returns NULL if the rules hold, or a text that describes the error.  The text
 * is allocated in the arena @mem.
 */

/* check_no_address_twice - at any time, fails if two Services share an address but may not. */
const char *check_no_address_twice(struct fake_api *api, struct arena *mem);

/* check_all_served - when the daemons are idle, fails if a Service could have more addresses. */
const char *check_all_served(struct fake_api *api, struct arena *mem);

/*
 * check_allocation - runs before a write of a Service's status, while pools do not change.  Fails
 * if the status violates a rule of a pool, or contains an address that another Service requests.  A
 * request counts if the daemon had received it: the resourceVersion of its Service is @seen_version
 * or less.  In a cooldown, only the former Service may get the address: @is_cooldown_of() returns
 * true for the key of the former Service.
 */
const char *check_allocation(struct fake_api *api, const struct action *act, int seen_version,
    bool (*is_cooldown_of)(const struct ip *ip, const char *key), struct arena *mem);

/* cooldown_of_address_ms - returns the length of the cooldown of @ip, by its pool's rules. */
int64_t cooldown_of_address_ms(struct fake_api *api, const struct ip *ip);

/* check_pool_counts - when the daemons are idle, fails if a count in a pool's status is wrong. */
const char *check_pool_counts(struct fake_api *api, struct arena *mem);

#endif
