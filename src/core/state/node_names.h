/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_NODE_NAMES_H
#define CORE_STATE_NODE_NAMES_H

struct world;

/*
 * world_name - the shared copy of a node's name, valid as long as @world; NULL if @node is NULL.
 * Equal names have equal pointers.
 */
const char *world_name(struct world *world, const char *node);

#endif
