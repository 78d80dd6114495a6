/* SPDX-License-Identifier: Apache-2.0 */
#include "key_secret.h"
#include "arplet/action_plan.h"
#include "core/state/world_state.h"

static void
report_missing(const struct world *world, struct plan *plan)
{
	const char *name = world->opts.hello_secret, *ns = world->opts.pool_ns;

	plan_event(plan, NULL, true, "HelloKeyMissing",
	    "Secret \"%s\" does not exist, so hellos have no key, and daemons that start now announce "
	    "nothing; create it, without data: kubectl create secret generic %s -n %s", name, name, ns);
	plan->v[plan->n - 1].on = (struct object_ref){ KIND_SECRET, ns, name, "", "" };
}

void
key_secret_decide(struct world *world, struct plan *plan)
{
	const char *name = world->opts.hello_secret;
	const struct entry *e;

	if (!name || !world->allocator || !world->listed[KIND_SECRET] || world->key_decided)
		return;
	world->key_decided = true;
	e = world_find(world, KIND_SECRET, world->opts.pool_ns, name);
	if (!e)
		report_missing(world, plan);
	else if (!e->obj->bad && !e->obj->u.secret.n)
		plan_add(plan, ACT_SECRET_KEY, e->obj);
}

void
key_secret_seen(struct world *world)
{
	world->key_decided = false;
}
