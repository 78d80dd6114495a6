/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_CONDITIONS_H
#define CORE_REPORT_CONDITIONS_H

#include "arplet/plan.h"
#include "core/state/svc.h"

struct config;

/* The conditions in the status of a Service, a pool or an advertisement. */

/*
 * conditions_changes - of which of its conditions the status is to say something else than it does.
 * @writing: the status is written in any case, so that what is well is said as well.
 */
void conditions_changes(const struct world *world, const struct svc *svc, bool writing,
    struct arena *mem, struct condition_change ret_wishes[CONDITIONS]);
/* conditions_apply - an action for what is to be written of them alone, once. */
void conditions_apply(const struct world *world, struct svc *svc, struct plan *plan);
/* conditions_write_config - one that says of a pool or advertisement what is wrong with it, once. */
void conditions_write_config(struct config *config, const char *error, struct plan *plan);

#endif
