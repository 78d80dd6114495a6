/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_FOLLOW_CLUSTER_H
#define DRYRUN_FOLLOW_CLUSTER_H

#include "outcome.h"

/*
 * follow_cluster_run - put the objects of the cluster that @opts names into @world, and print what
 * the world decides when all lists are complete.  With --watch, also print later changes, until
 * SIGINT or SIGTERM.  Sends only GET requests.  Returns an exit status of dryrun.h.
 */
int follow_cluster_run(const struct options *opts, struct world *world, struct outcome *outcome);

#endif
