/* SPDX-License-Identifier: Apache-2.0 */
#include "decide_turn.h"

#include "arplet/world.h"
#include "write_queue.h"
#include "speaker.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/timer.h"

static void
carry_out(struct decide_turn *decide_turn, const struct action *act)
{
	if (act->kind == ACT_VIP_ELECT || act->kind == ACT_VIP_WITHDRAW ||
	    act->kind == ACT_HELLO_LINK) {
		speaker_do(decide_turn->speaker, act);
		return;
	}
	if (write_queue_do(decide_turn->write_queue, act) && act->kind == ACT_EVENT)
		log_write(act->u.event.warning ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
		    act->u.event.message, kind_info[act->on.kind].kind, act->on.name, "namespace",
		    act->on.ns, "reason", act->u.event.reason, NULL);
}

/*
 * The time for the decisions of one turn, and for carrying them out.  A turn of the event loop
 * should take less than 20 ms in all, because hellos and answers to ARP requests wait for its end.
 */
#define TURN_US 5000
/* the duration of one unit of world_decide_some(): the first estimate, and the limits */
#define UNIT_NS_FIRST 50
#define UNIT_NS_MIN 20
#define UNIT_NS_MAX 2000
#define MEASURABLE 2000 /* units; a shorter turn says little about the duration of a unit */

/* Notes that @spent units took @us; the estimate follows within a few turns. */
static void
learn_unit(struct decide_turn *decide_turn, size_t spent, int64_t us)
{
	int64_t unit_ns = us * 1000 / (int64_t)spent;

	unit_ns = (decide_turn->unit_ns * 3 + unit_ns) / 4;
	decide_turn->unit_ns = unit_ns < UNIT_NS_MIN ? UNIT_NS_MIN
	    : unit_ns > UNIT_NS_MAX ? UNIT_NS_MAX : unit_ns;
}

/* Decides and carries out a part of what is due.  Returns true if more is due. */
static bool
decide_part(struct decide_turn *decide_turn)
{
	size_t budget = (size_t)(TURN_US * 1000 / decide_turn->unit_ns), spent;
	int64_t start_us = clock_cpu_us();
	struct plan plan = { 0 };
	bool more = world_decide_some(decide_turn->world, &plan, budget, &spent);

	for (size_t i = 0; i < plan.n; i++)
		carry_out(decide_turn, &plan.v[i]);
	plan_done(&plan);
	if (spent > MEASURABLE)
		learn_unit(decide_turn, spent, clock_cpu_us() - start_us);
	return more;
}

static void
on_turn_end(struct ev_loop *loop, struct ev_watcher *w, int revents)
{
	struct decide_turn *decide_turn = w->data;
	int64_t now_ms = clock_ms();
	bool more;

	(void)revents;
	world_set_now(decide_turn->world, now_ms);
	more = decide_part(decide_turn);
	speaker_update_nodes(decide_turn->speaker);
	speaker_update_key(decide_turn->speaker);
	speaker_probe(decide_turn->speaker);
	if (!more) {
		timer_at(loop, &decide_turn->next_decision, world_next_ms(decide_turn->world),
		    now_ms);
		return;
	}
	/* sockets and timers that are ready go first: the loop checks them before this timer */
	ev_timer_stop(loop, &decide_turn->next_decision);
	ev_timer_set(&decide_turn->next_decision, 0., 0.);
	ev_timer_start(loop, &decide_turn->next_decision);
}

static void
on_next_decision(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	decide_turn_schedule(w->data);
}

void
decide_turn_schedule(struct decide_turn *decide_turn)
{
	ev_feed_event(decide_turn->loop, &decide_turn->at_turn_end, EV_CUSTOM);
}

void
decide_turn_init(struct decide_turn *decide_turn, struct ev_loop *loop)
{
	decide_turn->loop = loop;
	decide_turn->unit_ns = UNIT_NS_FIRST;
	ev_init(&decide_turn->at_turn_end, on_turn_end);
	ev_init(&decide_turn->next_decision, on_next_decision);
	decide_turn->at_turn_end.data = decide_turn->next_decision.data = decide_turn;
	ev_set_priority(&decide_turn->at_turn_end, EV_MINPRI);
}

void
decide_turn_done(struct decide_turn *decide_turn)
{
	ev_clear_pending(decide_turn->loop, &decide_turn->at_turn_end);
	ev_timer_stop(decide_turn->loop, &decide_turn->next_decision);
}
