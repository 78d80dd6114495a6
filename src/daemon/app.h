/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_APP_H
#define DAEMON_APP_H

#include "options/options.h"

/*
 * app_run - the daemon: joins the API, the links and the pages with the world, and runs until
 * SIGTERM or SIGINT.  Returns the status to exit with.
 */
int app_run(const struct options *opts);

#endif
