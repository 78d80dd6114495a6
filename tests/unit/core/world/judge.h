/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_H
#define JUDGE_H

#include "core/story/api.h"

/*
 * What must be true of the API, worked out the slow way: every address of every pool is tried.
 * Pools must be valid and not overlap.  Each returns NULL, or what is wrong, in @mem.
 */

/* judge_twice - has an address been given to two Services that may not share it? */
const char *judge_twice(struct api *api, struct arena *mem);

/* judge_served - at rest: does a Service lack an address that it could have? */
const char *judge_served(struct api *api, struct arena *mem);

/*
 * judge_gift - while pools do not change: is a status about to be written that gives a Service
 * what a rule keeps from it, or what another asks for that the daemon knew of, which had seen all
 * Services up to the version @seen?  @rests_for: does the address rest for a Service of this key?
 * That one goes before those who ask for it.
 */
const char *judge_gift(struct api *api, const struct action *act, int seen,
    bool (*rests_for)(const struct ip *ip, const char *key), struct arena *mem);

/* judge_rest_ms - how long a released address rests by its pool's rules. */
int64_t judge_rest_ms(struct api *api, const struct ip *ip);

/* judge_counts - at rest: are the counts of all pools right? */
const char *judge_counts(struct api *api, struct arena *mem);

#endif
