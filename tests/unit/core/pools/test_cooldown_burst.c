/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/object_text.h"
#include "unit.h"

#include <stdio.h>

/* Thousands of cooldowns that begin and end at the same time are handled in parts. */
#define SERVICES 5000
#define START_MS 1000
#define COOLDOWN_MS 60000

static struct world *
new_world_with_services(void)
{
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1",
		.pool_ns = "metallb-system" });

	world_put(world, object_from_text("pool a 10.0.0.0/16 reuse-after=1m"));
	for (int i = 0; i < SERVICES; i++) {
		char line[96];

		snprintf(line, sizeof(line), "svc d/s%d version=1 from=a status=10.0.%d.%d", i,
		    i / 256, i % 256);
		world_put(world, object_from_text(line));
	}
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(world, (enum kind)kind);
	return world;
}

static void
decide_at(struct world *world, int64_t now_ms)
{
	struct plan plan = { 0 };

	world_set_now(world, now_ms);
	world_decide(world, &plan);
	plan_done(&plan);
}

/* Decides at @now_ms until nothing more is due at that time.  Returns the number of decisions. */
static int
decide_all_at(struct world *world, int64_t now_ms)
{
	int n = 0;

	do {
		decide_at(world, now_ms);
		n++;
	} while (world_next_ms(world) <= now_ms && n < 100);
	return n;
}

static void
cooldowns_of_thousands_of_services_begin_and_end_in_parts(void **state)
{
	struct world *world = new_world_with_services();

	(void)state;
	decide_at(world, START_MS);
	for (int i = 0; i < SERVICES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "s%d", i);
		world_del(world, KIND_SERVICE, "d", name);
	}
	assert_in_range(decide_all_at(world, START_MS), 2, 10);
	assert_int_equal(world_next_ms(world), START_MS + COOLDOWN_MS);
	assert_in_range(decide_all_at(world, START_MS + COOLDOWN_MS), 2, 10);
	assert_true(world_next_ms(world) == INT64_MAX);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cooldowns_of_thousands_of_services_begin_and_end_in_parts),
	};

	return cmocka_run_group_tests_name("cooldown burst", tests, NULL, NULL);
}
