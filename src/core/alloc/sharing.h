/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_SHARING_H
#define CORE_ALLOC_SHARING_H

#include "core/state/svc.h"

/* Which Services may share an address (metallb.io/allow-shared-ip). */

/*
 * sharing_allowed - true if @a and @b may share an address, as in MetalLB.  Both need the same
 * value of metallb.io/allow-shared-ip, and they must not have a port in common.  Both need
 * externalTrafficPolicy Cluster, or both Local with the same selector, because their traffic must
 * go to the same nodes.
 */
bool sharing_allowed(const struct service *a, const struct service *b);
/*
 * sharing_admits - true if @svc may share @addr with all other users of @addr.  If false, sets
 * @ret_other (NULL is allowed) to the oldest Service that cannot share @addr with @svc.
 */
bool sharing_admits(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/*
 * sharing_prior_user - a Service that cannot share @addr with @svc and has precedence over @svc, so
 * that @svc must release @addr; or NULL.
 */
const struct svc *sharing_prior_user(const struct svc *svc, const struct addr *addr);
/*
 * sharing_clashes - true if @svc has an address that it may not share with another user of the
 * address.
 */
bool sharing_clashes(const struct svc *svc);

#endif
