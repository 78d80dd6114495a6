/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/app.h"
#include "dryrun/dryrun.h"

#include <malloc.h>

/*
 * Large allocations contain lists and responses of the API server, and are freed soon.  glibc maps
 * separate pages for an allocation above LARGE_BYTES, and free() unmaps these pages.  By default
 * glibc raises this threshold after a large free(), but not after main() has set the threshold.
 */
#define LARGE_BYTES (64 * 1024)

int
main(int argc, char **argv)
{
	struct options opts;
	int status;

	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	mallopt(M_TRIM_THRESHOLD, 2 * LARGE_BYTES);
	status = options_main(argc, argv, &opts);
	if (status == OPTIONS_RUN) {
		log_init(opts.log_level, opts.log_format);
		status = opts.dry_run ? dryrun_run(&opts) : app_run(&opts);
		options_done(&opts);
	}
	return status;
}
