/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_L2STATUS_H
#define CORE_REPORT_L2STATUS_H

#include "arplet/arena.h"
#include "core/state/svc.h"

/* The ServiceL2Status of each Service, and Events about who announces it. */

struct plan;

struct orphans *orphans_new(void);
/* l2status_any_orphan - any ServiceL2Status may belong to a Service or a node that is gone. */
void l2status_any_orphan(struct world *world);
void l2status_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);
/*
 * l2status_seen - a ServiceL2Status was written, and may be deleted before the next pass; or it was
 * deleted before it was written.
 */
void l2status_seen(struct world *world, const struct object *obj);
/*
 * l2status_listed - all ServiceL2Statuses are known.  One that was asked for and is not among them
 * came to nothing: its CRD was away, say.  (One under way at this moment is made twice, and then
 * one of the two is deleted.)
 */
void l2status_listed(struct world *world);
/* l2status_lost - a Service is gone: l2status_orphans() deletes what it has left. */
void l2status_lost(struct world *world, const char *ns, const char *name);
void l2status_orphans(struct world *world, struct plan *plan);
void l2status_free(struct world *world);

#endif
