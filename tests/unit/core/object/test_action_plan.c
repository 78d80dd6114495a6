/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/object_text.h"
#include "unit.h"

/* Which Services are kept in memory. */

static const struct kept_case {
	const char *name, *before, *service; /* before: as it was first seen; NULL: it was not */
	bool dry_run, kept;
} cases[] = {
	{ "one of ours is kept", NULL, "svc d/a", .kept = true },
	{ "one that is no LoadBalancer is no business of ours", NULL, "svc d/a type=ClusterIP" },
	{ "nor is one of another class", NULL, "svc d/a class=x" },
	{ "nor one that was ours", "svc d/a", "svc d/a type=ClusterIP version=2" },
	{ "but its address may be in our way", NULL, "svc d/a class=x status=10.0.0.1",
	    .kept = true },
	{ "and so may be one that cannot be read", NULL, "svc d/a class=x foreign", .kept = true },
	{ "what we wrote is to be taken back: the pool", NULL, "svc d/a type=ClusterIP from=p",
	    .kept = true },
	{ "... a condition", NULL, "svc d/a type=ClusterIP conditions=0/6", .kept = true },
	{ "one that cannot be read may be anything", NULL, "svc d/a bad=spec: is odd", .kept = true },
	{ "the dry run shows them all", NULL, "svc d/a type=ClusterIP", .dry_run = true,
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
