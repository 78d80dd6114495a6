/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_DEFERRED_REPORTS_H
#define CORE_REPORT_DEFERRED_REPORTS_H

#include "core/state/svc.h"

/* The Services whose report is decided again after DEFER_MS, sorted by due time. */

#define DEFER_MS 10000
void deferred_reports_set(struct world *world, struct svc *svc, bool deferred);
void deferred_reports_due(struct world *world); /* mark the Services whose report is due */
int64_t deferred_reports_next_ms(const struct world *world);

#endif
