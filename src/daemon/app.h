/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_APP_H
#define DAEMON_APP_H

#include "options/options.h"

/* app_run - run the daemon until SIGTERM or SIGINT.  Returns the exit status. */
int app_run(const struct options *opts);

#endif
