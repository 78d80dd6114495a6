/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ADDR_USES_H
#define CORE_ALLOC_ADDR_USES_H

#include "core/state/svc.h"

/*
 * Which Services use which addresses (struct addr_use).  A Service uses the addresses in its
 * status, the addresses of its decision, and the addresses in writes that the API server may still
 * accept.
 */

/*
 * addr_uses_update - add and remove addresses that @svc uses, after its status or its decision has
 * changed.
 */
void addr_uses_update(struct world *world, struct svc *svc);
/*
 * addr_uses_mark_others - add MARK_ALLOC to @svc and to all Services that share an address with
 * @svc.
 */
void addr_uses_mark_others(struct world *world, const struct svc *svc);
/* addr_uses_sent - record that a write of the decision for @svc was sent. */
void addr_uses_sent(struct svc *svc);
/*
 * addr_uses_seen - handle a new resourceVersion of @svc: the API server now refuses all writes that
 * were sent before.  Returns true if one of these writes contained an address that is not in the
 * status of @svc: the API server cannot accept this write any more, so the address may be free.
 */
bool addr_uses_seen(struct svc *svc);
/*
 * addr_uses_deleted - handle the deletion of @svc: assume that the API server had accepted every
 * write that was sent.
 */
void addr_uses_deleted(struct svc *svc);
/*
 * addr_uses_outdated - true if the API server may still accept a write with an address that the
 * decision does not contain any more.
 */
bool addr_uses_outdated(const struct svc *svc);

#endif
