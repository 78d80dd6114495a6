/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_NODE_QUERY_H
#define CORE_ELIGIBILITY_NODE_QUERY_H

#include "advertisements.h"
#include "eligibility.h"

/* The criteria that decide which nodes are eligible to announce one Service. */
struct node_query {
	const struct world *world;
	const struct svc *svc;
	struct arena *mem;
	struct advs advs; /* the advertisements that cover the pool and the Service */
	bool move;        /* exclude nodes whose endpoints are all terminating */
	/* the dry run assumes endpoints for a Service without EndpointSlices */
	bool assume_serving;
};

/*
 * node_query_begin - fill @q for the Service q->svc, which has the address @ip.  The caller sets
 * q->world, q->svc and q->mem.  Returns false if no node is eligible; @ret then says why.
 */
bool node_query_begin(struct node_query *q, const struct ip *ip, struct eligibility *ret);
/* node_query_refusal - why the Node @e is not eligible; NULL: it is eligible. */
const char *node_query_refusal(const struct node_query *q, const struct entry *e);

#endif
