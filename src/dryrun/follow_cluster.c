/* SPDX-License-Identifier: Apache-2.0 */
#include "follow_cluster.h"

#include "arplet/client.h"
#include "arplet/creds.h"
#include "arplet/informers.h"
#include "dryrun.h"
#include "util/clock.h"
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
	ev_timer next_decision; /* fires when world_next_ms() is due */
	ev_signal sigterm, sigint;
	bool listed[KINDS];  /* for each kind: true after the first list is complete */
	bool missing[KINDS]; /* for each kind: true if its CRD is not installed */
	bool changed;        /* the world has changed since the last call of world_decide() */
	bool failed;         /* without --watch: objects of a kind could not be read */
	int status;
};

static void
on_change(void *arg)
{
	((struct follow_cluster *)arg)->changed = true;
}

static void
on_listed(void *arg, enum kind kind)
{
	((struct follow_cluster *)arg)->listed[kind] = true;
}

/*
 * Called if the CRD of a kind is not installed.  The dry run then works as if a list of this kind
 * had no objects.  One exception: if a CRD is deleted after its objects were listed, these objects
 * stay in the world.
 */
static void
handle_missing_crd(struct follow_cluster *follow, enum kind kind, const char *why)
{
	if (!follow->missing[kind]) {
		fprintf(stderr, "note: %s\n", why);
		if (follow->listed[kind])
			return;
	}
	world_list_begin(follow->world, kind);
	world_list_end(follow->world, kind);
	follow->missing[kind] = follow->listed[kind] = follow->changed = true;
}

/* Without --watch, any error except a missing CRD ends the dry run. */
static void
on_state(void *arg, enum kind kind, enum reflector_state state, const char *why)
{
	struct follow_cluster *follow = arg;

	if (state == REFLECTOR_STARTING || state == REFLECTOR_SYNCED || state == REFLECTOR_HOLDING)
		return;
	if (state == REFLECTOR_NOT_INSTALLED) {
		handle_missing_crd(follow, kind, why);
		return;
	}
	if (follow->failed)
		return; /* the first error was reported already */
	fprintf(stderr, "arplet: cannot read %s of %s: %s\n", kind_info[kind].resource,
	    creds_server(follow->creds), why);
	if (!follow->opts->watch) {
		follow->status = DRYRUN_BAD;
		follow->failed = true;
		ev_break(follow->loop, EVBREAK_ALL);
	}
}

static bool
all_listed(const struct follow_cluster *follow)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (informers_reflector(follow->informers, kind) && !follow->listed[kind])
			return false;
	}
	return true;
}

static void
on_next_decision(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	on_change(w->data);
}

static void
decide(struct follow_cluster *follow, int64_t now_ms)
{
	struct plan plan = { 0 };

	follow->changed = false;
	world_set_now(follow->world, now_ms);
	world_decide(follow->world, &plan);
	outcome_add(follow->outcome, &plan);
	plan_done(&plan);
	follow->status = outcome_served(follow->world) ? DRYRUN_SERVED : DRYRUN_UNSERVED;
}

static void
on_before_sleep(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct follow_cluster *follow = w->data;
	int64_t now_ms = clock_ms();

	(void)revents;
	if (!follow->changed || !all_listed(follow))
		return;
	decide(follow, now_ms);
	if (follow->opts->watch) {
		if (outcome_print_changes(follow->outcome, follow->world) < 0)
			ev_break(loop, EVBREAK_ALL); /* standard output cannot be written */
		timer_at(loop, &follow->next_decision, world_next_ms(follow->world), now_ms);
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
start_watchers(struct follow_cluster *follow)
{
	ev_prepare_init(&follow->before_sleep, on_before_sleep);
	ev_signal_init(&follow->sigterm, on_signal, SIGTERM);
	ev_signal_init(&follow->sigint, on_signal, SIGINT);
	ev_init(&follow->next_decision, on_next_decision);
	follow->before_sleep.data = follow->next_decision.data = follow;
	ev_set_priority(&follow->before_sleep, EV_MAXPRI);
	ev_prepare_start(follow->loop, &follow->before_sleep);
	ev_signal_start(follow->loop, &follow->sigterm);
	ev_signal_start(follow->loop, &follow->sigint);
}

static void
stop_watchers(struct follow_cluster *follow)
{
	ev_prepare_stop(follow->loop, &follow->before_sleep);
	ev_timer_stop(follow->loop, &follow->next_decision);
	ev_signal_stop(follow->loop, &follow->sigterm);
	ev_signal_stop(follow->loop, &follow->sigint);
}

static void
run(struct follow_cluster *follow, struct creds *creds)
{
	static const struct informers_ops ops = { on_change, on_listed, on_state };
	struct client *client = client_new(follow->loop, creds, &(struct client_opts){ 0 });

	follow->creds = creds;
	follow->informers = informers_new(follow->loop, client, follow->world,
	    &(struct informers_opts){ .pool_ns = follow->opts->pool_ns, .keep_raw = true }, &ops,
	    follow);
	start_watchers(follow);
	ev_run(follow->loop, 0);
	stop_watchers(follow);
	informers_free(follow->informers);
	client_free(client);
}

int
follow_cluster_run(const struct options *opts, struct world *world, struct outcome *outcome)
{
	struct follow_cluster follow = { .opts = opts, .world = world, .outcome = outcome,
		.status = DRYRUN_BAD };
	struct creds *creds;
	struct err err = { "" };
	int rc;

	signal(SIGPIPE, SIG_IGN);
	follow.loop = ev_default_loop(EVFLAG_AUTO);
	if (!follow.loop) {
		fprintf(stderr, "arplet: cannot create an event loop\n");
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
