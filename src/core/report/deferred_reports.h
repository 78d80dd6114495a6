/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_DEFERRED_REPORTS_H
#define CORE_REPORT_DEFERRED_REPORTS_H

#include "core/state/svc.h"

/* Services whose report is decided again after RECHECK_MS, sorted by time. */

#define RECHECK_MS 10000
void recheck_set(struct world *world, struct svc *svc, bool recheck);
void recheck_due(struct world *world); /* mark the Services whose report is due */
int64_t recheck_next_ms(const struct world *world);

#endif
