/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_SVC_SEEN_H
#define CORE_WORLD_SVC_SEEN_H

#include "core/state/svc.h"

/* svc_seen - @svc has a new object; @before is the one before, NULL: @svc is new. */
void svc_seen(struct world *world, struct svc *svc, const struct object *before);
/* svc_bad_seen - the newest object @obj cannot be read; an older one stays. */
void svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj);
/* svc_forget - the Service was deleted: end all uses of its addresses. */
void svc_forget(struct world *world, struct svc *svc);

#endif
