/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACTION_TEXT_H
#define ACTION_TEXT_H

#include "arplet/action_plan.h"

/* Copies and texts of the actions of a plan. */

/* action_copy - copies an action, except an Event, and its strings into @mem. */
void action_copy(struct action *ret, const struct action *act, struct arena *mem);

/* action_text - returns a line such as "status d/a 10.0.0.0 pool=a". */
const char *action_text(const struct action *act, struct arena *mem);
/* conditions_text - returns a line with the changes of conditions of the Service @name. */
const char *conditions_text(const struct action *act, const char *name, struct arena *mem);

#endif
