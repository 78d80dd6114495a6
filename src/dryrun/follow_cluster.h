/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_FOLLOW_H
#define DAEMON_FOLLOW_H

#include "outcome.h"

/*
 * follow_cluster_run - feed @world from the cluster that @opts names, and print what it decides: once,
 * when all lists are complete; with --watch, also what changes, until SIGINT or SIGTERM.  Only
 * reads.  Returns the status to exit with, as dryrun.h has it.
 */
int follow_cluster_run(const struct options *opts, struct world *world, struct outcome *outcome);

#endif
