/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RATE_WRITE_PACE_H
#define CORE_RATE_WRITE_PACE_H

#include <stdint.h>

/*
 * Decides when the next write of an object is sent.  The first writes of an object are never
 * delayed, so a burst of writes to different objects has full speed.  Only an object that is
 * written again and again is delayed:
 *
 *  - an object: 10 writes at once, then 2 writes a second;
 *  - a namespace: of the writes after the first 3 of each object, 200 at once, then 50 a second;
 *  - an object whose writes end with 409 Conflict one after the other: 0.1 s after the second
 *    conflict, then twice as long after each conflict, up to 10 s.
 *
 * A delayed write is never lost: the newest write of an object waits, and replaces an older one.
 */
struct write_pace;

/* write_pace_new - @seed: a random number of this process.  The caller frees the result. */
struct write_pace *write_pace_new(uint32_t seed);
void write_pace_free(struct write_pace *pace); /* NULL is fine */

/*
 * write_pace_reserve - return how long the next write of the object @kind @ns/@name must wait, in
 * ms; 0: it can be sent now.  The caller sends one write after that time.  @random adds a jitter of
 * up to a quarter to the pause after conflicts.
 */
int64_t write_pace_reserve(struct write_pace *pace, const char *kind, const char *ns,
    const char *name, int64_t now_ms, uint32_t random);

/*
 * write_pace_conflict - note that the API server answered 409 to a write of the object.  Returns the
 * number of conflicts in a row.
 */
unsigned int write_pace_conflict(struct write_pace *pace, const char *kind, const char *ns,
    const char *name, int64_t now_ms);
/* write_pace_accepted - note that the API server accepted a write: its conflicts are over. */
void write_pace_accepted(struct write_pace *pace, const char *kind, const char *ns,
    const char *name);

#endif
