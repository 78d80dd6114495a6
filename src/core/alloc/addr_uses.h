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
 * addr_uses_seen - @svc has another resourceVersion now, so the API server refuses all earlier
 * writes.  Returns true if @svc did not get an address that was sent, so that the address may be
 * free.
 */
bool addr_uses_seen(struct svc *svc);
/*
 * addr_uses_deleted - @svc was deleted: assume that the API server had accepted the addresses that
 * were sent.
 */
void addr_uses_deleted(struct svc *svc);
/*
 * addr_uses_outdated - true if an address that is no longer part of the decision was sent to the
 * API server.
 */
bool addr_uses_outdated(const struct svc *svc);

#endif
