/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/node_reader.h"

#include "arplet/world.h"
#include "fake_client.h"
#include "unit.h"
#include "util/log.h"

#include <string.h>

#define POD(status) "{\"items\":[{\"metadata\":{\"name\":\"arplet-x\"},\"status\":{\"conditions\":" \
		    "[{\"type\":\"Ready\",\"status\":\"" status "\"}]}}]}"
#define LEASE(version) "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\",\"metadata\":" \
		       "{\"name\":\"n2\",\"uid\":\"u\",\"resourceVersion\":\"" version "\"}," \
		       "\"spec\":{\"holderIdentity\":\"n2\"}}"

static struct {
	struct ev_loop *loop;
	struct world *world;
	struct node_reader *reader;
} t;

static int
setup(void **state)
{
	struct object *node = object_new(KIND_NODE, 0);

	(void)state;
	fake_init();
	t.loop = ev_loop_new(0);
	t.world = world_new(&(struct world_opts){ .node_name = "n1", .pool_ns = "pools" });
	node->meta.ns = "";
	node->meta.name = "n2";
	node->meta.uid = "u2";
	node->meta.version = "1";
	node->u.node.ready = true;
	world_put(t.world, node);
	t.reader = node_reader_new(t.loop, NULL, t.world, "pools");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	node_reader_free(t.reader);
	world_free(t.world);
	ev_loop_destroy(t.loop);
	return fake.n_open ? -1 : 0;
}

/* Answers the read of n2 with the pod and the Lease. */
static void
answer_read(int pod_status, const char *pod, int lease_status, const char *lease)
{
	struct call *call = open_call("/namespaces/pools/pods?");

	assert_non_null(call);
	assert_true(call->req.want_body);
	assert_non_null(strstr(call->path, "fieldSelector=spec.nodeName%3Dn2"));
	answer_full(call, pod_status, -1, pod);
	call = open_call("/namespaces/kube-node-lease/leases/n2");
	assert_non_null(call);
	assert_true(call->req.want_body);
	answer_full(call, lease_status, -1, lease);
	assert_int_equal(fake.n_open, 0);
}

static const struct read_case {
	const char *name;
	int pod_status;
	const char *pod;
	int lease_status;
	const char *lease;
	bool runs;
} reads[] = {
	{ "a node with a Ready pod and a Lease runs", 200, POD("True"), 200, LEASE("5"), true },
	{ "a node whose pod is not Ready does not run", 200, POD("False"), 200, LEASE("5"), false },
	{ "a node without a pod does not run", 200, "{\"items\":[]}", 200, LEASE("5"), false },
	{ "a node without a Lease does not run", 200, POD("True"), 404, "", false },
	{ "a node whose pod may not be read does not run", 403, "", 200, LEASE("5"), false },
	{ "a node whose pod is no JSON does not run", 200, "{\"items\":", 200, LEASE("5"), false },
};

static void
check_read(void **state)
{
	const struct read_case *c = *state;

	setup(NULL);
	assert_false(node_reader_runs(t.reader, "n2"));
	answer_read(c->pod_status, c->pod, c->lease_status, c->lease);
	assert_int_equal(node_reader_runs(t.reader, "n2"), c->runs);
	assert_int_equal(fake.n_made, 2);
	assert_int_equal(teardown(NULL), 0);
}

static void
a_node_about_which_nobody_asks_costs_no_request(void **state)
{
	(void)state;
	assert_false(node_reader_runs(t.reader, "unknown")); /* no such Node */
	run_for(t.loop, 50);
	assert_int_equal(fake.n_made, 0);
}

static void
a_reader_that_ends_cancels_its_requests(void **state)
{
	(void)state;
	node_reader_runs(t.reader, "n2");
	node_reader_runs(t.reader, "n2");
	assert_int_equal(fake.n_open, 1); /* teardown() checks that it is cancelled */
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest rules[] = {
		RULE(a_node_about_which_nobody_asks_costs_no_request),
		RULE(a_reader_that_ends_cancels_its_requests),
	};

	log_init(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	return UNIT_TABLE("reads", reads, check_read) +
	    cmocka_run_group_tests_name("node_reader", rules, NULL, NULL);
}
