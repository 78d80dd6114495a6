/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_ELIGIBILITY_H
#define CORE_ELIGIBILITY_ELIGIBILITY_H

#include "core/state/svc.h"

/*
 * Which nodes are eligible to announce the addresses of a Service, according to the objects of the
 * Kubernetes API.  A node is eligible only if an advertisement selects the node, and no label,
 * condition or option excludes it.  With externalTrafficPolicy: Local, the node must also have a
 * serving endpoint.
 */

struct pool_entry;

struct eligibility {
	const char *why;       /* why no node is eligible, node by node; NULL: a node is eligible */
	bool no_endpoint;      /* true if why has only one reason: no endpoint is ready */
	const char *node;      /* an eligible node; in the dry run the first in rank; NULL: none */
	struct strings ifaces; /* interfaces that the advertisements name; empty: any */
};
/*
 * eligibility_decide - find an eligible node for @svc, which has the addresses @ips.  The result
 * also lists the interfaces of the node @self (NULL: of the eligible node).
 */
void eligibility_decide(const struct world *world, const struct svc *svc, const struct ips *ips,
    const char *self, struct arena *mem, struct eligibility *ret_eligibility);

/*
 * eligibility_ifaces - true if an advertisement lets this node announce the addresses of @pool.
 * @ret_ifaces: the interfaces that the advertisements name; empty: any.
 */
bool eligibility_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces);

/* eligibility_may_hold, eligibility_may_keep, eligibility_each_candidate - see world.h. */
bool eligibility_may_hold(const struct world *world, const struct ip *ip, const char *node);
bool eligibility_may_keep(const struct world *world, const struct ip *ip);
void eligibility_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg);

#endif
