/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RATE_FAIR_QUEUE_H
#define CORE_RATE_FAIR_QUEUE_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A queue that takes turns between namespaces, so that many items of one namespace do not delay an
 * item of another namespace.  The items of one namespace keep their order.
 */
struct fair_flow;

/* Embedded in the struct that is queued. */
struct fair_item {
	TAILQ_ENTRY(fair_item) link;
	struct fair_flow *flow; /* NULL: not queued */
	void *owner;            /* for the caller */
};

struct fair_queue {
	RB_HEAD(fair_flows, fair_flow) by_ns;
	TAILQ_HEAD(, fair_flow) turns; /* the namespaces with items; the first has the next turn */
};

void fair_queue_init(struct fair_queue *queue);
/* fair_queue_add - append @item, which is not queued, to the items of the namespace @ns. */
void fair_queue_add(struct fair_queue *queue, const char *ns, struct fair_item *item);
/* fair_queue_first - return the next item, which stays queued; NULL: the queue is empty. */
struct fair_item *fair_queue_first(const struct fair_queue *queue);
/* fair_queue_remove - remove @item, which is queued.  Its namespace gets the last turn. */
void fair_queue_remove(struct fair_queue *queue, struct fair_item *item);

static inline bool
fair_queue_empty(const struct fair_queue *queue)
{
	return TAILQ_EMPTY(&queue->turns);
}

#endif
