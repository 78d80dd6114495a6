/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ADDR_USES_H
#define CORE_ALLOC_ADDR_USES_H

#include "core/state/svc.h"

/* How Services come to use addresses and leave them. */

/* addr_uses_update - make the claims of @svc its status and what is decided for it. */
void addr_uses_update(struct world *world, struct svc *svc);
/* addr_uses_mark_others - look again at the Services on the addresses of @svc, and at itself. */
void addr_uses_mark_others(struct world *world, const struct svc *svc);
/* addr_uses_sent - what is decided for @svc goes out in a write. */
void addr_uses_sent(struct svc *svc);
/*
 * addr_uses_seen - the Service was seen at another version: no earlier write can be accepted.
 * True when one was not: who asks for its address may have that now.
 */
bool addr_uses_seen(struct svc *svc);
/* addr_uses_deleted - the Service is gone: what went out may have been accepted before. */
void addr_uses_deleted(struct svc *svc);
/* addr_uses_outdated - may an address be written that is not what is decided any more? */
bool addr_uses_outdated(const struct svc *svc);

#endif
