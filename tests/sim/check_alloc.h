/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_ALLOC_H
#define CHECK_ALLOC_H

#include "arplet/action_plan.h"

#include <stdbool.h>

/* Checks of allocations and of the Lease. */
struct sim;
struct sim_node;

struct alloc_checks {
	bool may_move[16]; /* Services that a user edit may move, since the last steady state */
	char *old_status;  /* the status that the write in progress replaces */
};

/* check_one_leader - after every event: at most one daemon may allocate. */
void check_one_leader(struct sim *sim);
/* check_alloc_edit - notes that a user writes @line, which may move addresses. */
void check_alloc_edit(struct sim *sim, const char *line);
/* check_alloc_before_write, check_alloc_after_write - around every write that reaches the API. */
void check_alloc_before_write(struct sim *sim, const struct sim_node *node,
    const struct action *act);
void check_alloc_after_write(struct sim *sim, const struct sim_node *node,
    const struct action *act);
/* check_steady_alloc - in the steady state: one leader, all Services served, right pool counts. */
void check_steady_alloc(struct sim *sim);
void check_alloc_done(struct sim *sim);

#endif
