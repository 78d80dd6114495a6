/* SPDX-License-Identifier: Apache-2.0 */
#include "world_impl.h"

#include <stdlib.h>
#include <string.h>

/* What is remembered of a Service in words.  Few have any, and those one or two: a list will do. */

const char *
svc_remark(const struct svc *svc, enum remark_of of)
{
	const struct remark *remark = svc->remarks;

	while (remark && remark->of != of)
		remark = remark->next;
	return remark ? remark->text : NULL;
}

bool
svc_set_remark(struct svc *svc, enum remark_of of, const char *text)
{
	struct remark **at = &svc->remarks, *old, *remark;

	while (*at && (*at)->of != of)
		at = &(*at)->next;
	old = *at;
	if (text ? old && strcmp(old->text, text) == 0 : !old)
		return false;
	if (old) {
		*at = old->next;
		free(old);
	}
	if (text) {
		remark = xcalloc(1, sizeof(*remark) + strlen(text) + 1);
		remark->of = of;
		strcpy(remark->text, text);
		remark->next = svc->remarks;
		svc->remarks = remark;
	}
	return true;
}

void
svc_free_remarks(struct svc *svc)
{
	struct remark *remark;

	while ((remark = svc->remarks)) {
		svc->remarks = remark->next;
		free(remark);
	}
}
