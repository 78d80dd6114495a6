/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_DRYRUN_H
#define DRYRUN_DRYRUN_H

#include "options/options.h"

/* Exit statuses. */
enum {
	DRYRUN_SERVED = 0,   /* all Services that arplet serves have an announced address */
	DRYRUN_UNSERVED = 1, /* at least one Service that arplet serves has no announced address */
	DRYRUN_BAD = 2,      /* bad input, or no access to the API server; see standard error */
};

/*
 * dryrun_run - run `arplet --dry-run`: read objects from files or from a cluster, let the daemon's
 * world decide, and print the decisions to standard output.  A dry run writes nothing to the
 * cluster and sends no frame to the LAN.  Returns an exit status.
 */
int dryrun_run(const struct options *opts);

#endif
