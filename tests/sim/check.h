/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

#include "arplet/plan.h"

#include <stdbool.h>

/* What must be true: after every step, of every write, and at rest. */
struct sim;
struct host;

struct awaits_probe {
	bool excused[16]; /* Services that a person touched since the last rest */
	char *before;     /* the status that is about to be written over */
};

/* check_leaders - after every step: one daemon at the most may allocate. */
void check_leaders(struct sim *sim);
void check_edit(struct sim *sim, const char *line);
void check_before_write(struct sim *sim, const struct host *node, const struct action *act);
void check_after_write(struct sim *sim, const struct host *node, const struct action *act);
void check_rest(struct sim *sim);
void check_done(struct sim *sim);

#endif
