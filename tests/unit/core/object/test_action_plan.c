/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/object_text.h"
#include "unit.h"

/* The Services that the world keeps in memory. */

static const struct kept_case {
	const char *name;
	const char *before; /* an earlier version of the Service; NULL: no earlier version */
	const char *service;
	bool dry_run, kept;
} cases[] = {
	{ "a Service that arplet serves is kept", NULL, "svc d/a", .kept = true },
	{ "a Service of another type is not kept", NULL, "svc d/a type=ClusterIP" },
	{ "a Service of another class is not kept", NULL, "svc d/a class=x" },
	{ "a Service whose type changes is not kept", "svc d/a",
	    "svc d/a type=ClusterIP version=2" },
	{ "a Service of another class with an address is kept", NULL,
	    "svc d/a class=x status=10.0.0.1", .kept = true },
	{ "a Service of another class with an unreadable status is kept", NULL,
	    "svc d/a class=x foreign", .kept = true },
	{ "a Service with a pool annotation to remove is kept", NULL,
	    "svc d/a type=ClusterIP from=p", .kept = true },
	{ "a Service with a condition to remove is kept", NULL,
	    "svc d/a type=ClusterIP conditions=0/6", .kept = true },
	{ "a Service with a decoder error is kept", NULL, "svc d/a bad=spec: is odd",
	    .kept = true },
	{ "the dry run keeps all Services", NULL, "svc d/a type=ClusterIP", .dry_run = true,
	    .kept = true },
};

static void
check_kept(void **state)
{
	const struct kept_case *c = *state;
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1",
		.pool_ns = "pools", .assume_written = c->dry_run });
	struct plan plan = { 0 };

	if (c->before) {
		world_put(world, object_from_text(c->before));
		world_decide(world, &plan);
	}
	world_put(world, object_from_text(c->service));
	world_decide(world, &plan);
	assert_int_equal(world_get(world, KIND_SERVICE, "d", "a") != NULL, c->kept);
	plan_done(&plan);
	world_free(world);
}

int
main(void)
{
	return UNIT_TABLE("kept", cases, check_kept);
}
