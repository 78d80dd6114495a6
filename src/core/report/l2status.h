/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_L2STATUS_H
#define CORE_REPORT_L2STATUS_H

#include "core/state/svc.h"

/* The ServiceL2Status of each Service, and the Events about its holder. */

struct plan;

/* l2status_apply - decide the ServiceL2Status, the Events and the holder of @svc. */
void l2status_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);
/*
 * l2status_seen - handle the end of a create that this node sent: the ServiceL2Status was seen with
 * its status, or was deleted before it had a status.
 */
void l2status_seen(struct world *world, const struct object *obj);
/*
 * l2status_listed - after a complete list of ServiceL2Statuses, repeat the creates whose
 * ServiceL2Status the list lacks.  A create is lost, for example, while the CRD is missing.  A
 * create that is still under way is sent twice; a node then deletes one of the two
 * ServiceL2Statuses.
 */
void l2status_listed(struct world *world);

#endif
