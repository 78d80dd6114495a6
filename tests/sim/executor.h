/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "arplet/plan.h"

#include <bsd/sys/queue.h>

/*
 * The API writes of a daemon, with the rules of src/daemon/executor.c:
 *  - one request at a time for each object and type of action;
 *  - a newer write of the same object replaces one that has not been sent;
 *  - a write without a reply is retried;
 *  - only the allocator writes allocations, and it drops those that it decided under an earlier
 *    Lease.
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
	struct api_write newer; /* replaces current after the request in progress; may be unset */
	uint32_t serial;        /* of the request in progress; 0: none */
	int64_t retry_ms;       /* earliest time of the next request, by the node's clock */
	unsigned int tries;
	bool dropped;           /* not retried if the request in progress fails */
};

struct executor {
	TAILQ_HEAD(, job) jobs;
};

void executor_init(struct executor *executor);
void executor_done(struct executor *executor);
void executor_do(struct sim_node *node, const struct action *act);
/* executor_run - sends every write that is due. */
void executor_run(struct sim_node *node);
int64_t executor_next_ms(const struct executor *executor);
void executor_drop_allocations(struct executor *executor);
/* executor_on_reply - processes the result @rc of request @serial; -EIO: failed or timed out. */
void executor_on_reply(struct sim_node *node, uint32_t serial, int rc);
bool executor_idle(const struct executor *executor);
/* executor_allocating - true if a request that writes an allocation is in progress. */
bool executor_allocating(const struct executor *executor);

#endif
