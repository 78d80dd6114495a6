/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_SHARING_H
#define CORE_ALLOC_SHARING_H

#include "core/state/svc.h"

/* Which Services may be on one address. */

/*
 * sharing_allowed - may the two be on one address?  The same non-empty key, no port in common, and
 * traffic that goes to the same nodes (both policies Cluster, or both Local with the same
 * selector).
 */
bool sharing_allowed(const struct service *a, const struct service *b);
/* sharing_admits - may @svc use @addr beside its other users?  If not, the oldest in its way. */
bool sharing_admits(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/* sharing_prior_user - must @svc leave @addr to another user, who was there before?  NULL: no. */
const struct svc *sharing_prior_user(const struct svc *svc, const struct addr *addr);
/* sharing_clashes - is @svc on an address with a Service that it may not share it with? */
bool sharing_clashes(const struct svc *svc);

#endif
