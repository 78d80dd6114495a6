/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_METRICS_COLLECT_H
#define DAEMON_METRICS_COLLECT_H

#include "arplet/client.h"
#include "arplet/informers.h"
#include "arplet/metrics.h"
#include "arplet/lan_io.h"
#include "write_queue.h"

/* The parts of the daemon whose counters and states /metrics shows. */
struct metrics_sources {
	const struct world *world;
	const struct lan_io *lan_io;
	const struct informers *informers;
	const struct client_stats *client;
	const struct write_queue_stats *write_queue;
	const char *node_name;
	uint64_t n_updates; /* changes of objects that watches and lists brought */
	bool is_allocator;
};

/* metrics_collect - add the values of all metrics but the speaker's to @m. */
void metrics_collect(const struct metrics_sources *from, struct metrics *m);

/* metrics_link_name - the name of the interface, or "?" if the interface is gone. */
const char *metrics_link_name(const struct lan_io *lan_io, int ifindex);

#endif
