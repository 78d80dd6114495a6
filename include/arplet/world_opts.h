/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_OPTS_H
#define ARPLET_WORLD_OPTS_H

#include <stdbool.h>
#include <stdint.h>

struct world_opts {
	const char *node_name;    /* this node, as Kubernetes names it */
	const char *pool_ns;      /* namespace of the pools and advertisements */
	const char *lb_class;     /* spec.loadBalancerClass to serve; NULL: Services without one */
	const char *hello_secret; /* name of the Secret with the key of hellos; NULL: none */
	bool ignore_exclude_lb; /* nodes with the label exclude-from-external-... are eligible too */
	bool leave_cordoned;    /* nodes that are unschedulable are not eligible */
	bool await_pools;       /* after a start without pools, release no address for a minute */
	int64_t counts_ms;      /* shortest time between two writes of a pool's counts */
	/* The dry run, which writes nothing and has no LAN: */
	bool assume_written;    /* a decision counts as written */
	bool assume_endpoints;  /* a Service without EndpointSlices has endpoints on every node */
	bool assume_elected;    /* the holder is the first in rank of the eligible Ready nodes */
	bool assume_everywhere; /* decide for all nodes; each holder has the interfaces it needs */
};

#endif
