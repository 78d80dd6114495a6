/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_CONFIG_H
#define CORE_POOLS_POOL_CONFIG_H

struct pool_entry;
struct world;

/* pool_remove - the pool is gone: nothing finds it any more. */
void pool_remove(struct world *world, struct pool_entry *pool);
/* pools_reconfigure - which specifications are in force, after pools have changed. */
void pools_reconfigure(struct world *world);
/* pools_update_grace - is it time to take addresses away that no pool contains? */
void pools_update_grace(struct world *world);
/* pools_node_gateways_changed - which addresses belong to the network is not what it was. */
void pools_node_gateways_changed(struct world *world);

#endif
