/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_PLAN_H
#define CORE_ALLOC_PROBE_PLAN_H

#include <stdbool.h>

struct probe_target;
struct world;

/*
 * The probe plan: the addresses that the prober probes before a Service needs them.  See
 * world_awaits_probe() and world_each_probe() in world.h.
 */
bool probe_plan_is_urgent(const struct world *world);
void probe_plan_each(struct world *world,
    void (*visit)(void *arg, const struct probe_target *target), void *arg);

#endif
