/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_METRICS_COLLECT_H
#define DAEMON_METRICS_COLLECT_H

#include "arplet/client.h"
#include "arplet/informers.h"
#include "arplet/metrics.h"
#include "arplet/lan_io.h"
#include "write_queue.h"

/* The parts of the daemon from which the page /metrics shows counters and states. */
struct metrics_sources {
	const struct world *world;
	const struct lan_io *lan_io;
	const struct informers *informers;
	const struct client_stats *client;
	const struct write_queue_stats *write_queue;
	const char *node_name;
	uint64_t n_updates; /* number of changed objects that watches and lists delivered */
	bool is_allocator;
};

/* metrics_collect - add the values of all metrics to @m, except those of speaker_metrics(). */
void metrics_collect(const struct metrics_sources *from, struct metrics *m);

/* metrics_link_name - return the name of interface @ifindex; "?" if that interface is unknown. */
const char *metrics_link_name(const struct lan_io *lan_io, int ifindex);

#endif
