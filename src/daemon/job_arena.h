/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_BATCH_H
#define DAEMON_BATCH_H

#include "arplet/arena.h"

/*
 * Memory for what waits to be written, apart from everything else.  A burst has thousands of writes
 * wait while the world grows: on the same pages, what stays would keep those from going back to the
 * system when the writes are done.
 */
struct job_arena {
	struct arena mem;
	unsigned int users;
	struct job_arena **current;
};

/*
 * job_arena_join - a batch with some room, *@current or a new one, with one user more; *@current is
 * NULL at first, and stays where it is while there are batches.
 */
struct job_arena *job_arena_join(struct job_arena **current) __attribute__((returns_nonnull));

/* job_arena_leave - one user less; what none is left of is freed with all that lies in it. */
void job_arena_leave(struct job_arena *job_arena);

#endif
