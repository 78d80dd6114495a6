/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/app.h"
#include "dryrun/dryrun.h"

#include <malloc.h>

/*
 * Large allocations are list pages and responses, which are soon freed.  For an allocation above
 * LARGE_BYTES, glibc maps pages that hold nothing else, and free() unmaps the pages.  Setting the
 * limits also keeps glibc from raising the limits after the first large free().
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
