/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CONTENTION_H
#define CORE_BASE_CONTENTION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Another program undoes a change of this daemon again and again.  This daemon then makes the change
 * after longer and longer pauses, so that both do not write all the time.
 */
struct contention {
	uint64_t last_ms : 48; /* when the change was undone last, monotonic ms */
	uint64_t n : 16;       /* how often it was undone; 0: never, or not since a calm time */
};

struct contention_rule {
	unsigned int free;        /* after so many times, there is no pause yet */
	int64_t first_ms, cap_ms; /* the first pause; it doubles each time, up to cap_ms */
};

/*
 * contention_count - note that the change was undone.  The count starts again after a calm time:
 * twice the last pause, and a minute.
 */
void contention_count(struct contention *c, const struct contention_rule *rule, int64_t now_ms);
/* contention_until_ms - the end of the pause; 0 if there is none. */
int64_t contention_until_ms(const struct contention *c, const struct contention_rule *rule);
/* contention_is_long - true if there was a pause since the last calm time. */
bool contention_is_long(const struct contention *c, const struct contention_rule *rule,
    int64_t now_ms);

#endif
