/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_ORDER_H
#define CORE_POOLS_POOL_ORDER_H

/* The orders of pools, as functions for qsort() over an array of struct pool_entry *. */

/*
 * pool_age_cmp - the precedence of pools that overlap: by creation time, then by name.  A pool
 * whose deletion no list has confirmed yet (pending delete) comes last.
 */
int pool_age_cmp(const void *a, const void *b);

/*
 * pool_order_cmp - the order of automatic allocation, as in MetalLB: pools with serviceAllocation
 * first, then by serviceAllocation.priority (0 is last), then by name.  Pools that allocate nothing
 * come last, so that pools_containing() finds the older of two pools that overlap.
 */
int pool_order_cmp(const void *a, const void *b);

#endif
