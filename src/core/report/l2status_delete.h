/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_L2STATUS_DELETE_H
#define CORE_REPORT_L2STATUS_DELETE_H

#include "arplet/action_plan.h"

/* l2status_delete - add a delete of the ServiceL2Status @obj, which names the Service it is about. */
static inline void
l2status_delete(const struct object *obj, struct plan *plan)
{
	struct action *act = plan_add(plan, ACT_L2STATUS_DELETE, obj);

	act->u.l2status.service_ns = obj->u.l2status.service_ns;
	act->u.l2status.service = obj->u.l2status.service;
}

#endif
