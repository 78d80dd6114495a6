/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TIDY_H
#define DAEMON_TIDY_H

/*
 * Gives memory back to the system that a burst of work, or the start, has needed and the quiet
 * after it does not: a daemon on every node is mostly quiet.
 */
struct ev_loop;
struct trim_memory;

struct trim_memory *trim_memory_new(struct ev_loop *loop);
void trim_memory_free(struct trim_memory *trim_memory); /* NULL is fine */

/* trim_memory_worked - an object was taken in, or the like: costs nothing, and may be called often. */
void trim_memory_worked(struct trim_memory *trim_memory);

#endif
