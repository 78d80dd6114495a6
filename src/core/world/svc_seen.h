/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_SVC_SEEN_H
#define CORE_WORLD_SVC_SEEN_H

#include "core/state/svc.h"

/* svc_seen - handle a new object of @svc; @before is the previous object, NULL: @svc is new. */
void svc_seen(struct world *world, struct svc *svc, const struct object *before);
/*
 * svc_bad_seen - handle the newest object @obj, which cannot be read; an older object stays in use.
 */
void svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj);
/* svc_forget - end all uses of the addresses of the deleted Service @svc, and free its members. */
void svc_forget(struct world *world, struct svc *svc);

#endif
