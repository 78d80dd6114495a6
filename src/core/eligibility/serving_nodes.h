/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_SERVING_NODES_H
#define CORE_ELIGIBILITY_SERVING_NODES_H

#include "core/state/svc.h"

/*
 * Which nodes have serving endpoints of a Service.  A Service can have thousands of EndpointSlices
 * with thousands of endpoints, and eligibility asks for each node.  So for a Service with more than
 * a few endpoints, one pass over all EndpointSlices collects the answers for all nodes, and the
 * result is kept until an EndpointSlice or the Nodes change.
 */

/* What the endpoints of a Service on one node, or on all nodes, can do. */
struct serving {
	bool serves; /* an endpoint serves */
	bool ready;  /* an endpoint is ready */
	bool ending; /* an endpoint serves, but is not ready, because it is terminating */
};

/* serving_on - the endpoints of @svc on @node; @node NULL: all endpoints. */
struct serving serving_on(const struct world *world, const struct svc *svc, const char *node);
/* serving_forget - forget what is kept about @svc, because its endpoints or its uid changed. */
void serving_forget(struct svc *svc);

#endif
