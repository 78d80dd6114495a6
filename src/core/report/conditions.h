/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_CONDITIONS_H
#define CORE_REPORT_CONDITIONS_H

#include "arplet/action_plan.h"
#include "core/state/svc.h"

struct config;

/* The conditions in the status of a Service, a pool or an advertisement. */

/*
 * conditions_changes - find how the conditions of @svc must change.  If @writing is true, arplet
 * writes the status anyway, so the changes also include conditions with status True.
 */
void conditions_changes(const struct world *world, const struct svc *svc, bool writing,
    struct arena *mem, struct condition_change ret_changes[CONDITIONS]);
/*
 * conditions_apply - add the action ACT_SERVICE_CONDITIONS if conditions of @svc must change.  The
 * same changes are added only once.
 */
void conditions_apply(const struct world *world, struct svc *svc, struct plan *plan);
/*
 * conditions_write_config - add the action ACT_CONFIG_CONDITION if the condition of a pool or an
 * advertisement must change.  @error says why its specification is invalid; NULL: it is valid.
 */
void conditions_write_config(struct config *config, const char *error, struct plan *plan);

#endif
