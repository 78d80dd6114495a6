/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLAIMS_H
#define CLAIMS_H

/* Which Services are on which address. */

#include "core/state/world_state.h"

/* sharing.c: who is on which address, and who may join */
struct addr *addrs_find(const struct world *world, const struct ip *ip);
struct addr *addrs_from(const struct world *world, const struct ip *ip); /* it or the next */
struct addr *addrs_next(const struct addr *addr);
/*
 * sharing_allowed - may the two be on one address?  The same non-empty key, no port in common, and
 * traffic that goes to the same nodes (both policies Cluster, or both Local with the same
 * selector).
 */
bool sharing_allowed(const struct service *a, const struct service *b);
/* sharing_admits - may @svc use @addr beside its other users?  If not, the oldest in its way. */
bool sharing_admits(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/* sharing_loses_to - must @svc leave @addr to another user, who was there before?  NULL: no. */
const struct svc *sharing_loses_to(const struct svc *svc, const struct addr *addr);
/* sharing_clashes - is @svc on an address with a Service that it may not share it with? */
bool sharing_clashes(const struct svc *svc);

/* claims.c: how claims come and go */
/* addr_uses_update - make the claims of @svc its status and what is decided for it. */
void addr_uses_update(struct world *world, struct svc *svc);
/* addr_uses_mark_others - look again at the Services on the addresses of @svc, and at itself. */
void addr_uses_mark_others(struct world *world, const struct svc *svc);
/* addr_uses_sent - what is decided for @svc goes out in a write. */
void addr_uses_sent(struct svc *svc);
/*
 * addr_uses_settled - the Service was seen at another version: no earlier write can be accepted.
 * True when one was not: who asks for its address may have that now.
 */
bool addr_uses_settled(struct svc *svc);
/* addr_uses_forgotten - the Service is gone: what went out may have been accepted before. */
void addr_uses_forgotten(struct svc *svc);
/* addr_uses_outdated - may an address be written that is not what is decided any more? */
bool addr_uses_outdated(const struct svc *svc);

#endif
