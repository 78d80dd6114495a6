/* SPDX-License-Identifier: Apache-2.0 */
#include "fair_queue.h"
#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

/* The queued items of one namespace; a flow without items is freed. */
struct fair_flow {
	RB_ENTRY(fair_flow) by_ns;
	TAILQ_ENTRY(fair_flow) turn;
	TAILQ_HEAD(, fair_item) items;
	char *ns;
};

static int
flow_cmp(const struct fair_flow *a, const struct fair_flow *b)
{
	return strcmp(a->ns, b->ns);
}
RB_PROTOTYPE(fair_flows, fair_flow, by_ns, flow_cmp)
RB_GENERATE(fair_flows, fair_flow, by_ns, flow_cmp)

void
fair_queue_init(struct fair_queue *queue)
{
	RB_INIT(&queue->by_ns);
	TAILQ_INIT(&queue->turns);
}

static struct fair_flow *
flow_of(struct fair_queue *queue, const char *ns)
{
	struct fair_flow key = { .ns = (char *)ns };
	struct fair_flow *flow = RB_FIND(fair_flows, &queue->by_ns, &key);

	if (flow)
		return flow;
	flow = xcalloc(1, sizeof(*flow));
	flow->ns = xstrdup(ns);
	TAILQ_INIT(&flow->items);
	RB_INSERT(fair_flows, &queue->by_ns, flow);
	TAILQ_INSERT_TAIL(&queue->turns, flow, turn);
	return flow;
}

void
fair_queue_add(struct fair_queue *queue, const char *ns, struct fair_item *item)
{
	item->flow = flow_of(queue, ns);
	TAILQ_INSERT_TAIL(&item->flow->items, item, link);
}

void
fair_queue_remove(struct fair_queue *queue, struct fair_item *item)
{
	struct fair_flow *flow = item->flow;

	TAILQ_REMOVE(&flow->items, item, link);
	item->flow = NULL;
	TAILQ_REMOVE(&queue->turns, flow, turn);
	if (!TAILQ_EMPTY(&flow->items)) {
		TAILQ_INSERT_TAIL(&queue->turns, flow, turn);
		return;
	}
	RB_REMOVE(fair_flows, &queue->by_ns, flow);
	free(flow->ns);
	free(flow);
}

struct fair_item *
fair_queue_first(const struct fair_queue *queue)
{
	struct fair_flow *flow = TAILQ_FIRST(&queue->turns);

	return flow ? TAILQ_FIRST(&flow->items) : NULL;
}
