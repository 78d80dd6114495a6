/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_OVERWRITES_H
#define CORE_REPORT_OVERWRITES_H

#include "core/state/svc.h"

/*
 * Another program, such as MetalLB's controller or a second arplet, writes other addresses into the
 * status of a Service whenever this daemon has written it.  After three times, this daemon writes
 * the status only after a pause of 1 s, which doubles each time up to a minute.
 */
struct plan;

/*
 * overwrites_seen - count an overwritten status.  The caller has stored the new object in @svc, but
 * not yet @have, the addresses in its status.  @before: the previous object; NULL: none.
 */
void overwrites_seen(const struct world *world, struct svc *svc, const struct object *before,
    const struct ips *have);
/* overwrites_pause_ms - how long the next write of the status must wait, ms; 0: not at all. */
int64_t overwrites_pause_ms(const struct world *world, const struct svc *svc);
/* overwrites_report - post an Event when the pauses begin, or when many writes were refused. */
void overwrites_report(const struct world *world, struct svc *svc, struct plan *plan);

#endif
