/* SPDX-License-Identifier: Apache-2.0 */
#include "reasons.h"

#include <assert.h>
#include <string.h>

#define NAMES_MAX 120 /* maximum length of the node names in one reason, in characters */

void
reasons_add(struct reasons *reasons, const char *node, const char *why)
{
	struct reason_group *group = reasons->v, *end = &reasons->v[reasons->n];

	while (group < end && strcmp(group->why, why) != 0)
		group++;
	if (group < end && strlen(group->names) > NAMES_MAX) {
		group->more++;
		return;
	}
	if (group < end) {
		group->names = arena_printf(reasons->mem, "%s, %s", group->names, node);
		return;
	}
	assert(reasons->n < sizeof(reasons->v) / sizeof(reasons->v[0]));
	*group = (struct reason_group){ .why = why, .names = node };
	reasons->n++;
}

const char *
reasons_text(const struct reasons *reasons)
{
	const char *text = NULL;

	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_group *group = &reasons->v[i];
		const char *more =
		    group->more ? arena_printf(reasons->mem, " and %zu more", group->more) : "";

		text = arena_printf(reasons->mem, "%s%s%s%s: %s", text ? text : "",
				    text ? "; " : "", group->names, more, group->why);
	}
	return text;
}
