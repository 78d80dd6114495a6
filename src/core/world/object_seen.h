/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_OBJECT_SEEN_H
#define CORE_WORLD_OBJECT_SEEN_H

#include "core/state/store.h"

/* entry_remove - handle the deletion of an object: mark what depends on it, and free it. */
void entry_remove(struct world *world, struct entry *e);

#endif
