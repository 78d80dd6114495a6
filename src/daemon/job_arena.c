/* SPDX-License-Identifier: Apache-2.0 */
#include "job_arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

/*
 * Each block of queued writes has its own memory pages.  On the heap, queued writes would share
 * pages with objects that live longer, so few pages could be freed after the writes.  After a start
 * with 3,000 Services without addresses, the daemon uses 5.9 MiB of private memory; with malloc()
 * instead of these blocks, the daemon would use 13.1 MiB.
 */
#define BLOCK_BYTES    (128u * 1024)
#define MIN_LEFT_BYTES 4096u /* a block with fewer free bytes counts as full */

struct block {
	struct job_arena job_arena;
	_Alignas(max_align_t) char room[BLOCK_BYTES - sizeof(struct job_arena)];
};

struct job_arena *
job_arena_join(struct job_arena **current)
{
	struct job_arena *job_arena = *current;

	if (!job_arena || job_arena->mem.left < MIN_LEFT_BYTES || job_arena->mem.chunks) {
		struct block *block = mmap(NULL, sizeof(*block), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (block == MAP_FAILED)
			abort();
		job_arena = &block->job_arena;
		arena_lend(&job_arena->mem, block->room, sizeof(block->room));
		job_arena->current = current;
		*current = job_arena;
	}
	job_arena->n_users++;
	return job_arena;
}

void
job_arena_leave(struct job_arena *job_arena)
{
	if (--job_arena->n_users)
		return;
	if (*job_arena->current == job_arena)
		*job_arena->current = NULL;
	arena_done(&job_arena->mem);
	munmap(job_arena, sizeof(struct block));
}
