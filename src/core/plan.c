/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/plan.h"

#include <stdlib.h>

struct action *
plan_add(struct plan *plan, enum action_kind kind, const struct object *on)
{
	struct action *act;

	if (plan->n == plan->room) {
		plan->room = plan->room ? plan->room * 2 : 16;
		plan->v = xrealloc(plan->v, plan->room, sizeof(*plan->v));
	}
	act = &plan->v[plan->n++];
	*act = (struct action){ .kind = kind };
	if (on) {
		act->on = (struct ref){ on->kind, on->meta.ns, on->meta.name, on->meta.uid,
			on->meta.version };
	}
	return act;
}

void
plan_done(struct plan *plan)
{
	free(plan->v);
	arena_done(&plan->mem);
	*plan = (struct plan){ 0 };
}
