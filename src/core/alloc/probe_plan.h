/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_PLAN_H
#define CORE_ALLOC_PROBE_PLAN_H

#include <stdbool.h>

struct probe_target;
struct world;

/* Which addresses are to be probed ahead of need; see world.h. */
bool probe_plan_is_urgent(const struct world *world);
void probe_plan_each(struct world *world,
    void (*visit)(void *arg, const struct probe_target *target), void *arg);

#endif
