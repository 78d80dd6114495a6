/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"

int
main(int argc, char **argv)
{
	struct options opts;
	int status = options_main(argc, argv, &opts);

	if (status == OPTIONS_RUN) {
		log_init(opts.log_level, opts.log_format);
		status = app_run(&opts);
		options_done(&opts);
	}
	return status;
}
