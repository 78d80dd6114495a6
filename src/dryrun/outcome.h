/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_OUTCOME_H
#define DAEMON_OUTCOME_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * The outcome of a dry run: what passes over the world decided, as a table of Services or as the
 * objects that the daemon would leave behind.  Services and pools must have kept their JSON.
 * Beside a table what it has no column for is told in @notes: the warnings that would be Events,
 * the addresses that are given up, and how many stay.
 */
struct outcome;

struct outcome *outcome_new(enum output format, const char *pool_ns, FILE *out, FILE *notes);
void outcome_free(struct outcome *outcome); /* NULL is fine */

/* outcome_note - a pass was made: remember what it wants written.  Call it for every pass. */
void outcome_note(struct outcome *outcome, const struct plan *plan);

/* outcome_print - all of it: a table with a header, or one v1 List. */
void outcome_print(struct outcome *outcome, const struct world *world);

/*
 * outcome_follow - what differs from the last call, everything at first: rows of the table, or
 * objects one by one.  A Service that is gone is a row that says so.  -EIO when it cannot be
 * written.
 */
int outcome_follow(struct outcome *outcome, const struct world *world)
	__attribute__((warn_unused_result));

/* outcome_served - has every Service of ours an address that is announced? */
bool outcome_served(const struct world *world);

#endif
