/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_NODE_NAMES_H
#define CORE_STATE_NODE_NAMES_H

struct world;

/*
 * world_name - the name of a node, which many hold, for as long as the world lives; NULL stays
 * NULL.
 */
const char *world_name(struct world *world, const char *node);

#endif
