/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_L2STATUS_H
#define CORE_REPORT_L2STATUS_H

#include "core/state/svc.h"

/* The ServiceL2Status of each Service, and the Events about its holder. */

struct plan;

struct orphans *orphans_new(void);
/* l2status_any_orphan - from now on any ServiceL2Status may belong to a deleted Service or node. */
void l2status_any_orphan(struct world *world);
/* l2status_apply - decide the ServiceL2Status, the Events and the holder of @svc. */
void l2status_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);
/*
 * l2status_seen - a ServiceL2Status with a status was seen, or one without a status was deleted: the
 * create that this node sent has ended.
 */
void l2status_seen(struct world *world, const struct object *obj);
/*
 * l2status_listed - a list of all ServiceL2Statuses has ended.  A create that the list does not show
 * was lost, for example because the CRD was missing.  A create under way at this moment is sent
 * twice; one of the two objects is deleted later.
 */
void l2status_listed(struct world *world);
/* l2status_service_deleted - l2status_orphans() will delete the ServiceL2Statuses of this Service. */
void l2status_service_deleted(struct world *world, const char *ns, const char *name);
/* l2status_orphans - add a delete for each ServiceL2Status whose Service or node is gone. */
void l2status_orphans(struct world *world, struct plan *plan);
void l2status_free(struct world *world);

#endif
