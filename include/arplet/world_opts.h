/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_OPTS_H
#define ARPLET_WORLD_OPTS_H

#include <stdbool.h>
#include <stdint.h>

struct world_opts {
	const char *node_name;  /* this node, as Kubernetes names it */
	const char *pool_ns;    /* of the pools and advertisements: in others they are ignored */
	const char *lb_class;   /* spec.loadBalancerClass that is ours; NULL: Services without one */
	const char *hello_secret; /* name of the Secret with the key of hellos; NULL: none is used */
	bool ignore_exclude_lb; /* announce also from nodes labelled exclude-from-external-... */
	bool await_pools;       /* a start without pools takes no address away for a minute */
	int64_t counts_ms;      /* a pool's counts are written once in that time, at most */
	bool leave_cordoned;    /* do not announce from nodes that are unschedulable */
	/*
	 * The dry run: decided addresses count as written, and a Service without any EndpointSlice
	 * (assume_endpoints) as one that every node can serve.  With assume_elected there is no LAN
	 * to ask: of the Ready nodes that may, the first in rank is the holder.  With
	 * assume_everywhere the world speaks for all nodes, not for node_name: each holder has the
	 * interfaces it needs.
	 */
	bool assume_written;
	bool assume_endpoints;
	bool assume_elected;
	bool assume_everywhere;
};

#endif
