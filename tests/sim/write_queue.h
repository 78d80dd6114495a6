/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WRITE_QUEUE_H
#define WRITE_QUEUE_H

#include "arplet/action_plan.h"

#include <bsd/sys/queue.h>

/*
 * The API writes of a daemon, with the rules of src/daemon/write_queue.c:
 *  - one request at a time for each object and type of action;
 *  - a newer write of an object replaces an older write that has not been sent;
 *  - a write without a reply is retried;
 *  - only the allocator writes allocations;
 *  - a daemon that loses the Lease drops the allocations that it has not written yet.
 * Events are discarded.
 */
struct sim_node;
struct request;

/* An API write, with its strings. */
struct api_write {
	struct arena mem;
	struct action act;
	bool is_set;
};

struct job {
	TAILQ_ENTRY(job) link;
	struct api_write current;
	struct api_write newer; /* the write to send after the request in progress, if is_set */
	uint32_t serial;        /* serial number of the request in progress; 0: none */
	int64_t retry_ms;       /* earliest time of the next request, by the node's clock */
	unsigned int tries;
	bool dropped;           /* if the request in progress fails, it is not retried */
};

struct write_queue {
	TAILQ_HEAD(, job) jobs;
};

void write_queue_init(struct write_queue *write_queue);
void write_queue_done(struct write_queue *write_queue);
void write_queue_do(struct sim_node *node, const struct action *act);
/* write_queue_run - sends every write that is due. */
void write_queue_run(struct sim_node *node);
int64_t write_queue_next_ms(const struct write_queue *write_queue);
void write_queue_drop_allocations(struct write_queue *write_queue);
/* write_queue_on_reply - processes the result @rc of request @serial; -EIO: failed or timed out. */
void write_queue_on_reply(struct sim_node *node, uint32_t serial, int rc);
bool write_queue_idle(const struct write_queue *write_queue);
/* write_queue_allocating - true if a request that writes an allocation is in progress. */
bool write_queue_allocating(const struct write_queue *write_queue);

#endif
