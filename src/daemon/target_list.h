/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TARGET_LIST_H
#define DAEMON_TARGET_LIST_H

#include "arplet/prober.h"

#include <stdlib.h>
#include <string.h>

/* Addresses to be probed.  The owner frees v. */
struct target_list {
	struct probe_target *v;
	size_t n, room;
};

/* target_list_add - append @target to the struct target_list @arg. */
static inline void
target_list_add(void *arg, const struct probe_target *target)
{
	struct target_list *list = arg;

	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->v = xrealloc(list->v, list->room, sizeof(*list->v));
	}
	list->v[list->n++] = *target;
}

/* target_list_equal - true if both lists have the same addresses in the same order. */
static inline bool
target_list_equal(const struct target_list *a, const struct target_list *b)
{
	return a->n == b->n && (!a->n || memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

#endif
