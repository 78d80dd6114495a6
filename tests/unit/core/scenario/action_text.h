/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACTION_TEXT_H
#define ACTION_TEXT_H

#include "arplet/action_plan.h"

/* Copies the actions of an action plan, and describes them as text. */

/* action_copy - copies an action, with its strings, into @mem.  @act may not be an Event. */
void action_copy(struct action *ret, const struct action *act, struct arena *mem);

/* action_text - returns a line such as "status d/a 10.0.0.0 pool=a". */
const char *action_text(const struct action *act, struct arena *mem);
/* conditions_text - returns a line with the changed conditions of the Service @name. */
const char *conditions_text(const struct action *act, const char *name, struct arena *mem);

#endif
