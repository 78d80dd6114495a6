/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBATION_H
#define CORE_ALLOC_PROBATION_H

/* Addresses that were given without the LAN having been asked. */

#include "arplet/mac.h"
#include "core/state/svc.h"

/* probation_begin - @svc is about to get @ips: those of them that are new may be on trial. */
void probation_begin(const struct world *world, struct svc *svc, const struct ips *ips);
/*
 * probation_update - whether a node announces it was looked at: the time runs from the first that does.
 */
void probation_update(const struct world *world, struct svc *svc);
/* probation_on_conflict - the holder reports that @mac has @ip. */
void probation_on_conflict(struct world *world, struct svc *svc, const struct ip *ip,
    const struct mac *mac);
/* probation_has_failed - it does of @ip, which @svc is to leave if there is another. */
bool probation_has_failed(const struct svc *svc, const struct ip *ip);

#endif
