/* SPDX-License-Identifier: Apache-2.0 */
#include "follow_cluster.h"

#include "arplet/client.h"
#include "arplet/creds.h"
#include "util/clock.h"
#include "dryrun.h"
#include "arplet/informers.h"
#include "util/timer.h"

#include <ev.h>
#include <signal.h>
#include <stdio.h>

struct follow_cluster {
	const struct options *opts;
	struct ev_loop *loop;
	struct world *world;
	struct outcome *outcome;
	struct informers *informers;
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
	((struct follow_cluster *)arg)->dirty = true;
}

static void
on_listed(void *arg, enum kind kind)
{
	((struct follow_cluster *)arg)->listed[kind] = true;
}

/* A kind that is not installed has no objects; any other trouble ends what does not watch. */
static void
on_state(void *arg, enum kind kind, enum reflector_state state, const char *why)
{
	struct follow_cluster *follow_cluster = arg;

	if (state == REFLECTOR_STARTING || state == REFLECTOR_SYNCED || state == REFLECTOR_HOLDING)
		return;
	if (state == REFLECTOR_NOT_INSTALLED && follow_cluster->listed[kind] && !follow_cluster->missing[kind]) {
		fprintf(stderr, "note: %s\n", why);
		return;
	}
	if (state == REFLECTOR_NOT_INSTALLED) {
		if (!follow_cluster->missing[kind])
			fprintf(stderr, "note: %s\n", why);
		world_list_begin(follow_cluster->world, kind);
		world_list_end(follow_cluster->world, kind);
		follow_cluster->missing[kind] = follow_cluster->listed[kind] = follow_cluster->dirty = true;
		return;
	}
	if (follow_cluster->failed)
		return; /* the first has said it */
	fprintf(stderr, "arplet: cannot read %s of %s: %s\n", kind_info[kind].resource,
	    creds_server(follow_cluster->creds), why);
	if (!follow_cluster->opts->watch) {
		follow_cluster->status = DRYRUN_BAD;
		follow_cluster->failed = true;
		ev_break(follow_cluster->loop, EVBREAK_ALL);
	}
}

static bool
all_listed(const struct follow_cluster *follow_cluster)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (informers_reflector(follow_cluster->informers, kind) && !follow_cluster->listed[kind])
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
	struct follow_cluster *follow_cluster = w->data;
	struct plan plan = { 0 };
	int64_t now_ms = clock_ms();

	(void)revents;
	if (!follow_cluster->dirty || !all_listed(follow_cluster))
		return;
	follow_cluster->dirty = false;
	world_set_now(follow_cluster->world, now_ms);
	world_decide(follow_cluster->world, &plan);
	outcome_note(follow_cluster->outcome, &plan);
	plan_done(&plan);
	follow_cluster->status = outcome_served(follow_cluster->world) ? DRYRUN_SERVED : DRYRUN_UNSERVED;
	if (follow_cluster->opts->watch) {
		if (outcome_follow(follow_cluster->outcome, follow_cluster->world) < 0)
			ev_break(loop, EVBREAK_ALL); /* nobody reads it any more */
		timer_at(loop, &follow_cluster->next_pass, world_next_ms(follow_cluster->world), now_ms);
		return;
	}
	outcome_print(follow_cluster->outcome, follow_cluster->world);
	ev_break(loop, EVBREAK_ALL);
}

static void
on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)w, (void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void
start_watchers(struct follow_cluster *follow_cluster)
{
	ev_prepare_init(&follow_cluster->before_sleep, on_before_sleep);
	ev_signal_init(&follow_cluster->sigterm, on_signal, SIGTERM);
	ev_signal_init(&follow_cluster->sigint, on_signal, SIGINT);
	ev_init(&follow_cluster->next_pass, on_next_pass);
	follow_cluster->before_sleep.data = follow_cluster->next_pass.data = follow_cluster;
	ev_set_priority(&follow_cluster->before_sleep, EV_MAXPRI);
	ev_prepare_start(follow_cluster->loop, &follow_cluster->before_sleep);
	ev_signal_start(follow_cluster->loop, &follow_cluster->sigterm);
	ev_signal_start(follow_cluster->loop, &follow_cluster->sigint);
}

static void
stop_watchers(struct follow_cluster *follow_cluster)
{
	ev_prepare_stop(follow_cluster->loop, &follow_cluster->before_sleep);
	ev_timer_stop(follow_cluster->loop, &follow_cluster->next_pass);
	ev_signal_stop(follow_cluster->loop, &follow_cluster->sigterm);
	ev_signal_stop(follow_cluster->loop, &follow_cluster->sigint);
}

static void
run(struct follow_cluster *follow_cluster, struct creds *creds)
{
	static const struct informers_ops ops = { on_change, on_listed, on_state };
	struct client *client = client_new(follow_cluster->loop, creds, &(struct client_opts){ 0 });

	follow_cluster->creds = creds;
	follow_cluster->informers = informers_new(follow_cluster->loop, client, follow_cluster->world,
	    &(struct informers_opts){ .pool_ns = follow_cluster->opts->pool_ns, .keep_raw = true }, &ops,
	    follow_cluster);
	start_watchers(follow_cluster);
	ev_run(follow_cluster->loop, 0);
	stop_watchers(follow_cluster);
	informers_free(follow_cluster->informers);
	client_free(client);
}

int
follow_cluster_run(const struct options *opts, struct world *world, struct outcome *outcome)
{
	struct follow_cluster follow_cluster = { .opts = opts, .world = world, .outcome = outcome,
		.status = DRYRUN_BAD };
	struct creds *creds;
	struct err err = { "" };
	int rc;

	signal(SIGPIPE, SIG_IGN);
	follow_cluster.loop = ev_default_loop(EVFLAG_AUTO);
	if (!follow_cluster.loop) {
		fprintf(stderr, "arplet: no event loop\n");
		return DRYRUN_BAD;
	}
	rc = creds_new(follow_cluster.loop,
	    &(struct creds_opts){ .kubeconfig = opts->kubeconfig, .context = opts->context },
	    &creds, &err);
	if (rc < 0) {
		fprintf(stderr, "arplet: %s\n", err.text);
	} else {
		run(&follow_cluster, creds);
		creds_free(creds);
	}
	ev_loop_destroy(follow_cluster.loop);
	return follow_cluster.status;
}
