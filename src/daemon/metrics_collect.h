/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_STATS_H
#define DAEMON_STATS_H

#include "arplet/client.h"
#include "arplet/metrics.h"
#include "arplet/port.h"
#include "executor.h"
#include "arplet/informers.h"

/* Where the values of /metrics come from. */
struct metrics_sources {
	const struct world *world;
	const struct port *port;
	const struct informers *informers;
	const struct client_stats *client;
	const struct executor_stats *executor;
	const char *node_name;
	uint64_t changes; /* objects seen, or gone */
	bool allocator;
};

void metrics_collect(const struct metrics_sources *from, struct metrics *m);

/* metrics_link_name - the interface's name, or "?" when it is gone. */
const char *metrics_link_name(const struct port *port, int ifindex);

#endif
