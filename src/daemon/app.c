/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"

#include "arplet/client.h"
#include "arplet/creds.h"
#include "arplet/http_server.h"
#include "arplet/informers.h"
#include "arplet/world.h"
#include "decide_turn.h"
#include "write_queue.h"
#include "leader.h"
#include "loop_turn.h"
#include "metrics_collect.h"
#include "node_reader.h"
#include "privs.h"
#include "speaker.h"
#include "trim_memory.h"

#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define STOP_MAX_S 4.0
/*
 * The daemon delays its first lists of Services, EndpointSlices and pools.  After a daemon
 * acquires the Lease, it must list Services and pools before it allocates.  If the Lease is free,
 * the daemon acquires the Lease during this delay, and so lists Services and pools only once.
 */
#define FIRST_LIST_DELAY_MS 150
/*
 * The shortest time between two writes of a pool's status.  Writes are rare, because the API server
 * sends each new status to all clients that watch pools.
 */
#define POOL_STATUS_MS 1000

/*
 * The daemon: connects the API client, the speaker and the HTTP server to the world.  Callbacks of
 * these parts put facts into the world.  At the end of the event loop turn, decide_turn lets the
 * world decide, and carries out the decisions.
 */
struct app {
	const struct options *opts;
	struct ev_loop *loop;
	struct creds *creds;
	struct client *client;
	struct world *world;
	struct informers *informers;
	struct speaker *speaker;
	struct write_queue *write_queue;
	struct leader *leader;
	struct node_reader *node_reader;
	struct httpd *http;
	struct decide_turn decide_turn;
	struct loop_turn loop_turn;
	struct trim_memory *trim_memory;
	ev_signal sigterm, sigint;
	ev_timer stop_timer;
	uint64_t n_updates; /* number of changed objects that watches and lists delivered */
	bool await_list[KINDS];   /* kinds that this daemon must list before it allocates */
	bool stopping;            /* SIGTERM or SIGINT was received */
	bool resigning;           /* leader_resign() was called */
	bool resigned;            /* leader_resign() has ended */
	bool left;                /* speaker_leave() has ended: this node holds no VIP */
};

static void
on_fact(void *arg)
{
	struct app *app = arg;

	decide_turn_schedule(&app->decide_turn);
}

static void
on_change(void *arg)
{
	struct app *app = arg;

	app->n_updates++;
	trim_memory_count_change(app->trim_memory);
	decide_turn_schedule(&app->decide_turn);
}

/*
 * This callback runs when the daemon acquires the Lease.  The new allocator must know all addresses
 * that earlier allocators wrote, so the daemon lists Services and pools before it allocates.
 */
static void
on_lead(void *arg)
{
	struct app *app = arg;

	log_info("this daemon holds the Lease; it lists Services and pools before it allocates",
	    "lease", app->opts->lease_name, NULL);
	app->await_list[KIND_SERVICE] = app->await_list[KIND_POOL] = true;
	informers_relist(app->informers, KIND_SERVICE);
	informers_relist(app->informers, KIND_POOL);
}

static void
on_loss(void *arg)
{
	struct app *app = arg;

	log_info("this daemon holds the Lease no longer and stops allocating", "lease",
	    app->opts->lease_name, NULL);
	app->await_list[KIND_SERVICE] = app->await_list[KIND_POOL] = false;
	write_queue_drop_allocations(app->write_queue);
	world_set_allocator(app->world, false);
	decide_turn_schedule(&app->decide_turn);
}

static void
on_listed(void *arg, enum kind kind)
{
	struct app *app = arg;

	if (kind == KIND_NODE && !world_get(app->world, KIND_NODE, "", app->opts->node_name))
		log_warn("the Node does not exist, so this daemon announces nothing", "node",
		    app->opts->node_name, "hint", "set --node-name to the name of this Node", NULL);
	if (!app->await_list[kind])
		return;
	app->await_list[kind] = false;
	if (app->stopping || app->await_list[KIND_SERVICE] || app->await_list[KIND_POOL])
		return;
	log_info("this daemon allocates", NULL);
	world_set_allocator(app->world, true);
	decide_turn_schedule(&app->decide_turn);
}

static bool
may_allocate(void *arg)
{
	struct app *app = arg;

	return !app->stopping && leader_leads(app->leader);
}

/*
 * Stop in order.  Another daemon acquires the released Lease and allocates at once, so this daemon
 * releases the Lease only after its own allocation requests have ended.  The event loop ends when
 * the Lease is released, this node holds no VIP, and no API write is pending.
 */
static void
continue_stopping(struct app *app)
{
	if (!app->stopping)
		return;
	if (!app->resigning && !write_queue_allocating(app->write_queue)) {
		app->resigning = true;
		leader_resign(app->leader);
	}
	if (app->resigned && app->left && write_queue_idle(app->write_queue))
		ev_break(app->loop, EVBREAK_ALL);
}

static void
on_resigned(void *arg)
{
	struct app *app = arg;

	app->resigned = true;
	continue_stopping(app);
}

static void
on_left(void *arg)
{
	struct app *app = arg;

	app->left = true;
	continue_stopping(app);
}

static void
on_response(void *arg)
{
	continue_stopping(arg);
}

static void
on_conflicts(void *arg, const char *ns, const char *name)
{
	struct app *app = arg;

	world_set_write_conflicts(app->world, ns, name);
	decide_turn_schedule(&app->decide_turn);
}

static void
on_stop_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)w, (void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void
on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct app *app = w->data;

	(void)revents;
	if (app->stopping) {
		ev_break(loop, EVBREAK_ALL); /* a second signal ends the daemon at once */
		return;
	}
	log_info("stopping", "signal", strsignal(w->signum), NULL);
	app->stopping = true;
	world_stop(app->world);
	world_set_allocator(app->world, false);
	write_queue_drop_allocations(app->write_queue);
	speaker_leave(app->speaker);
	decide_turn_schedule(&app->decide_turn);
	ev_timer_start(loop, &app->stop_timer);
	continue_stopping(app);
}

static const char *
unready(void *arg)
{
	static char why[96];
	const struct app *app = arg;
	const char *awaited = world_synced(app->world);

	if (!awaited)
		return speaker_unready(app->speaker);
	snprintf(why, sizeof(why), "waiting for the first list of %s", awaited);
	return why;
}

static const char *
unhealthy(void *arg)
{
	(void)arg;
	return NULL; /* always healthy: if the event loop hangs, a health check gets no response */
}

static void
on_metrics(void *arg, struct metrics *m)
{
	const struct app *app = arg;

	metrics_collect(&(struct metrics_sources){ app->world, speaker_lan_io(app->speaker),
		app->informers, client_stats(app->client), write_queue_stats(app->write_queue),
		app->opts->node_name, app->n_updates, leader_leads(app->leader) }, m);
	speaker_metrics(app->speaker, m);
	loop_turn_metrics(&app->loop_turn, m);
}

static int
start_edges(struct app *app, struct err *err)
{
	static const struct speaker_ops speaker_ops = { on_fact, on_left };
	const struct options *opts = app->opts;
	struct http_pages pages = { unhealthy, unready, on_metrics, app };
	int rc;

	rc = speaker_new(app->loop, opts, app->world, &speaker_ops, app, &app->speaker, err);
	if (rc < 0)
		return rc;
	app->decide_turn.speaker = app->speaker;
	if (opts->http.ip.family) {
		rc = httpd_new(app->loop, &opts->http, &pages, &app->http, err);
		if (rc < 0) {
			err_prefix(err, "--http: ");
			return rc;
		}
	}
	rc = creds_new(app->loop,
	    &(struct creds_opts){ .kubeconfig = opts->kubeconfig, .context = opts->context },
	    &app->creds, err);
	if (rc < 0)
		return rc;
	/* after privs_prioritize() the daemon needs no capability except CAP_NET_RAW */
	privs_prioritize();
	rc = privs_drop(opts->user, err);
	if (rc == 0)
		log_warn("without CAP_NET_RAW this daemon allocates addresses, but announces none",
		    "hint", "add NET_RAW in the container's securityContext, and see "
		    "allowPrivilegeEscalation in docs/INSTALL.md; outside of a pod, start arplet "
		    "as root with --user", NULL);
	if (rc >= 0)
		speaker_start(app->speaker, rc > 0);
	return rc;
}

static void
start_api(struct app *app)
{
	static const struct informers_ops informers_ops = { on_change, on_listed, NULL };
	static const struct write_queue_ops write_queue_ops = { may_allocate, on_response, on_conflicts };
	static const struct leader_ops leader_ops = { on_lead, on_loss, on_resigned };
	const struct options *opts = app->opts;

	app->trim_memory = trim_memory_new(app->loop);
	app->client = client_new(app->loop, app->creds, &(struct client_opts){ 0 });
	app->node_reader = node_reader_new(app->loop, app->client, app->world, opts->pool_ns);
	speaker_set_node_reader(app->speaker, app->node_reader);
	app->write_queue = write_queue_new(app->loop, app->client,
	    &(struct write_queue_opts){ .node_name = opts->node_name,
		.pool_ns = opts->pool_ns,
		/* No request starts in the last 3/10 of the Lease, so all requests end before the
		 * Lease expires. */
		.allocate_timeout_ms = opts->lease_duration_ms / 4 },
	    &write_queue_ops, app);
	app->decide_turn.write_queue = app->write_queue;
	app->informers = informers_new(app->loop, app->client, app->world,
	    &(struct informers_opts){ .pool_ns = opts->pool_ns,
		.hello_secret = opts->hello_secret,
		.relist_ms = FIRST_LIST_DELAY_MS },
	    &informers_ops, app);
	app->leader = leader_new(app->loop, app->client,
	    &(struct leader_opts){ .ns = opts->pool_ns,
		.lease_name = opts->lease_name,
		.secret_name = opts->hello_secret,
		.node_name = opts->node_name,
		.duration_ms = opts->lease_duration_ms },
	    &leader_ops, app);
	log_info("started", "node", opts->node_name, "namespace", opts->pool_ns, "server",
	    creds_server(app->creds), "credentials", creds_origin(app->creds), NULL);
}

static void
start_watchers(struct app *app)
{
	loop_turn_init(&app->loop_turn, app->loop);
	decide_turn_init(&app->decide_turn, app->loop);
	ev_signal_init(&app->sigterm, on_signal, SIGTERM);
	ev_signal_init(&app->sigint, on_signal, SIGINT);
	ev_timer_init(&app->stop_timer, on_stop_timer, STOP_MAX_S, 0);
	app->sigterm.data = app->sigint.data = app;
	ev_signal_start(app->loop, &app->sigterm);
	ev_signal_start(app->loop, &app->sigint);
}

static void
app_done(struct app *app)
{
	decide_turn_done(&app->decide_turn);
	loop_turn_done(&app->loop_turn);
	ev_signal_stop(app->loop, &app->sigterm);
	ev_signal_stop(app->loop, &app->sigint);
	ev_timer_stop(app->loop, &app->stop_timer);
	trim_memory_free(app->trim_memory);
	httpd_free(app->http);
	leader_free(app->leader);
	informers_free(app->informers);
	write_queue_free(app->write_queue);
	if (app->speaker)
		speaker_set_node_reader(app->speaker, NULL);
	node_reader_free(app->node_reader);
	client_free(app->client);
	creds_free(app->creds);
	speaker_free(app->speaker);
	world_free(app->world);
	log_stop();
	ev_loop_destroy(app->loop);
}

int
app_run(const struct options *opts)
{
	struct app app = { .opts = opts };
	struct err err = { "" };
	int rc;

	signal(SIGPIPE, SIG_IGN);
	app.loop = ev_default_loop(EVFLAG_AUTO);
	if (!app.loop) {
		log_error("cannot create an event loop", "hint", "arplet needs epoll", NULL);
		return 1;
	}
	log_start(app.loop);
	app.world = world_new(&(struct world_opts){ .node_name = opts->node_name,
		.pool_ns = opts->pool_ns,
		.lb_class = opts->lb_class,
		.hello_secret = opts->hello_secret,
		.await_pools = true,
		.counts_ms = POOL_STATUS_MS,
		.ignore_exclude_lb = opts->ignore_exclude_lb,
		.leave_cordoned = opts->leave_cordoned });
	app.decide_turn.world = app.world;
	start_watchers(&app);
	rc = start_edges(&app, &err);
	if (rc < 0) {
		log_error(err.text, NULL);
	} else {
		start_api(&app);
		ev_run(app.loop, 0);
		log_info("stopped", NULL);
	}
	app_done(&app);
	return rc < 0 ? 1 : 0;
}
