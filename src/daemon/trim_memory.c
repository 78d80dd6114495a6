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

#define QUIET_S     1.0   /* memory is trimmed after this time without a change of the world */
#define BUSY_MS     30000 /* memory is trimmed after this time even if the world keeps changing */
#define MIN_CHANGES 100u  /* after fewer changes, trimming would free too little memory */

struct trim_memory {
	struct ev_loop *loop;
	ev_timer timer; /* a change of the world starts the timer if it does not run yet */
	unsigned int n_changes;      /* number of the world's changes since the last trim */
	unsigned int n_changes_seen; /* value of n_changes when the timer last fired */
	int64_t since_ms;            /* clock_ms() when the timer was started */
};

/*
 * Unmap read-only pages of the program and its libraries, because most of the code is used only at
 * the start: resident pages of files shrink from 9.7 MiB to 2.7 MiB.  The unmapped pages stay in
 * the page cache, so a later use of a page costs only a minor page fault.
 *
 * The loop unmaps the first segment last, because that segment contains the program headers.  Each
 * read of program headers maps the pages around the headers again, 64 KiB for each of 14 libraries.
 */
static int
drop_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size, (void)arg;
	for (size_t i = info->dlpi_phnum; i-- > 0;) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t begin = (info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
		uintptr_t end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;

		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W))
			(void)madvise((void *)begin, end - begin, MADV_DONTNEED);
	}
	return 0;
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct trim_memory *trim = w->data;
	bool quiet = trim->n_changes_seen == trim->n_changes;

	(void)revents;
	trim->n_changes_seen = trim->n_changes;
	if (!quiet && clock_ms() - trim->since_ms < BUSY_MS)
		return;
	ev_timer_stop(loop, w);
	if (trim->n_changes < MIN_CHANGES)
		return;
	malloc_trim(0);
	dl_iterate_phdr(drop_code, NULL);
	trim->n_changes = trim->n_changes_seen = 0;
}

void
trim_memory_count_change(struct trim_memory *trim)
{
	trim->n_changes++;
	if (ev_is_active(&trim->timer))
		return;
	trim->since_ms = clock_ms();
	ev_timer_set(&trim->timer, QUIET_S, QUIET_S);
	ev_timer_start(trim->loop, &trim->timer);
}

struct trim_memory *
trim_memory_new(struct ev_loop *loop)
{
	struct trim_memory *trim = xcalloc(1, sizeof(*trim));

	trim->loop = loop;
	ev_timer_init(&trim->timer, on_timer, QUIET_S, QUIET_S);
	trim->timer.data = trim;
	trim->n_changes = MIN_CHANGES; /* one change is enough for the first trim */
	return trim;
}

void
trim_memory_free(struct trim_memory *trim)
{
	if (!trim)
		return;
	ev_timer_stop(trim->loop, &trim->timer);
	free(trim);
}
