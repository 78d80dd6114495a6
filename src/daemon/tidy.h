/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TIDY_H
#define DAEMON_TIDY_H

/*
 * Gives memory back to the system that a burst of work, or the start, has needed and the quiet
 * after it does not: a daemon on every node is mostly quiet.
 */
struct ev_loop;
struct tidy;

struct tidy *tidy_new(struct ev_loop *loop);
void tidy_free(struct tidy *tidy); /* NULL is fine */

/* tidy_worked - an object was taken in, or the like: costs nothing, and may be called often. */
void tidy_worked(struct tidy *tidy);

#endif
