/* SPDX-License-Identifier: Apache-2.0 */
#include "core/election/api_nodes.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* Each case asks about n1, reads the node as often as it is due, and asks again each second. */
static const struct node_case {
	const char *name;
	bool node_ready, pod_ready;
	int renewals; /* number of reads with a new resourceVersion; then the Lease stays the same */
	bool lease;   /* the Lease exists */
	int runs_s;   /* the node runs for so long; -1: for all 60 s */
} cases[] = {
	{ "a node that is Ready, with a Ready pod and a Lease that is renewed, runs",
	    true, true, 100, true, -1 },
	{ "a node whose Lease is not renewed any more runs for 20 s", true, true, 1, true, 20 },
	{ "a node whose Lease was renewed twice runs for 20 s after that", true, true, 2, true, 25 },
	{ "a node whose Node is not Ready does not run", false, true, 100, true, 0 },
	{ "a node without a Ready pod does not run", true, false, 100, true, 0 },
	{ "a node without a Lease does not run", true, true, 100, false, 0 },
};

static void
check_node(void **state)
{
	const struct node_case *c = *state;
	struct api_nodes nodes = { 0 };
	int reads = 0, runs = 0;
	char version[16];

	for (int second = 0; second < 60; second++) {
		int64_t now_ms = 1000 + second * 1000;
		const char *due;

		(void)api_nodes_runs(&nodes, "n1", c->node_ready, now_ms);
		while ((due = api_nodes_due(&nodes, now_ms))) {
			assert_string_equal(due, "n1");
			assert_null(api_nodes_due(&nodes, now_ms)); /* one read at a time */
			snprintf(version, sizeof(version), "%d",
			    reads < c->renewals ? reads : c->renewals - 1);
			api_nodes_answer(&nodes, "n1", c->pod_ready, c->lease ? version : "", now_ms);
			reads++;
		}
		runs += api_nodes_runs(&nodes, "n1", c->node_ready, now_ms);
	}
	assert_int_equal(reads, 12); /* each 5 s */
	if (c->runs_s < 0)
		assert_int_equal(runs, 60);
	else
		assert_int_equal(runs, c->runs_s ? c->runs_s + 1 : 0);
}

static void
a_node_is_read_only_while_the_election_asks_about_it(void **state)
{
	struct api_nodes nodes = { 0 };
	int reads = 0;

	(void)state;
	assert_true(api_nodes_next_ms(&nodes, 1000) == INT64_MAX);
	assert_false(api_nodes_runs(&nodes, "n1", true, 1000)); /* nothing is known yet */
	assert_int_equal(api_nodes_next_ms(&nodes, 1000), 1000);
	for (int64_t now_ms = 1000; now_ms < 90000; now_ms += 1000) {
		const char *due = api_nodes_due(&nodes, now_ms);

		if (due)
			api_nodes_answer(&nodes, due, true, "1", now_ms), reads++;
	}
	assert_int_equal(reads, 4); /* after 0, 5, 10 and 15 s */
	assert_true(api_nodes_next_ms(&nodes, 90000) == INT64_MAX);
}

static void
a_new_node_takes_the_place_of_the_one_asked_about_least_recently(void **state)
{
	struct api_nodes nodes = { 0 };
	char name[16];

	(void)state;
	api_nodes_runs(&nodes, "first", true, 1000);
	assert_string_equal(api_nodes_due(&nodes, 1000), "first");
	api_nodes_answer(&nodes, "first", true, "1", 1000);
	for (int i = 0; i < API_NODES_MAX; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_false(api_nodes_runs(&nodes, name, true, 2000 + i));
	}
	api_nodes_answer(&nodes, "first", true, "2", 3000); /* a late answer changes nothing */
	assert_false(api_nodes_runs(&nodes, "first", true, 3000));
}

static void
a_name_that_is_no_node_never_runs(void **state)
{
	struct api_nodes nodes = { 0 };
	char name[400];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(api_nodes_runs(&nodes, name, true, 1000));
	assert_false(api_nodes_runs(&nodes, "", true, 1000));
	assert_null(api_nodes_due(&nodes, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_read_only_while_the_election_asks_about_it),
		cmocka_unit_test(a_new_node_takes_the_place_of_the_one_asked_about_least_recently),
		cmocka_unit_test(a_name_that_is_no_node_never_runs),
	};

	return UNIT_TABLE("api_nodes", cases, check_node) +
	    cmocka_run_group_tests_name("reads", tests, NULL, NULL);
}
