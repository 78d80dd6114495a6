/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_SHARING_H
#define CORE_ALLOC_SHARING_H

#include "core/state/svc.h"

/* Which Services may share an address (metallb.io/allow-shared-ip). */

/*
 * The highest number of Services to which arplet allocates one address.  The limit bounds the work
 * for one decision about a shared address.
 */
#define SHARERS_MAX 1024

/*
 * sharing_allowed - true if @a and @b may share @ip.  Both need the same value of
 * metallb.io/allow-shared-ip, and they must not have a port in common.  Both need
 * externalTrafficPolicy Cluster, or both Local with the same selector, because their traffic must
 * go to the same nodes.  All this is as in MetalLB.
 *
 * Unlike in MetalLB, both must be of one namespace, because the sharing key is no secret: without
 * this rule, one tenant could use the address of another.  One exception: the annotation
 * arplet.io/share-across-namespaces of the pool allows it.  Another exception: if both have @ip in
 * their statuses, they keep it.
 */
bool sharing_allowed(const struct world *world, const struct svc *a, const struct svc *b,
    const struct ip *ip);
/*
 * sharing_admits - true if @svc may share @addr with all other users of @addr.  If false, sets
 * @ret_other (NULL is allowed) to the oldest Service that cannot share @addr with @svc.
 */
bool sharing_admits(const struct world *world, const struct svc *svc, const struct addr *addr,
    const struct svc **ret_other);
/*
 * sharing_hint - how the user can let @svc share @ip with @other, which uses @ip: a phrase that
 * follows "is in use by Service d/a".  It is allocated in @mem or a constant string.
 */
const char *sharing_hint(const struct world *world, const struct svc *svc, const struct svc *other,
    const struct ip *ip, struct arena *mem);
/*
 * sharing_prior_user - a Service that cannot share @addr with @svc and has precedence over @svc, so
 * that @svc must release @addr; or NULL.
 */
const struct svc *sharing_prior_user(const struct world *world, const struct svc *svc,
    const struct addr *addr);
/*
 * sharing_clashes - true if @svc has an address that it may not share with another user of the
 * address.
 */
bool sharing_clashes(const struct world *world, const struct svc *svc);

#endif
