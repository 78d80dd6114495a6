/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_OUTCOME_H
#define DRYRUN_OUTCOME_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * Prints the decisions of a dry run: a table of Services, or the objects that the daemon would
 * write.  Objects can be printed only if Services and pools were decoded with DECODE_KEEP_RAW.
 *
 * A dry run that prints a table also prints notes about facts that no column shows: warnings that
 * the daemon would post as Events, released addresses, and how many Services keep their address.
 */
struct outcome;

struct outcome *outcome_new(enum output format, const char *pool_ns, FILE *out, FILE *notes);
void outcome_free(struct outcome *outcome); /* NULL is fine */

/* outcome_add - store the API writes of @plan for output.  Call it after each world_decide(). */
void outcome_add(struct outcome *outcome, const struct plan *plan);

/* outcome_print - print all Services in a table with a header, or all objects in one v1 List. */
void outcome_print(struct outcome *outcome, const struct world *world);

/*
 * outcome_print_changes - print the rows or objects that have changed since the last call.  The
 * first call prints all rows or objects.  The table also gets a row for each deleted Service.
 * Returns -EIO if the output fails.
 */
int outcome_print_changes(struct outcome *outcome, const struct world *world)
	__attribute__((warn_unused_result));

/* outcome_served - true if all Services that arplet serves have an announced address. */
bool outcome_served(const struct world *world);

#endif
