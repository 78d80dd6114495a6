/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

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
	struct batch batch;
	_Alignas(max_align_t) char room[BATCH_BYTES - sizeof(struct batch)];
};

struct batch *
batch_join(struct batch **current)
{
	struct batch *batch = *current;

	if (!batch || batch->mem.left < FULL_BYTES || batch->mem.chunks) {
		struct roomy *roomy = mmap(NULL, sizeof(*roomy), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (roomy == MAP_FAILED)
			abort();
		batch = &roomy->batch;
		arena_lend(&batch->mem, roomy->room, sizeof(roomy->room));
		batch->current = current;
		*current = batch;
	}
	batch->users++;
	return batch;
}

void
batch_leave(struct batch *batch)
{
	if (--batch->users)
		return;
	if (*batch->current == batch)
		*batch->current = NULL;
	arena_done(&batch->mem);
	munmap(batch, sizeof(struct roomy));
}
