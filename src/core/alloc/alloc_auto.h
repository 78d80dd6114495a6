/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_AUTO_H
#define CORE_ALLOC_ALLOC_AUTO_H

#include "alloc_ctx.h"

/* Automatic allocation: the allocator chooses the addresses. */

/*
 * alloc_auto - allocate free addresses for the Service's families.  The addresses come from the
 * first pool that has a free address of each family.  If no pool has a free address of each family,
 * the addresses may be from different pools (MetalLB requires one pool).  Returns NULL, or a text
 * that says for each pool why the pool has no address.
 */
const char *alloc_auto(const struct alloc_ctx *ctx, struct ips *ret_ips);
/*
 * alloc_cooled_down - allocate addresses in cooldown that this Service, or a deleted Service of the
 * same name, has released.  Returns false if automatic allocation may use none of these addresses,
 * or if the addresses do not fit the Service's families.
 */
bool alloc_cooled_down(const struct alloc_ctx *ctx, struct ips *ret_ips);
/*
 * alloc_second_family - if @has is the only address of a dual-stack Service, add a free address of
 * the other family, from the same pool if possible.  Returns false if no address was added.
 */
bool alloc_second_family(const struct alloc_ctx *ctx, const struct ips *has, struct ips *ret_ips);

#endif
