/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAUSES_H
#define CAUSES_H

#include "arplet/arena.h"

#include <stddef.h>

/* What keeps nodes from something, the nodes with the same cause together. */
struct causes {
	struct arena *mem;
	size_t n;
	struct cause {
		const char *why;
		const char *names; /* "n1, n2" */
		size_t more;       /* nodes that are not among the names, which go on for a line only */
	} v[8];
};

/* causes_add - @why holds for as long as @causes; there are few of them, whatever the nodes. */
void causes_add(struct causes *causes, const char *node, const char *why);

/* causes_text - "n1, n2: WHY; n3: ANOTHER", or NULL when there is none. */
const char *causes_text(const struct causes *causes);

#endif
