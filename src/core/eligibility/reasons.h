/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAUSES_H
#define CAUSES_H

#include "arplet/arena.h"

#include <stddef.h>

/* What keeps nodes from something, the nodes with the same cause together. */
struct reasons {
	struct arena *mem;
	size_t n;
	struct reason_group {
		const char *why;
		const char *names; /* "n1, n2" */
		size_t more;       /* nodes that are not among the names, which go on for a line only */
	} v[8];
};

/* reasons_add - @why holds for as long as @reasons; there are few of them, whatever the nodes. */
void reasons_add(struct reasons *reasons, const char *node, const char *why);

/* reasons_text - "n1, n2: WHY; n3: ANOTHER", or NULL when there is none. */
const char *reasons_text(const struct reasons *reasons);

#endif
