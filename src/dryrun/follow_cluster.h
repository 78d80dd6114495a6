/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_FOLLOW_CLUSTER_H
#define DRYRUN_FOLLOW_CLUSTER_H

#include "outcome.h"

/*
 * follow_cluster_run - list the objects of the cluster of @opts, put these objects into @world, and
 * print the decisions of @world.  With --watch, this function also prints later changes, until
 * SIGINT or SIGTERM.  Sends only GET requests.  Returns an exit status that dryrun.h defines.
 */
int follow_cluster_run(const struct options *opts, struct world *world, struct outcome *outcome);

#endif
