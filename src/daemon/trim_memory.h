/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TRIM_MEMORY_H
#define DAEMON_TRIM_MEMORY_H

/* Returns free memory to the operating system: after the start, and after many changes. */
struct ev_loop;
struct trim_memory;

struct trim_memory *trim_memory_new(struct ev_loop *loop);
void trim_memory_free(struct trim_memory *trim); /* NULL is fine */

/* trim_memory_count_change - count one change of the world; after many changes, trim memory. */
void trim_memory_count_change(struct trim_memory *trim);

#endif
