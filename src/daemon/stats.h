/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_STATS_H
#define DAEMON_STATS_H

#include "arplet/client.h"
#include "arplet/metrics.h"
#include "arplet/port.h"
#include "executor.h"
#include "feed.h"

/* Where the values of /metrics come from. */
struct stats_sources {
	const struct world *world;
	const struct port *port;
	const struct feed *feed;
	const struct client_stats *client;
	const struct executor_stats *executor;
	const char *node_name;
	uint64_t changes; /* objects seen, or gone */
	bool allocator;
};

void stats_fill(const struct stats_sources *from, struct metrics *m);

/* stats_link_name - the interface's name, or "?" when it is gone. */
const char *stats_link_name(const struct port *port, int ifindex);

#endif
