/* SPDX-License-Identifier: Apache-2.0 */
#include "node_names.h"
#include "core/base/lower_bound.h"
#include "world_state.h"

#include <string.h>

static int
name_cmp(const void *element, const void *key)
{
	return strcmp(*(char *const *)element, key);
}

const char *
world_name(struct world *world, const char *node)
{
	size_t i;

	if (!node)
		return NULL;
	i = lower_bound(node, world->names, world->n_names, sizeof(*world->names), name_cmp);
	if (i < world->n_names && strcmp(world->names[i], node) == 0)
		return world->names[i];
	world->names = xrealloc(world->names, world->n_names + 1, sizeof(*world->names));
	memmove(&world->names[i + 1], &world->names[i], (world->n_names++ - i) * sizeof(char *));
	return world->names[i] = xstrdup(node);
}
