/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_ALLOC_H
#define CHECK_ALLOC_H

#include "arplet/action_plan.h"

#include <stdbool.h>

/* Checks of allocations and of the Lease. */
struct sim;
struct sim_node;

struct alloc_checks {
	/* [number of a Service]: since the last steady state, a user edit may have moved its IPs */
	bool may_move[16];
	char *old_status; /* the status before the write that the API server now processes */
};

/* check_one_leader - after every event, fails if two daemons may allocate. */
void check_one_leader(struct sim *sim);
/* check_alloc_edit - notes the Services whose addresses may change when a user writes @line. */
void check_alloc_edit(struct sim *sim, const char *line);
/* check_alloc_before_write, check_alloc_after_write - run before and after every API write. */
void check_alloc_before_write(struct sim *sim, const struct sim_node *node,
    const struct action *act);
void check_alloc_after_write(struct sim *sim, const struct sim_node *node,
    const struct action *act);
/*
 * check_steady_alloc - in the steady state, fails if no daemon leads, if a Service lacks an
 * address, or if the counts of a pool are wrong.
 */
void check_steady_alloc(struct sim *sim);
void check_alloc_done(struct sim *sim);

#endif
