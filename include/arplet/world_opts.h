/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_OPTS_H
#define ARPLET_WORLD_OPTS_H

#include <stdbool.h>
#include <stdint.h>

struct world_opts {
	const char *node_name;    /* name of this node in Kubernetes */
	const char *pool_ns;      /* namespace of the pools and advertisements */
	const char *lb_class;     /* loadBalancerClass to serve; NULL: Services without a class */
	const char *hello_secret; /* name of the Secret with the key for hellos; NULL: none */
	bool ignore_exclude_lb; /* ignore the node label exclude-from-external-load-balancers */
	bool leave_cordoned;    /* unschedulable (cordoned) nodes are not eligible */
	bool await_pools;       /* if no pool exists at start, release no address for a minute */
	int64_t counts_ms;      /* shortest time between two writes of a pool's address counts */
	/* The options of the dry run, which writes nothing and uses no LAN: */
	bool assume_written;    /* assume that each decision has been written to the API */
	bool assume_endpoints;  /* a Service without EndpointSlices has endpoints on every node */
	bool assume_elected;    /* the first eligible Ready node in rank counts as the holder */
	bool assume_everywhere; /* decide for all nodes, as if each had all needed interfaces */
};

#endif
