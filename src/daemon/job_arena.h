/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_JOB_ARENA_H
#define DAEMON_JOB_ARENA_H

#include "arplet/arena.h"

/*
 * A block of memory for queued writes and their texts.  The last user that leaves the block returns
 * the pages to the system.
 */
struct job_arena {
	struct arena mem;
	unsigned int n_users;
	struct job_arena **current; /* points to the caller's pointer to the block with room */
};

/*
 * job_arena_join - add a user to *@current, or to a new block if *@current is NULL or full.
 *
 * *@current starts as NULL.  The pointer @current must stay valid while a block has users.
 */
struct job_arena *job_arena_join(struct job_arena **current) __attribute__((returns_nonnull));

/* job_arena_leave - remove a user; the last one frees the block and everything in it. */
void job_arena_leave(struct job_arena *job_arena);

#endif
