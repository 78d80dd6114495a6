/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_CONDITIONS_H
#define CORE_REPORT_CONDITIONS_H

#include "arplet/action_plan.h"
#include "core/state/svc.h"

struct config;

/* The conditions in the status of a Service, a pool or an advertisement. */

/*
 * conditions_changes - find how the conditions of @svc must change.  With @writing, the status is
 * written anyway, so conditions with status True are added too.
 */
void conditions_changes(const struct world *world, const struct svc *svc, bool writing,
    struct arena *mem, struct condition_change ret_changes[CONDITIONS]);
/*
 * conditions_apply - add the action ACT_SERVICE_CONDITIONS if conditions of @svc must change, once
 * for each change.
 */
void conditions_apply(const struct world *world, struct svc *svc, struct plan *plan);
/*
 * conditions_write_config - add the action ACT_CONFIG_CONDITION with @error (NULL: valid) for a
 * pool or an advertisement, once for each change.
 */
void conditions_write_config(struct config *config, const char *error, struct plan *plan);

#endif
