/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_TIMER_H
#define UTIL_TIMER_H

#include <ev.h>
#include <stdint.h>

/*
 * timer_at - schedule @timer to fire once when clock_ms() is @at_ms; INT64_MAX: never.  @now_ms is
 * the present clock_ms(). timer_at() adds 1 ms to the delay, so that @timer does not fire early
 * because of rounding.
 */
static inline void
timer_at(struct ev_loop *loop, ev_timer *timer, int64_t at_ms, int64_t now_ms)
{
	ev_timer_stop(loop, timer);
	if (at_ms == INT64_MAX)
		return;
	ev_timer_set(timer, at_ms > now_ms ? (double)(at_ms - now_ms + 1) / 1000 : 0.001, 0);
	ev_timer_start(loop, timer);
}

#endif
