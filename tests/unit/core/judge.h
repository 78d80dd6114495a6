/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_H
#define JUDGE_H

#include "api.h"

/*
 * What must be true of the API, worked out the slow way: every address of every pool is tried.
 * Pools must be valid and not overlap.  Each returns NULL, or what is wrong, in @mem.
 */

/* judge_twice - has an address been given to two Services that may not share it? */
const char *judge_twice(struct api *api, struct arena *mem);

/* judge_served - at rest: does a Service lack an address that it could have? */
const char *judge_served(struct api *api, struct arena *mem);

/* judge_counts - at rest: are the counts of all pools right? */
const char *judge_counts(struct api *api, struct arena *mem);

#endif
