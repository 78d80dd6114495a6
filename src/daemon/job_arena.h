/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_JOB_ARENA_H
#define DAEMON_JOB_ARENA_H

#include "arplet/arena.h"

/*
 * A block of memory for queued writes and their texts.  The block is unmapped when its last user
 * leaves.
 */
struct job_arena {
	struct arena mem;
	unsigned int n_users;
	struct job_arena **current; /* the caller's variable with the block that new users join */
};

/*
 * job_arena_join - add a user to *@current, or to a new block if *@current is NULL or full.
 *
 * The caller sets *@current to NULL before the first call.  The pointer @current must stay valid
 * until no block has users.
 */
struct job_arena *job_arena_join(struct job_arena **current) __attribute__((returns_nonnull));

/* job_arena_leave - remove a user of the block, and free the block after its last user. */
void job_arena_leave(struct job_arena *job_arena);

#endif
