/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/action_plan.h"

#include <stdarg.h>
#include <stdio.h>
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
		act->on = (struct object_ref){ on->kind, on->meta.ns, on->meta.name, on->meta.uid,
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

void
plan_event(struct plan *plan, const struct object *on, bool warning, const char *reason,
    const char *fmt, ...)
{
	struct action *act = plan_add(plan, ACT_EVENT, on);
	char text[1024]; /* the API limits the message of an Event to this size */
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	len = (size_t)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len >= sizeof(text)) { /* cut between characters */
		len = sizeof(text) - 1;
		while (len && (text[len - 1] & 0xc0) == 0x80)
			len--;
		text[len && (text[len - 1] & 0x80) ? len - 1 : len] = '\0';
	}
	act->u.event.warning = warning;
	act->u.event.reason = reason;
	act->u.event.message = arena_strdup(&plan->mem, text);
}
