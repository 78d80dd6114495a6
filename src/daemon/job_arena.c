/* SPDX-License-Identifier: Apache-2.0 */
#include "job_arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

/*
 * Pages of its own, of which those are taken up that are written to.  The heap would cut it from
 * what it has at hand, and leave a hole there.
 */
#define BATCH_BYTES (128u * 1024)
#define FULL_BYTES  4096u /* with less than that left, another one begins */

struct roomy {
	struct job_arena job_arena;
	_Alignas(max_align_t) char room[BATCH_BYTES - sizeof(struct job_arena)];
};

struct job_arena *
job_arena_join(struct job_arena **current)
{
	struct job_arena *job_arena = *current;

	if (!job_arena || job_arena->mem.left < FULL_BYTES || job_arena->mem.chunks) {
		struct roomy *roomy = mmap(NULL, sizeof(*roomy), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (roomy == MAP_FAILED)
			abort();
		job_arena = &roomy->job_arena;
		arena_lend(&job_arena->mem, roomy->room, sizeof(roomy->room));
		job_arena->current = current;
		*current = job_arena;
	}
	job_arena->users++;
	return job_arena;
}

void
job_arena_leave(struct job_arena *job_arena)
{
	if (--job_arena->users)
		return;
	if (*job_arena->current == job_arena)
		*job_arena->current = NULL;
	arena_done(&job_arena->mem);
	munmap(job_arena, sizeof(struct roomy));
}
