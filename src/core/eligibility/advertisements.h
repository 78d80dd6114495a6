/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_ADVERTISEMENTS_H
#define CORE_ELIGIBILITY_ADVERTISEMENTS_H

#include "core/state/svc.h"

/* Which L2Advertisements cover a pool and a Service, and which nodes and interfaces they name. */

struct pool_entry;

struct advs {
	const struct l2adv **v; /* allocated in an arena; valid until the world changes */
	size_t n;
};

/* advs_covering - find the advertisements that cover @pool for the Service @svc (NULL: for any). */
void advs_covering(const struct world *world, const struct pool_entry *pool, const struct meta *svc,
    struct arena *mem, struct advs *ret_advs);
/*
 * advs_none_text - the message about a pool that no advertisement covers.  The message says why
 * each advertisement does not cover the pool, or that the user must create an advertisement.
 */
const char *advs_none_text(const struct world *world, const struct pool_entry *pool,
    const struct meta *svc, struct arena *mem);
/* advs_select - true if one of @advs selects a node with @labels. */
bool advs_select(const struct advs *advs, const struct labels *labels);
/*
 * advs_ifaces - find the interfaces that @advs name for a node with @labels; empty: any interface.
 */
void advs_ifaces(const struct advs *advs, const struct labels *labels, struct arena *mem,
    struct strings *ret);

#endif
