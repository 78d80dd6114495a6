/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LOOP_TURN_H
#define DAEMON_LOOP_TURN_H

#include "arplet/metrics.h"

#include <ev.h>

/*
 * Measures how long each turn of the event loop takes: from the end of a wait for events until the
 * start of the next wait.  While a turn lasts, the daemon sends no hello and answers no request.
 */
struct loop_turn {
	struct ev_loop *loop;
	ev_check begin;
	ev_prepare end;
	int64_t begin_us; /* monotonic; 0: the first turn has not begun */
	double max_s;     /* the longest turn since the start of the daemon */
	struct histogram durations;
};

void loop_turn_init(struct loop_turn *loop_turn, struct ev_loop *loop);
void loop_turn_done(struct loop_turn *loop_turn);
/* loop_turn_metrics - add the metrics of the turns to @m. */
void loop_turn_metrics(const struct loop_turn *loop_turn, struct metrics *m);

#endif
