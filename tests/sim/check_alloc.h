/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_ALLOC_H
#define CHECK_ALLOC_H

#include "arplet/plan.h"

#include <stdbool.h>

/* What must be true: after every step, of every write, and at rest. */
struct sim;
struct sim_node;

struct alloc_checks {
	bool may_move[16]; /* Services that a person touched since the last rest */
	char *old_status;     /* the status that is about to be written over */
};

/* check_one_leader - after every step: one daemon at the most may allocate. */
void check_one_leader(struct sim *sim);
void check_alloc_edit(struct sim *sim, const char *line);
void check_alloc_before_write(struct sim *sim, const struct sim_node *node, const struct action *act);
void check_alloc_after_write(struct sim *sim, const struct sim_node *node, const struct action *act);
void check_steady_alloc(struct sim *sim);
void check_alloc_done(struct sim *sim);

#endif
