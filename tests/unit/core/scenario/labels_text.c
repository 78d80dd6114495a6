/* SPDX-License-Identifier: Apache-2.0 */
#include "object_text.h"

#include <string.h>

struct labels
labels_from_text(struct arena *mem, const char *text)
{
	struct strings items = split_text(mem, text, ",");
	struct labels out = { arena_calloc(mem, items.n, sizeof(struct label)), 0 };

	for (size_t i = 0; i < items.n; i++) {
		size_t len = strcspn(items.v[i], ":");

		out.v[i].key = arena_strndup(mem, items.v[i], len);
		out.v[i].value = items.v[i][len] ? items.v[i] + len + 1 : "";
	}
	out.n = items.n;
	return out;
}

static struct requirement
requirement(struct arena *mem, const char *text)
{
	struct requirement req = { .op = SEL_EXISTS, .key = text };
	size_t len = strcspn(text, ":");

	if (text[len]) {
		req.op = len && text[len - 1] == '!' ? SEL_NOT_IN : SEL_IN;
		req.key = arena_strndup(mem, text, req.op == SEL_NOT_IN ? len - 1 : len);
		req.values = split_text(mem, text + len + 1, "/");
	} else if (*text == '!') {
		req.op = SEL_NOT_EXISTS;
		req.key = text + 1;
	}
	return req;
}

struct selectors
selectors_from_text(struct arena *mem, const char *text)
{
	struct strings any = split_text(mem, text, ",");
	struct selectors out = { arena_calloc(mem, any.n, sizeof(struct selector)), any.n };

	for (size_t i = 0; i < any.n; i++) {
		struct strings all = split_text(mem, any.v[i], "&");

		out.v[i].v = arena_calloc(mem, all.n, sizeof(struct requirement));
		out.v[i].n = all.n;
		for (size_t j = 0; j < all.n; j++)
			out.v[i].v[j] = requirement(mem, all.v[j]);
	}
	return out;
}
