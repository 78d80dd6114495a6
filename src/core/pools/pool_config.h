/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_CONFIG_H
#define CORE_POOLS_POOL_CONFIG_H

/* Which specifications of IPAddressPools are in force, and the order of the pools. */

struct pool_entry;
struct world;

/* pool_remove - remove @pool from the pools in force and free its members, but not @pool itself. */
void pool_remove(struct world *world, struct pool_entry *pool);
/* pools_reconfigure - decide which specifications are in force, after a pool has changed. */
void pools_reconfigure(struct world *world);
/*
 * pools_update_grace - start, shorten or end the grace period in which Services keep addresses that
 * no pool contains (pools.grace_until_ms).  At the end of the grace period, all Services are
 * decided again.
 */
void pools_update_grace(struct world *world);
/*
 * pools_node_gateways_changed - count the addresses of all pools again, after node or gateway
 * addresses have changed.
 */
void pools_node_gateways_changed(struct world *world);

#endif
