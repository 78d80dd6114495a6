/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_REASONS_H
#define CORE_ELIGIBILITY_REASONS_H

#include "arplet/arena.h"

#include <stddef.h>

/* Why nodes are not eligible: nodes with the same reason are listed together. */
struct reasons {
	struct arena *mem;
	size_t n;
	struct reason_group {
		const char *why;
		const char *names; /* "n1, n2" */
		size_t more;       /* number of nodes that are not listed in names */
	} v[8];
};

/*
 * reasons_add - add the reason @why for @node.  @why must stay valid as long as @reasons.  At most
 * 8 different reasons can be added.
 */
void reasons_add(struct reasons *reasons, const char *node, const char *why);

/*
 * reasons_text - the reasons as a text such as "n1, n2: WHY; n3: ANOTHER"; NULL: no reason was
 * added.
 */
const char *reasons_text(const struct reasons *reasons);

#endif
