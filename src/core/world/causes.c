/* SPDX-License-Identifier: Apache-2.0 */
#include "causes.h"

#include <assert.h>
#include <string.h>

#define NAMES_MAX 120 /* characters: what a person looks at */

void
causes_add(struct causes *causes, const char *node, const char *why)
{
	struct cause *cause = causes->v, *end = &causes->v[causes->n];

	while (cause < end && strcmp(cause->why, why) != 0)
		cause++;
	if (cause < end && strlen(cause->names) > NAMES_MAX) {
		cause->more++;
		return;
	}
	if (cause < end) {
		cause->names = arena_printf(causes->mem, "%s, %s", cause->names, node);
		return;
	}
	assert(causes->n < sizeof(causes->v) / sizeof(causes->v[0]));
	*cause = (struct cause){ .why = why, .names = node };
	causes->n++;
}

const char *
causes_text(const struct causes *causes)
{
	const char *text = NULL;

	for (size_t i = 0; i < causes->n; i++) {
		const struct cause *cause = &causes->v[i];
		const char *more =
		    cause->more ? arena_printf(causes->mem, " and %zu more", cause->more) : "";

		text = arena_printf(causes->mem, "%s%s%s%s: %s", text ? text : "", text ? "; " : "",
		    cause->names, more, cause->why);
	}
	return text;
}
