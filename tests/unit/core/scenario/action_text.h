/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACTION_TEXT_H
#define ACTION_TEXT_H

#include "arplet/plan.h"

/* What a plan wants done, kept and told. */

/* action_copy - @ret and all that it points to, for whoever keeps an action; no Events. */
void action_copy(struct action *ret, const struct action *act, struct arena *mem);

/* action_text - an action in a line: "status d/a 10.0.0.0 pool=a". */
const char *action_text(const struct action *act, struct arena *mem);
/* conditions_text - what it says of conditions, of the Service @name. */
const char *conditions_text(const struct action *act, const char *name, struct arena *mem);

#endif
