/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/object_text.h"
#include "unit.h"

#include <stdio.h>

/* The nodes of a Service with externalTrafficPolicy: Local that has very many endpoints. */
#define SLICES 500
#define NODES 5

static struct world *
new_world_with_service(void)
{
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1",
		.pool_ns = "metallb-system" });

	world_put(world, object_from_text("pool a 10.0.0.0/24"));
	world_put(world, object_from_text("adv all"));
	world_put(world, object_from_text("ns d"));
	for (int i = 1; i <= NODES; i++) {
		char line[32];

		snprintf(line, sizeof(line), "node n%d", i);
		world_put(world, object_from_text(line));
	}
	world_put(world,
	    object_from_text("svc d/a uid=u version=1 local from=a status=10.0.0.0"));
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(world, (enum kind)kind);
	return world;
}

static void
put_slice(struct world *world, int id, const char *endpoints)
{
	char line[96];

	snprintf(line, sizeof(line), "slice d/a %s id=%d", endpoints, id);
	world_put(world, object_from_text(line));
}

static void
add_candidate(void *arg, const char *node, bool ready)
{
	char *text = arg;

	(void)ready;
	sprintf(text + strlen(text), "%s ", node);
}

/* Decides, and asserts that the candidates for the address of the Service are @want. */
static void
assert_candidates(struct world *world, const char *want)
{
	struct ip ip = ip_from_text("10.0.0.0");
	struct plan plan = { 0 };
	char text[128] = "";

	world_decide(world, &plan);
	plan_done(&plan);
	world_each_candidate(world, &ip, add_candidate, text);
	assert_string_equal(text, want);
}

static void
every_change_of_many_endpointslices_counts(void **state)
{
	struct world *world = new_world_with_service();

	(void)state;
	for (int i = 0; i < SLICES; i++)
		put_slice(world, i, i % 2 ? "n2:not n9:not" : "n3:not");
	assert_candidates(world, "");
	put_slice(world, 7, "n2:ready");
	assert_candidates(world, "n2 ");
	put_slice(world, 8, "n4:ends n9:ready");
	assert_candidates(world, "n2 "); /* n4 serves, but ends, and n2 is ready */
	put_slice(world, 7, "n2:not");
	assert_candidates(world, "n4 ");
	world_put(world, object_from_text("node n9"));
	assert_candidates(world, "n9 ");
	world_put(world, object_from_text("node n9 labels=heartbeat:2"));
	assert_candidates(world, "n9 ");
	world_del(world, KIND_NODE, "", "n9");
	assert_candidates(world, "n4 ");
	world_del(world, KIND_SLICE, "d", "a-8");
	assert_candidates(world, "");
	world_free(world);
}

static void
many_endpointslices_of_a_deleted_service_do_not_count(void **state)
{
	struct world *world = new_world_with_service();

	(void)state;
	for (int i = 0; i < SLICES; i++)
		put_slice(world, i, "n2:ready owner=u");
	assert_candidates(world, "n2 ");
	world_put(world,
	    object_from_text("svc d/a uid=v version=2 local from=a status=10.0.0.0"));
	assert_candidates(world, "");
	put_slice(world, 3, "n5:ready owner=v");
	assert_candidates(world, "n5 ");
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_of_many_endpointslices_counts),
		cmocka_unit_test(many_endpointslices_of_a_deleted_service_do_not_count),
	};

	return cmocka_run_group_tests_name("serving nodes", tests, NULL, NULL);
}
