/* SPDX-License-Identifier: Apache-2.0 */
#include "api_path.h"
#include "reflector_impl.h"
#include "util/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct reflector *r = w->data;

	(void)loop, (void)revents;
	r->began_ms = clock_ms();
	r->received = r->gone = false;
	r->retry_after_ms = -1;
	r->wrong[0] = '\0';
	if (r->reflector_fsm.phase == PHASE_WATCH)
		request_watch(r);
	else
		request_list(r);
}

/* What was doubtful is to be settled by a list, unless one is on its way anyhow. */
static void
on_relist(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct reflector *r = w->data;

	(void)loop, (void)revents;
	if (r->reflector_fsm.phase == PHASE_WATCH)
		reflector_list_anew(r);
}

struct reflector *
reflector_new(struct ev_loop *loop, struct client *client, const struct reflector_opts *opts,
    const struct reflector_ops *ops, void *arg)
{
	struct reflector *r = xcalloc(1, sizeof(*r));
	char query[512];

	r->loop = loop;
	r->client = client;
	r->opts = *opts;
	r->ops = *ops;
	r->arg = arg;
	r->base = path_of_kind(opts->kind, opts->ns);
	snprintf(query, sizeof(query), "%s%s", opts->query ? "&" : "", opts->query ? opts->query : "");
	r->query = xstrdup(query);
	ev_timer_init(&r->timer, on_timer, 0., 0.);
	ev_timer_init(&r->relist, on_relist, 0., 0.);
	r->timer.data = r->relist.data = r;
	r->reflector_fsm.confirm_deletes = opts->confirm_deletes;
	reflector_schedule(r, opts->start_ms);
	return r;
}

void
reflector_free(struct reflector *r)
{
	if (!r)
		return;
	call_cancel(r->call);
	reflector_in_done(r);
	ev_timer_stop(r->loop, &r->timer);
	ev_timer_stop(r->loop, &r->relist);
	reflector_forget_more(r);
	free(r->base);
	free(r->query);
	free(r);
}

void
reflector_relist(struct reflector *r)
{
	r->reflector_fsm.failures = 0;
	reflector_list_anew(r);
}

enum reflector_state
reflector_state(const struct reflector *r)
{
	return r->state;
}

const struct reflector_stats *
reflector_stats(const struct reflector *r)
{
	return &r->stats;
}
