/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ADDR_USES_H
#define CORE_ALLOC_ADDR_USES_H

#include "core/state/svc.h"

/*
 * Which Services use which addresses (struct addr_use).  A Service uses the addresses in its
 * status, those of its decision, and those of writes that the API server may still accept.
 */

/* addr_uses_update - add and remove uses of @svc, after its status or its decision has changed. */
void addr_uses_update(struct world *world, struct svc *svc);
/* addr_uses_mark_others - mark MARK_ALLOC on all users of the addresses of @svc, and on @svc. */
void addr_uses_mark_others(struct world *world, const struct svc *svc);
/* addr_uses_sent - a write of the decision for @svc was sent. */
void addr_uses_sent(struct svc *svc);
/*
 * addr_uses_seen - the Service was seen at another resourceVersion, so the API server cannot accept
 * an earlier write any more.  Returns true if the API server did not accept an address that was
 * sent: the address may be free.
 */
bool addr_uses_seen(struct svc *svc);
/* addr_uses_deleted - the Service was deleted; the API server may have accepted a write before. */
void addr_uses_deleted(struct svc *svc);
/*
 * addr_uses_outdated - true if a write may bring an address that is no longer part of the decision.
 */
bool addr_uses_outdated(const struct svc *svc);

#endif
