/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TALLY_H
#define DAEMON_TALLY_H

#include "arplet/world.h"

#include <stdio.h>

/* status_summary_missed - why a Service that somebody looks for may not be among ours. */
void status_summary_missed(const struct world *world, FILE *notes);

/*
 * status_summary_print - one line on what becomes of the Services that have an address: how many keep it,
 * get another, or lose it.  Nothing where none has one.
 */
void status_summary_print(const struct world *world, FILE *notes);

#endif
