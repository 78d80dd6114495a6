/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"
#include "dryrun.h"

int
main(int argc, char **argv)
{
	struct options opts;
	int status = options_main(argc, argv, &opts);

	if (status == OPTIONS_RUN) {
		log_init(opts.log_level, opts.log_format);
		status = opts.dry_run ? dryrun_run(&opts) : app_run(&opts);
		options_done(&opts);
	}
	return status;
}
