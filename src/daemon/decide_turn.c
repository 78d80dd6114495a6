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

static void
on_turn_end(struct ev_loop *loop, struct ev_watcher *w, int revents)
{
	struct decide_turn *decide_turn = w->data;
	struct plan plan = { 0 };
	int64_t now_ms = clock_ms();

	(void)revents;
	world_set_now(decide_turn->world, now_ms);
	world_decide(decide_turn->world, &plan);
	for (size_t i = 0; i < plan.n; i++)
		carry_out(decide_turn, &plan.v[i]);
	plan_done(&plan);
	speaker_update_key(decide_turn->speaker);
	speaker_probe(decide_turn->speaker);
	timer_at(loop, &decide_turn->next_decision, world_next_ms(decide_turn->world), now_ms);
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
