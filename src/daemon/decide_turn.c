/* SPDX-License-Identifier: Apache-2.0 */
#include "decide_turn.h"

#include "arplet/world.h"
#include "util/clock.h"
#include "executor.h"
#include "speaker.h"
#include "util/log.h"
#include "util/timer.h"

static void
act_on(struct decide_turn *decide_turn, const struct action *act)
{
	if (act->kind == ACT_VIP_ELECT || act->kind == ACT_VIP_WITHDRAW || act->kind == ACT_HELLO_LINK) {
		speaker_do(decide_turn->speaker, act);
		return;
	}
	if (act->kind == ACT_EVENT)
		log_write(act->u.event.warning ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
		    act->u.event.message, kind_info[act->on.kind].kind, act->on.name, "namespace",
		    act->on.ns, "reason", act->u.event.reason, NULL);
	executor_do(decide_turn->executor, act);
}

static void
on_turn(struct ev_loop *loop, struct ev_watcher *w, int revents)
{
	struct decide_turn *decide_turn = w->data;
	struct plan plan = { 0 };
	int64_t now_ms = clock_ms();

	(void)revents;
	world_set_now(decide_turn->world, now_ms);
	world_decide(decide_turn->world, &plan);
	for (size_t i = 0; i < plan.n; i++)
		act_on(decide_turn, &plan.v[i]);
	plan_done(&plan);
	speaker_follow_key(decide_turn->speaker);
	speaker_probe(decide_turn->speaker);
	timer_at(loop, &decide_turn->next_timer, world_next_ms(decide_turn->world), now_ms);
}

static void
on_later(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	decide_turn_wake(w->data);
}

void
decide_turn_wake(struct decide_turn *decide_turn)
{
	ev_feed_event(decide_turn->loop, &decide_turn->turn, EV_CUSTOM);
}

void
decide_turn_init(struct decide_turn *decide_turn, struct ev_loop *loop)
{
	decide_turn->loop = loop;
	ev_init(&decide_turn->turn, on_turn);
	ev_init(&decide_turn->next_timer, on_later);
	decide_turn->turn.data = decide_turn->next_timer.data = decide_turn;
	ev_set_priority(&decide_turn->turn, EV_MINPRI);
}

void
decide_turn_done(struct decide_turn *decide_turn)
{
	ev_clear_pending(decide_turn->loop, &decide_turn->turn);
	ev_timer_stop(decide_turn->loop, &decide_turn->next_timer);
}
