/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_DECIDE_ALLOC_H
#define CORE_WORLD_DECIDE_ALLOC_H

#include "core/state/svc.h"

struct arena;
struct plan;
struct world;

/*
 * decide_alloc - decide the addresses of @svc, and add the write of its status and its Events to
 * @plan.  @mem is for temporary memory.
 */
void decide_alloc(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);

#endif
