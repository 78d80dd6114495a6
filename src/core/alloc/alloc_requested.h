/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_REQUESTED_H
#define CORE_ALLOC_ALLOC_REQUESTED_H

#include "alloc_ctx.h"

struct pool_entry;

/* find_reserved - the addresses that pools reserve for the Service, at most one a family. */
void find_reserved(struct alloc_ctx *ctx);
/* reservation_refusal - NULL, or whom @ip is for. */
const char *reservation_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool,
    const struct ip *ip);
/* alloc_requested, alloc_reserved - NULL if the Service can have them, else why not. */
const char *alloc_requested(const struct alloc_ctx *ctx, struct ips *ret_ips);
const char *alloc_reserved(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
