/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBATION_H
#define CORE_ALLOC_PROBATION_H

#include "arplet/mac.h"
#include "core/state/svc.h"

/*
 * Probation: an allocator whose node is not on the LAN of an address cannot probe the address
 * before it allocates the address.  The holder of the address is on the LAN and probes the address
 * when it claims the address (RFC 5227). If the holder reports another host before it has announced
 * the address for 10 seconds, the Service gets another address: no client relies on the first one
 * yet.
 */

/*
 * probation_begin - @svc is about to get @ips: put new addresses that were not probed on probation.
 */
void probation_begin(const struct world *world, struct svc *svc, const struct ips *ips);
/* probation_update - start the time of the probation once a node announces the Service. */
void probation_update(const struct world *world, struct svc *svc);
/*
 * probation_on_conflict - the holder reports that the host @mac uses @ip.  If @ip is on probation,
 * the probation fails, and @ip counts as used by that host.
 */
void probation_on_conflict(struct world *world, struct svc *svc, const struct ip *ip,
    const struct mac *mac);
/* probation_has_failed - true if @ip has failed its probation, and the Service still has it. */
bool probation_has_failed(const struct svc *svc, const struct ip *ip);

#endif
