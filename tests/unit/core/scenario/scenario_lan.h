/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_LAN_H
#define SCENARIO_LAN_H

#include "arplet/world.h"

/* The steps about conflicts and probes that a scenario (scenario.h) may have. */
void scenario_set_conflict(struct world *world, char *args);
void scenario_set_probe_result(struct world *world, char *args);
void scenario_set_proxy_host(struct world *world, char *args);
const char *scenario_conflict_policy(const struct world *world, const char *args);
const char *scenario_probe_links(struct world *world, const char *args, struct arena *mem);

#endif
