/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ADDR_PROBATION_H
#define CORE_ALLOC_ADDR_PROBATION_H

#include "arplet/mac.h"
#include "core/state/svc.h"

/*
 * Probation: an allocator whose node is not on the LAN of an address cannot probe the address
 * before it allocates the address.  The holder of the address is on the LAN and probes the address
 * when it claims the address (RFC 5227).  If the holder reports a conflicting host in the first 10
 * seconds, the Service gets another address, because no client relies on the new address yet.
 */

/*
 * probation_begin - put an address of @ips on probation if arplet chose the address for @svc, the
 * address is new for @svc, and this node has no link on which it can probe the address.
 */
void probation_begin(const struct world *world, struct svc *svc, const struct ips *ips);
/* probation_update - start the 10 seconds of the probation once a node announces @svc. */
void probation_update(const struct world *world, struct svc *svc);
/*
 * probation_on_conflict - handle a holder's report that the host @mac uses @ip.  If @ip is on
 * probation, the probation fails, and arplet regards @ip as used by @mac.
 */
void probation_on_conflict(struct world *world, struct svc *svc, const struct ip *ip,
    const struct mac *mac);
/* probation_has_failed - true if @ip has failed its probation, and @svc has no replacement yet. */
bool probation_has_failed(const struct svc *svc, const struct ip *ip);

#endif
