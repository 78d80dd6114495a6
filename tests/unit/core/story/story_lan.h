/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORY_LAN_H
#define STORY_LAN_H

#include "arplet/world.h"

/* The steps of a story (story.h) that tell what was found on the LAN. */
void story_trouble(struct world *world, char *rest);
void story_check(struct world *world, char *rest);
const char *story_policy(const struct world *world, const char *rest);
const char *story_wants(struct world *world, const char *rest, struct arena *mem);

#endif
