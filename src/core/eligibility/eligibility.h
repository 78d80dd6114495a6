/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_ELIGIBILITY_H
#define CORE_ELIGIBILITY_ELIGIBILITY_H

#include "arplet/arena.h"
#include "core/state/svc.h"

/* Which nodes may announce an address, by the API. */

struct pool_entry;

struct eligibility {
	const char *why;  /* NULL: some node may announce it; else the cause, for each node */
	bool no_endpoint;        /* ... which is only that no endpoint is ready: Kubernetes' daily life */
	const char *node; /* the first in rank of those that may and are Ready; NULL: none */
	struct strings ifaces; /* that the advertisements name for @self */
};
/* eligibility_decide - @self: the node whose interfaces are asked for; NULL: the one that is found. */
void eligibility_decide(const struct world *world, const struct svc *svc, const struct ips *ips,
    const char *self, struct arena *mem, struct eligibility *ret_holding);

/*
 * eligibility_ifaces - are the addresses of @pool announced from this node, by the advertisements?  In
 * @ret_ifaces the interfaces that these name; none: any.
 */
bool eligibility_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces);

/* eligibility_may_hold, eligibility_may_keep, eligibility_each_candidate - see world.h. */
bool eligibility_may_hold(const struct world *world, const struct ip *ip, const char *node);
bool eligibility_may_keep(const struct world *world, const struct ip *ip);
void eligibility_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg);

#endif
