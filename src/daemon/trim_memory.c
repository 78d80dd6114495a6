/* SPDX-License-Identifier: Apache-2.0 */
#include "trim_memory.h"

#include "arplet/arena.h"
#include "util/clock.h"

#include <ev.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define QUIET_S 1.0      /* nothing was done for so long */
#define BUSY_MS 30000    /* or it never gets quiet: then that often */
#define WORTH_IT 100u    /* pieces of work since the last time */

struct trim_memory {
	struct ev_loop *loop;
	ev_timer timer; /* runs while there may be something to give back */
	unsigned int worked, seen;
	int64_t since_ms; /* when the work began that has not been tidied up after */
};

/*
 * Code and constants that were needed to start, mostly those of libraries, stay in the page cache
 * and leave this process; what is needed again comes back at the price of a minor fault.
 * Segments that cannot be written to hold nothing of our own.  From the last one to the first, for
 * this list of them lies in that: to read on in it would bring back what surrounds it.
 */
static int
drop_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size, (void)arg;
	for (size_t i = info->dlpi_phnum; i-- > 0;) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t begin = (info->dlpi_addr + part->p_vaddr) & ~(page - 1);
		uintptr_t end = info->dlpi_addr + part->p_vaddr + part->p_memsz;

		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
			(void)madvise((void *)begin, end - begin, MADV_DONTNEED);
	}
	return 0;
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct trim_memory *trim_memory = w->data;
	bool quiet = trim_memory->seen == trim_memory->worked;

	(void)revents;
	trim_memory->seen = trim_memory->worked;
	if (!quiet && clock_ms() - trim_memory->since_ms < BUSY_MS)
		return;
	ev_timer_stop(loop, w);
	if (trim_memory->worked >= WORTH_IT) {
		malloc_trim(0);
		dl_iterate_phdr(drop_code, NULL);
		trim_memory->worked = trim_memory->seen = 0;
	}
}

void
trim_memory_worked(struct trim_memory *trim_memory)
{
	trim_memory->worked++;
	if (ev_is_active(&trim_memory->timer))
		return;
	trim_memory->since_ms = clock_ms();
	ev_timer_set(&trim_memory->timer, QUIET_S, QUIET_S);
	ev_timer_start(trim_memory->loop, &trim_memory->timer);
}

struct trim_memory *
trim_memory_new(struct ev_loop *loop)
{
	struct trim_memory *trim_memory = xcalloc(1, sizeof(*trim_memory));

	trim_memory->loop = loop;
	ev_timer_init(&trim_memory->timer, on_timer, QUIET_S, QUIET_S);
	trim_memory->timer.data = trim_memory;
	/* the start itself is worth it, however little there is in the cluster */
	trim_memory->worked = WORTH_IT;
	return trim_memory;
}

void
trim_memory_free(struct trim_memory *trim_memory)
{
	if (!trim_memory)
		return;
	ev_timer_stop(trim_memory->loop, &trim_memory->timer);
	free(trim_memory);
}
