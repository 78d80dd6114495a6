/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/fake_api.h"
#include "unit.h"

static const struct ip ip1 = { IPV4, { 10, 0, 0, 1 } }, ip2 = { IPV4, { 10, 0, 0, 2 } };

/* The objects of each case, and whether a ServiceL2Status says that n2 announces 10.0.0.1. */
static const struct says_case {
	const char *name, *lines[4];
	bool says;
} cases[] = {
	{ "the ServiceL2Status of the Service that has the address names the node",
	    { "svc d/a status=10.0.0.1", "l2 l2-a node=n2 svc=d/a" }, true },
	{ "the ServiceL2Status names another node",
	    { "svc d/a status=10.0.0.1", "l2 l2-a node=n3 svc=d/a" }, false },
	{ "one of two ServiceL2Statuses names the node",
	    { "svc d/a status=10.0.0.1", "l2 l2-a node=n3 svc=d/a", "l2 l2-b node=n2 svc=d/a" }, true },
	{ "the ServiceL2Status belongs to a Service with another address",
	    { "svc d/a status=10.0.0.1", "svc d/b status=10.0.0.2", "l2 l2-b node=n2 svc=d/b" },
	    false },
	{ "the decoder refuses the ServiceL2Status",
	    { "svc d/a status=10.0.0.1", "l2 l2-a bad=status.node: must be a string" }, false },
	{ "no Service has the address", { "l2 l2-a node=n2 svc=d/a" }, false },
};

static void
check_says(void **state)
{
	const struct says_case *c = *state;
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1", .pool_ns = "p" });
	struct plan plan = { 0 };

	for (size_t i = 0; i < COUNT(c->lines) && c->lines[i]; i++)
		fake_api_deliver(world, c->lines[i]);
	world_decide(world, &plan);
	assert_int_equal(world_l2status_says(world, &ip1, "n2"), c->says);
	assert_false(world_l2status_says(world, &ip1, "n9"));
	if (!c->lines[2])
		assert_false(world_l2status_says(world, &ip2, "n2"));
	plan_done(&plan);
	world_free(world);
}

int
main(void)
{
	return UNIT_TABLE("l2status_says", cases, check_says);
}
