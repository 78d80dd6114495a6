/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_H
#define EXEC_H

#include "arplet/plan.h"

#include <bsd/sys/queue.h>

/*
 * Writes of one daemon, with the rules of src/daemon/executor.c: one at a time for an object, the
 * newest wish wins, what gets no answer is tried again, what was decided under an earlier Lease is
 * not, and only the allocator allocates.  Events go nowhere.
 */
struct host;
struct request;

/* A wish, with its strings. */
struct wish {
	struct arena mem;
	struct action act;
	bool there;
};

struct job {
	TAILQ_ENTRY(job) link;
	struct wish now, newer; /* newer: a later wish, while one is under way */
	uint32_t serial;        /* of the request under way; 0: it waits */
	int64_t retry_ms;       /* of the node's clock */
	unsigned int tries;
	bool forgotten;
};

struct exec {
	TAILQ_HEAD(, job) jobs;
};

void exec_init(struct exec *exec);
void exec_done(struct exec *exec);
void exec_do(struct host *node, const struct action *act);
/* exec_run - sends what waits and may be sent. */
void exec_run(struct host *node);
int64_t exec_next_ms(const struct exec *exec);
void exec_forget_allocations(struct exec *exec);
/* exec_on_reply - the request @serial has been answered with @rc; -EIO also: not in time. */
void exec_on_reply(struct host *node, uint32_t serial, int rc);
bool exec_idle(const struct exec *exec);
bool exec_allocating(const struct exec *exec); /* is a write of addresses under way? */

#endif
