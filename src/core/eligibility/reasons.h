/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAUSES_H
#define CAUSES_H

#include "arplet/arena.h"

#include <stddef.h>

/* Why nodes are not eligible: nodes with the same reason are listed together. */
struct reasons {
	struct arena *mem;
	size_t n;
	struct reason_group {
		const char *why;
		const char *names; /* "n1, n2" */
		size_t more;       /* further nodes: names end after one line */
	} v[8];
};

/* reasons_add - @why must live as long as @reasons; at most 8 texts differ. */
void reasons_add(struct reasons *reasons, const char *node, const char *why);

/* reasons_text - "n1, n2: WHY; n3: ANOTHER"; NULL: no reason was added. */
const char *reasons_text(const struct reasons *reasons);

#endif
