/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_OUTCOME_H
#define DRYRUN_OUTCOME_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * Prints what the world of a dry run decided: a table of Services, or the objects as the daemon
 * would write them.  For objects, the Services and pools of the world must have kept their JSON.
 *
 * Beside a table, notes show what the table has no column for: warnings that the daemon would post
 * as Events, released addresses, and how many Services keep their address.
 */
struct outcome;

struct outcome *outcome_new(enum output format, const char *pool_ns, FILE *out, FILE *notes);
void outcome_free(struct outcome *outcome); /* NULL is fine */

/* outcome_add - add the writes that @plan contains.  Call it after every world_decide(). */
void outcome_add(struct outcome *outcome, const struct plan *plan);

/* outcome_print - print everything: a table with a header, or one v1 List. */
void outcome_print(struct outcome *outcome, const struct world *world);

/*
 * outcome_print_changes - print the rows or objects that differ from the last call, and at the
 * first call all of them.  A deleted Service is a row, too.  Returns -EIO if the output fails.
 */
int outcome_print_changes(struct outcome *outcome, const struct world *world)
	__attribute__((warn_unused_result));

/* outcome_served - true if every Service that arplet serves has an address that is announced. */
bool outcome_served(const struct world *world);

#endif
