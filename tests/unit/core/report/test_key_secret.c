/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "core/scenario/action_text.h"
#include "unit.h"

#include <string.h>

/* What the allocator does about the Secret with the key for hellos. */

#define MISSING "warning key HelloKeyMissing: Secret \"key\" does not exist"

enum content { NONE, EMPTY, FILLED };
#define STEPS 4

static const struct secret_case {
	const char *name;
	bool follower; /* this daemon does not hold the Lease */
	enum content steps[STEPS];
	const char *want[STEPS]; /* the action after each step; NULL: none */
} cases[] = {
	{ "the allocator writes a key into an empty Secret, once",
	    .steps = { EMPTY, EMPTY, FILLED, FILLED }, .want = { "key key" } },
	{ "a daemon that does not allocate writes no key", true,
	    .steps = { EMPTY, NONE, NONE, FILLED } },
	{ "the allocator keeps a key", .steps = { FILLED, FILLED, FILLED, FILLED } },
	{ "the allocator reports a missing Secret, once",
	    .steps = { NONE, NONE, EMPTY, FILLED }, .want = { MISSING, NULL, "key key" } },
	{ "the allocator writes a new key if somebody removes the key",
	    .steps = { FILLED, EMPTY, FILLED, EMPTY },
	    .want = { NULL, "key key", NULL, "key key" } },
	{ "the allocator reports a deleted Secret, each time",
	    .steps = { FILLED, NONE, FILLED, NONE }, .want = { NULL, MISSING, NULL, MISSING } },
};

static struct object *
new_secret(enum content kind, char version)
{
	struct object *obj = object_new(KIND_SECRET, 0);

	obj->meta.ns = arena_strdup(&obj->mem, "pools");
	obj->meta.name = arena_strdup(&obj->mem, "key");
	obj->meta.uid = arena_strdup(&obj->mem, "u1");
	obj->meta.version = arena_strdup(&obj->mem, (char[]){ version, '\0' });
	if (kind == FILLED) {
		obj->u.secret.n = 32;
		obj->u.secret.key = arena_alloc(&obj->mem, 32);
	}
	return obj;
}

/* Reports the Secret to the world, with a new version if it changes. */
static void
report(struct world *world, enum content before, enum content now, char *version)
{
	if (now == NONE) {
		if (before != NONE)
			world_del(world, KIND_SECRET, "pools", "key");
		return;
	}
	*version += before != now;
	world_put(world, new_secret(now, *version));
}

static void
check_secret(void **state)
{
	const struct secret_case *c = *state;
	struct world *world = world_new(&(struct world_opts){ .node_name = "n1",
		.pool_ns = "pools", .hello_secret = "key" });
	char version = '0';

	world_set_allocator(world, !c->follower);
	for (int i = 0; i < STEPS; i++) {
		struct plan plan = { 0 };
		const char *text;

		if (!i)
			world_list_begin(world, KIND_SECRET);
		report(world, i ? c->steps[i - 1] : NONE, c->steps[i], &version);
		if (!i)
			world_list_end(world, KIND_SECRET);
		world_decide(world, &plan);
		assert_int_equal(plan.n, c->want[i] != NULL);
		text = plan.n ? action_text(&plan.v[0], &plan.mem) : "";
		if (c->want[i] && strncmp(text, c->want[i], strlen(c->want[i])) != 0)
			fail_msg("step %d: %s", i, text);
		plan_done(&plan);
	}
	world_free(world);
}

int
main(void)
{
	return UNIT_TABLE("secret", cases, check_secret);
}
