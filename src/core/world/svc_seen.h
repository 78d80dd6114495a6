/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_SVC_SEEN_H
#define CORE_WORLD_SVC_SEEN_H

#include "core/state/svc.h"

void svc_seen(struct world *world, struct svc *svc, const struct object *before);
void svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj);
void svc_forget(struct world *world, struct svc *svc);

#endif
