/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_NODE_NAMES_H
#define CORE_STATE_NODE_NAMES_H

struct world;

/*
 * world_name - one shared copy of the name of a node, valid as long as @world; NULL for NULL.  Equal
 * names have equal pointers.
 */
const char *world_name(struct world *world, const char *node);

#endif
