/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_AUTO_H
#define CORE_ALLOC_ALLOC_AUTO_H

#include "alloc_ctx.h"

/* Addresses that no Service requests by name. */

const char *alloc_auto(const struct alloc_ctx *ctx, struct ips *ret_ips);
/* alloc_cooled_down - the addresses that a Service of this name had a while ago. */
bool alloc_cooled_down(const struct alloc_ctx *ctx, struct ips *ret_ips);
/* alloc_second_family - a free address of its other family beside the one in @has. */
bool alloc_second_family(const struct alloc_ctx *ctx, const struct ips *has, struct ips *ret_ips);

#endif
