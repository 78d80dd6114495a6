/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_JOB_ARENA_H
#define DAEMON_JOB_ARENA_H

#include "arplet/arena.h"

/*
 * A block of memory for queued writes and their texts.  When the last user leaves the block, its
 * pages return to the operating system.
 */
struct job_arena {
	struct arena mem;
	unsigned int n_users;
	struct job_arena **current; /* the caller's variable that points to the block in use */
};

/*
 * job_arena_join - add a user to *@current, or to a new block if *@current is NULL or full.
 *
 * *@current starts as NULL.  The caller keeps the variable at @current until no block has users.
 */
struct job_arena *job_arena_join(struct job_arena **current) __attribute__((returns_nonnull));

/* job_arena_leave - remove a user of the block, and free the block after its last user. */
void job_arena_leave(struct job_arena *job_arena);

#endif
