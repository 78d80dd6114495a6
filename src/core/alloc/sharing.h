/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_SHARING_H
#define CORE_ALLOC_SHARING_H

#include "core/state/svc.h"

/* Which Services may share an address (metallb.io/allow-shared-ip). */

/*
 * sharing_allowed - true if @a and @b may share an address, as in MetalLB: they have the same value
 * of metallb.io/allow-shared-ip and no port in common, and kube-proxy sends their traffic to the
 * same nodes (both have externalTrafficPolicy Cluster, or both Local with the same selector).
 */
bool sharing_allowed(const struct service *a, const struct service *b);
/*
 * sharing_admits - true if @svc may use @addr beside all its other users.  If false, @ret_other
 * (may be NULL) is the oldest user that @svc may not share @addr with.
 */
bool sharing_admits(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/*
 * sharing_prior_user - the user that has precedence over @svc on @addr and does not share it, so
 * that @svc must release the address; or NULL.
 */
const struct svc *sharing_prior_user(const struct svc *svc, const struct addr *addr);
/* sharing_clashes - true if an address of @svc has another user that @svc may not share it with. */
bool sharing_clashes(const struct svc *svc);

#endif
