/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_SVC_EVENTS_H
#define CORE_REPORT_SVC_EVENTS_H

#include "core/state/svc.h"

struct plan;

/*
 * svc_events_post - add Events about fields of @svc that have no effect: deprecated and unknown
 * annotations, and labels and ports that arplet does not store.  Each Event is posted once.
 */
void svc_events_post(struct svc *svc, struct plan *plan);

#endif
