/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRIAL_H
#define TRIAL_H

/* Addresses that were given without the LAN having been asked. */

#include "world_impl.h"

/* trial_begin - @svc is about to get @ips: those of them that are new may be on trial. */
void trial_begin(const struct world *world, struct svc *svc, const struct ips *ips);
/*
 * trial_seen - whether a node announces it was looked at: the time runs from the first that does.
 */
void trial_seen(const struct world *world, struct svc *svc);
/* trial_judge - before a decision: does the holder say that another host has it? */
void trial_judge(struct world *world, struct svc *svc, struct arena *mem);
/* trial_failed - it does of @ip, which @svc is to leave if there is another. */
bool trial_failed(const struct svc *svc, const struct ip *ip);

#endif
