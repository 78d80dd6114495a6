/* SPDX-License-Identifier: Apache-2.0 */
#include "loop_turn.h"

#include "util/clock.h"

/* Seconds.  A turn over 0.05 s delays a hello by more than half of its interval. */
static const double bounds[] = { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5 };

static void
on_begin(struct ev_loop *loop, ev_check *w, int revents)
{
	struct loop_turn *loop_turn = w->data;

	(void)loop, (void)revents;
	loop_turn->begin_us = clock_us();
}

static void
on_end(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct loop_turn *loop_turn = w->data;
	double took_s = (double)(clock_us() - loop_turn->begin_us) / 1e6;

	(void)loop, (void)revents;
	if (!loop_turn->begin_us)
		return;
	histogram_add(&loop_turn->durations, took_s);
	if (took_s > loop_turn->max_s)
		loop_turn->max_s = took_s;
}

void
loop_turn_init(struct loop_turn *loop_turn, struct ev_loop *loop)
{
	*loop_turn = (struct loop_turn){ .loop = loop, .durations = { .bounds = bounds,
		.n = sizeof(bounds) / sizeof(*bounds) } };
	ev_check_init(&loop_turn->begin, on_begin);
	ev_prepare_init(&loop_turn->end, on_end);
	loop_turn->begin.data = loop_turn->end.data = loop_turn;
	ev_set_priority(&loop_turn->begin, EV_MAXPRI); /* before all other watchers */
	ev_set_priority(&loop_turn->end, EV_MINPRI);   /* after all other watchers */
	ev_check_start(loop, &loop_turn->begin);
	ev_prepare_start(loop, &loop_turn->end);
	ev_unref(loop); /* these watchers do not keep the loop running */
	ev_unref(loop);
}

void
loop_turn_done(struct loop_turn *loop_turn)
{
	ev_ref(loop_turn->loop);
	ev_ref(loop_turn->loop);
	ev_check_stop(loop_turn->loop, &loop_turn->begin);
	ev_prepare_stop(loop_turn->loop, &loop_turn->end);
}

void
loop_turn_metrics(const struct loop_turn *loop_turn, struct metrics *m)
{
	metrics_histogram(m, METRIC_LOOP_TURN, &loop_turn->durations);
	metric(m, METRIC_LOOP_TURN_MAX, loop_turn->max_s);
}
