/* SPDX-License-Identifier: Apache-2.0 */
#include "reasons.h"
#include "arplet/arena.h"

#include <assert.h>
#include <string.h>

#define NAMES_MAX 120 /* characters: what a person looks at */

void
reasons_add(struct reasons *reasons, const char *node, const char *why)
{
	struct reason_group *reason_group = reasons->v, *end = &reasons->v[reasons->n];

	while (reason_group < end && strcmp(reason_group->why, why) != 0)
		reason_group++;
	if (reason_group < end && strlen(reason_group->names) > NAMES_MAX) {
		reason_group->more++;
		return;
	}
	if (reason_group < end) {
		reason_group->names = arena_printf(reasons->mem, "%s, %s", reason_group->names, node);
		return;
	}
	assert(reasons->n < sizeof(reasons->v) / sizeof(reasons->v[0]));
	*reason_group = (struct reason_group){ .why = why, .names = node };
	reasons->n++;
}

const char *
reasons_text(const struct reasons *reasons)
{
	const char *text = NULL;

	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_group *reason_group = &reasons->v[i];
		const char *more =
		    reason_group->more ? arena_printf(reasons->mem, " and %zu more", reason_group->more) : "";

		text = arena_printf(reasons->mem, "%s%s%s%s: %s", text ? text : "", text ? "; " : "",
		    reason_group->names, more, reason_group->why);
	}
	return text;
}
