/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_REQUESTED_H
#define CORE_ALLOC_ALLOC_REQUESTED_H

#include "alloc_ctx.h"

/*
 * Allocation of the addresses that a Service requests (spec.loadBalancerIP,
 * metallb.io/loadBalancerIPs) or that a pool reserves for the Service (arplet.io/reservations).
 */
struct pool_entry;

/*
 * find_reserved - fill ctx->reserved with the addresses reserved for the Service, one per family.
 */
void find_reserved(struct alloc_ctx *ctx);
/* reservation_refusal - NULL, or a text which says that @pool reserves @ip for another Service. */
const char *reservation_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * alloc_requested - allocate the requested addresses.  Returns NULL, or why the allocation failed.
 */
const char *alloc_requested(const struct alloc_ctx *ctx, struct ips *ret_ips);
/*
 * alloc_reserved - allocate the reserved addresses.  For a family without a reservation, keep the
 * current address or allocate a free address.  Returns NULL, or why the allocation failed.
 */
const char *alloc_reserved(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
