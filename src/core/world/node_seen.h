/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_NODE_SEEN_H
#define CORE_WORLD_NODE_SEEN_H

struct object;
struct world;

/*
 * node_seen, node_gone - mark the Services that depend on a new, changed or deleted Node; if
 * @before is NULL, the Node is new.
 */
void node_seen(struct world *world, const struct object *before, const struct object *obj);
void node_gone(struct world *world, const struct object *obj);

#endif
