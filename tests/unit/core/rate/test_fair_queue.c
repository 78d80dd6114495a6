/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate/fair_queue.h"
#include "unit.h"

#include <string.h>

/*
 * Each case adds items, in the order of their names.  The first letter of a name is the namespace.
 * Then the case removes the items of @removed.
 */
static const struct queue_case {
	const char *name, *added[6], *removed, *order;
} cases[] = {
	{ "the items of one namespace keep their order", { "a1", "a2", "a3" }, "", "a1a2a3" },
	{ "namespaces take turns", { "a1", "a2", "a3", "b1", "c1", "b2" }, "", "a1b1c1a2b2a3" },
	{ "a removed item loses its turn", { "a1", "a2", "a3", "b1" }, "a2", "b1a1a3" },
	{ "a namespace whose items are all removed has no turn", { "a1", "b1", "c1" }, "b1", "a1c1" },
	{ "an empty queue has no item", { NULL }, "", "" },
};

static void
check_order(void **state)
{
	const struct queue_case *c = *state;
	struct fair_item items[6] = { { .owner = NULL } }, *item;
	struct fair_queue queue;
	char order[32] = "";

	fair_queue_init(&queue);
	for (size_t i = 0; i < COUNT(items) && c->added[i]; i++) {
		char ns[2] = { c->added[i][0], '\0' };

		items[i].owner = (void *)(uintptr_t)c->added[i];
		fair_queue_add(&queue, ns, &items[i]);
	}
	for (size_t i = 0; i < COUNT(items); i++) {
		if (items[i].owner && strcmp(items[i].owner, c->removed) == 0)
			fair_queue_remove(&queue, &items[i]);
	}
	while ((item = fair_queue_first(&queue))) {
		strcat(order, item->owner);
		fair_queue_remove(&queue, item);
	}
	assert_string_equal(order, c->order);
	assert_true(fair_queue_empty(&queue));
}

int
main(void)
{
	return UNIT_TABLE("fair_queue", cases, check_order);
}
