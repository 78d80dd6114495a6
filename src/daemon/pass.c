/* SPDX-License-Identifier: Apache-2.0 */
#include "pass.h"

#include "arplet/world.h"
#include "clock.h"
#include "executor.h"
#include "lan.h"
#include "log.h"
#include "timer.h"

static void
act_on(struct pass *pass, const struct action *act)
{
	if (act->kind == ACT_STAND || act->kind == ACT_WITHDRAW || act->kind == ACT_MEET) {
		lan_do(pass->lan, act);
		return;
	}
	if (act->kind == ACT_EVENT)
		log_write(act->u.event.warning ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
		    act->u.event.message, kind_info[act->on.kind].kind, act->on.name, "namespace",
		    act->on.ns, "reason", act->u.event.reason, NULL);
	executor_do(pass->executor, act);
}

static void
on_turn(struct ev_loop *loop, struct ev_watcher *w, int revents)
{
	struct pass *pass = w->data;
	struct plan plan = { 0 };
	int64_t now_ms = clock_ms();

	(void)revents;
	world_set_now(pass->world, now_ms);
	world_decide(pass->world, &plan);
	for (size_t i = 0; i < plan.n; i++)
		act_on(pass, &plan.v[i]);
	plan_done(&plan);
	lan_follow_key(pass->lan);
	lan_ask(pass->lan);
	timer_at(loop, &pass->later, world_next_ms(pass->world), now_ms);
}

static void
on_later(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	pass_wake(w->data);
}

void
pass_wake(struct pass *pass)
{
	ev_feed_event(pass->loop, &pass->turn, EV_CUSTOM);
}

void
pass_init(struct pass *pass, struct ev_loop *loop)
{
	pass->loop = loop;
	ev_init(&pass->turn, on_turn);
	ev_init(&pass->later, on_later);
	pass->turn.data = pass->later.data = pass;
	ev_set_priority(&pass->turn, EV_MINPRI);
}

void
pass_done(struct pass *pass)
{
	ev_clear_pending(pass->loop, &pass->turn);
	ev_timer_stop(pass->loop, &pass->later);
}
