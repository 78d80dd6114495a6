/* SPDX-License-Identifier: Apache-2.0 */
#include "follow.h"

#include "arplet/client.h"
#include "arplet/creds.h"
#include "clock.h"
#include "dryrun.h"
#include "feed.h"
#include "timer.h"

#include <ev.h>
#include <signal.h>
#include <stdio.h>

struct follow {
	const struct options *opts;
	struct ev_loop *loop;
	struct world *world;
	struct outcome *outcome;
	struct feed *feed;
	const struct creds *creds;
	ev_prepare before_sleep;
	ev_timer next_pass; /* when time alone changes a decision */
	ev_signal sigterm, sigint;
	bool listed[KINDS], missing[KINDS];
	bool dirty, failed;
	int status;
};

static void
on_change(void *arg)
{
	((struct follow *)arg)->dirty = true;
}

static void
on_listed(void *arg, enum kind kind)
{
	((struct follow *)arg)->listed[kind] = true;
}

/* A kind that is not installed has no objects; any other trouble ends what does not watch. */
static void
on_state(void *arg, enum kind kind, enum reflector_state state, const char *why)
{
	struct follow *follow = arg;

	if (state == REFLECTOR_STARTING || state == REFLECTOR_SYNCED || state == REFLECTOR_HOLDING)
		return;
	if (state == REFLECTOR_NOT_INSTALLED && follow->listed[kind] && !follow->missing[kind]) {
		fprintf(stderr, "note: %s\n", why);
		return;
	}
	if (state == REFLECTOR_NOT_INSTALLED) {
		if (!follow->missing[kind])
			fprintf(stderr, "note: %s\n", why);
		world_list_begin(follow->world, kind);
		world_list_end(follow->world, kind);
		follow->missing[kind] = follow->listed[kind] = follow->dirty = true;
		return;
	}
	if (follow->failed)
		return; /* the first has said it */
	fprintf(stderr, "arplet: cannot read %s of %s: %s\n", kind_info[kind].resource,
	    creds_server(follow->creds), why);
	if (!follow->opts->watch) {
		follow->status = DRYRUN_BAD;
		follow->failed = true;
		ev_break(follow->loop, EVBREAK_ALL);
	}
}

static bool
all_listed(const struct follow *follow)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (feed_reflector(follow->feed, kind) && !follow->listed[kind])
			return false;
	}
	return true;
}

static void
on_next_pass(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	on_change(w->data);
}

static void
on_before_sleep(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct follow *follow = w->data;
	struct plan plan = { 0 };
	int64_t now_ms = clock_ms();

	(void)revents;
	if (!follow->dirty || !all_listed(follow))
		return;
	follow->dirty = false;
	world_set_now(follow->world, now_ms);
	world_decide(follow->world, &plan);
	outcome_note(follow->outcome, &plan);
	plan_done(&plan);
	follow->status = outcome_served(follow->world) ? DRYRUN_SERVED : DRYRUN_UNSERVED;
	if (follow->opts->watch) {
		if (outcome_follow(follow->outcome, follow->world) < 0)
			ev_break(loop, EVBREAK_ALL); /* nobody reads it any more */
		timer_at(loop, &follow->next_pass, world_next_ms(follow->world), now_ms);
		return;
	}
	outcome_print(follow->outcome, follow->world);
	ev_break(loop, EVBREAK_ALL);
}

static void
on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)w, (void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void
start_watchers(struct follow *follow)
{
	ev_prepare_init(&follow->before_sleep, on_before_sleep);
	ev_signal_init(&follow->sigterm, on_signal, SIGTERM);
	ev_signal_init(&follow->sigint, on_signal, SIGINT);
	ev_init(&follow->next_pass, on_next_pass);
	follow->before_sleep.data = follow->next_pass.data = follow;
	ev_set_priority(&follow->before_sleep, EV_MAXPRI);
	ev_prepare_start(follow->loop, &follow->before_sleep);
	ev_signal_start(follow->loop, &follow->sigterm);
	ev_signal_start(follow->loop, &follow->sigint);
}

static void
stop_watchers(struct follow *follow)
{
	ev_prepare_stop(follow->loop, &follow->before_sleep);
	ev_timer_stop(follow->loop, &follow->next_pass);
	ev_signal_stop(follow->loop, &follow->sigterm);
	ev_signal_stop(follow->loop, &follow->sigint);
}

static void
run(struct follow *follow, struct creds *creds)
{
	static const struct feed_ops ops = { on_change, on_listed, on_state };
	struct client *client = client_new(follow->loop, creds, &(struct client_opts){ 0 });

	follow->creds = creds;
	follow->feed = feed_new(follow->loop, client, follow->world,
	    &(struct feed_opts){ .pool_ns = follow->opts->pool_ns, .keep_raw = true }, &ops,
	    follow);
	start_watchers(follow);
	ev_run(follow->loop, 0);
	stop_watchers(follow);
	feed_free(follow->feed);
	client_free(client);
}

int
follow_run(const struct options *opts, struct world *world, struct outcome *outcome)
{
	struct follow follow = { .opts = opts, .world = world, .outcome = outcome,
		.status = DRYRUN_BAD };
	struct creds *creds;
	struct err err = { "" };
	int rc;

	signal(SIGPIPE, SIG_IGN);
	follow.loop = ev_default_loop(EVFLAG_AUTO);
	if (!follow.loop) {
		fprintf(stderr, "arplet: no event loop\n");
		return DRYRUN_BAD;
	}
	rc = creds_new(follow.loop,
	    &(struct creds_opts){ .kubeconfig = opts->kubeconfig, .context = opts->context },
	    &creds, &err);
	if (rc < 0) {
		fprintf(stderr, "arplet: %s\n", err.text);
	} else {
		run(&follow, creds);
		creds_free(creds);
	}
	ev_loop_destroy(follow.loop);
	return follow.status;
}
