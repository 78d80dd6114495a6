/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLAIMS_H
#define CLAIMS_H

/* Which Services are on which address. */

#include "world_impl.h"

/* sharing.c: who is on which address, and who may join */
struct addr *claims_find(const struct world *world, const struct ip *ip);
struct addr *claims_from(const struct world *world, const struct ip *ip); /* it or the next */
struct addr *claims_next(const struct addr *addr);
/*
 * claims_shareable - may the two be on one address?  The same non-empty key, no port in common, and
 * traffic that goes to the same nodes (both policies Cluster, or both Local with the same
 * selector).
 */
bool claims_shareable(const struct service *a, const struct service *b);
/* claims_allow - may @svc use @addr beside its other users?  If not, the oldest in its way. */
bool claims_allow(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/* claims_yield - must @svc leave @addr to another user, who was there before?  NULL: no. */
const struct svc *claims_yield(const struct svc *svc, const struct addr *addr);
/* claims_clash - is @svc on an address with a Service that it may not share it with? */
bool claims_clash(const struct svc *svc);

/* claims.c: how claims come and go */
/* claims_update - make the claims of @svc its status and what is decided for it. */
void claims_update(struct world *world, struct svc *svc);
/* claims_mark_fellows - look again at the Services on the addresses of @svc, and at itself. */
void claims_mark_fellows(struct world *world, const struct svc *svc);
/* claims_sent - what is decided for @svc goes out in a write. */
void claims_sent(struct svc *svc);
/*
 * claims_settled - the Service was seen at another version: no earlier write can be accepted.
 * True when one was not: who asks for its address may have that now.
 */
bool claims_settled(struct svc *svc);
/* claims_forgotten - the Service is gone: what went out may have been accepted before. */
void claims_forgotten(struct svc *svc);
/* claims_outdated - may an address be written that is not what is decided any more? */
bool claims_outdated(const struct svc *svc);

#endif
