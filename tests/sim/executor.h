/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "arplet/plan.h"

#include <bsd/sys/queue.h>

/*
 * Writes of one daemon, with the rules of src/daemon/executor.c: one at a time for an object, the
 * newest wish wins, what gets no answer is tried again, what was decided under an earlier Lease is
 * not, and only the allocator allocates.  Events go nowhere.
 */
struct sim_node;
struct request;

/* A wish, with its strings. */
struct api_write {
	struct arena mem;
	struct action act;
	bool is_set;
};

struct job {
	TAILQ_ENTRY(job) link;
	struct api_write current, newer; /* newer: a later wish, while one is under way */
	uint32_t serial;        /* of the request under way; 0: it waits */
	int64_t retry_ms;       /* of the node's clock */
	unsigned int tries;
	bool dropped;
};

struct executor {
	TAILQ_HEAD(, job) jobs;
};

void executor_init(struct executor *executor);
void executor_done(struct executor *executor);
void executor_do(struct sim_node *node, const struct action *act);
/* executor_run - sends what waits and may be sent. */
void executor_run(struct sim_node *node);
int64_t executor_next_ms(const struct executor *executor);
void executor_drop_allocations(struct executor *executor);
/* executor_on_reply - the request @serial has been answered with @rc; -EIO also: not in time. */
void executor_on_reply(struct sim_node *node, uint32_t serial, int rc);
bool executor_idle(const struct executor *executor);
bool executor_allocating(const struct executor *executor); /* is a write of addresses under way? */

#endif
