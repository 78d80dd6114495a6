/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_DRYRUN_H
#define DAEMON_DRYRUN_H

#include "options/options.h"

/*
 * dryrun_run - the whole of `arplet --dry-run`: facts from files, or read from a cluster, through
 * the daemon's world, and what it decides printed to standard output.  Writes nothing, anywhere.
 */
enum {
	DRYRUN_SERVED = 0,   /* every Service of ours has an address that is announced */
	DRYRUN_UNSERVED = 1, /* some have not */
	DRYRUN_BAD = 2,      /* bad input, which standard error names; or the API cannot be read */
};
int dryrun_run(const struct options *opts);

#endif
