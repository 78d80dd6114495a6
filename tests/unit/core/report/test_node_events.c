/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/action_plan.h"
#include "arplet/world.h"
#include "core/report/node_events.h"
#include "core/scenario/object_text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define TEXT 256

static const struct ip vip = { IPV4, { 10, 0, 0, 9 } };

/* The number of Events about the node in the next plan; the last one's message goes to @ret_last. */
static size_t
decide(struct world *world, const char *reason, char ret_last[TEXT])
{
	struct plan plan = { 0 };
	size_t n = 0;

	world_decide(world, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		const struct action *act = &plan.v[i];

		if (act->kind != ACT_EVENT)
			continue;
		assert_int_equal(act->on.kind, KIND_NODE);
		assert_string_equal(act->on.name, "n1");
		assert_string_equal(act->u.event.reason, reason);
		assert_true(act->u.event.warning);
		snprintf(ret_last, TEXT, "%s", act->u.event.message);
		n++;
	}
	plan_done(&plan);
	return n;
}

static struct world *
world_of(bool has_node)
{
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1",
	    .pool_ns = "metallb-system" });

	if (has_node)
		world_put(world, object_from_text("node n1"));
	return world;
}

static void
test_an_event_about_the_node_is_posted_once(void **state)
{
	struct world *world = world_of(true);
	char node[] = "n2", last[TEXT];

	(void)state;
	world_report_only_udp(world, "eth0", node);
	memset(node, 'x', 2); /* the text was copied */
	assert_int_equal(decide(world, "HellosOnlyAsUDP", last), 1);
	assert_string_equal(last, "hellos between node \"n1\" and node \"n2\" get through only as UDP "
	    "on eth0: does the switch drop EtherType 0x88b5, or multicast?");
	assert_int_equal(decide(world, "", last), 0);
	world_free(world);
}

static void
test_an_unknown_node_gets_no_event(void **state)
{
	struct world *world = world_of(false);
	char last[TEXT];

	(void)state;
	world_report_only_udp(world, "eth0", "n2");
	assert_int_equal(decide(world, "", last), 0);
	world_free(world);
}

static void
test_the_number_of_waiting_events_is_limited(void **state)
{
	struct world *world = world_of(true);
	char last[TEXT];

	(void)state;
	for (int i = 0; i < 2 * NODE_EVENTS_MAX; i++)
		world_report_not_heard(world, "eth0", "n2", &vip);
	assert_int_equal(decide(world, "PeerNotHeard", last), NODE_EVENTS_MAX);
	world_report_not_heard(world, "eth0", "n2", &vip);
	assert_int_equal(decide(world, "PeerNotHeard", last), 1);
	world_free(world);
}

static void
test_the_version_grows_when_addresses_of_nodes_change(void **state)
{
	struct world *world = world_of(false);
	uint64_t before = world_node_addresses_version(world);
	static const struct {
		const char *line;
		bool changes;
	} steps[] = {
		{ "node n2 ip=10.0.0.2", true },
		{ "node n2 ip=10.0.0.2 labels=a:b", false },
		{ "node n2 ip=10.0.0.3", true },
		{ "node n2", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		world_put(world, object_from_text(steps[i].line));
		assert_int_equal(world_node_addresses_version(world) > before, steps[i].changes);
		before = world_node_addresses_version(world);
	}
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_about_the_node_is_posted_once),
		cmocka_unit_test(test_an_unknown_node_gets_no_event),
		cmocka_unit_test(test_the_number_of_waiting_events_is_limited),
		cmocka_unit_test(test_the_version_grows_when_addresses_of_nodes_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
