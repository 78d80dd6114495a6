/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/reflector.h"

#include "arplet/client.h"
#include "list_watch.h"
#include "reflector_fsm.h"
#include "util/clock.h"
#include "util/random.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_TIMEOUT_MS 60000
/* the server must end a watch at most this long after timeoutSeconds */
#define WATCH_GRACE_MS 15000
/* a watch that ends within this time and without an event has failed */
#define SHORT_WATCH_MS 1000

struct reflector {
	struct ev_loop *loop;
	struct client *client;
	struct reflector_ops ops;
	void *arg;
	bool cached; /* see reflector_opts */
	struct reflector_fsm fsm;
	struct list_watch list_watch;
	struct call *call;      /* the request in flight; NULL: request_timer runs */
	ev_timer request_timer; /* sends the next request */
	/* when this timer fires, a list replaces the watch, to confirm a deletion */
	ev_timer relist_timer;
	int64_t sent_ms;        /* when the request in flight was sent, monotonic ms */
	size_t n_listed;        /* number of objects read from the list in flight */
	bool got_event;         /* true if the watch in flight received an event */
	bool expired; /* true if the watch in flight received an ERROR event with code 410 */
	int64_t retry_after_ms; /* retryAfterSeconds of the watch's ERROR event, in ms; -1: none */
	enum reflector_state state; /* the state that was last reported, and its reason */
	char reason[512];
	struct reflector_stats stats;
};

static void
report_state(struct reflector *r, enum reflector_state state, const char *reason)
{
	if (state == r->state && strcmp(reason, r->reason) == 0)
		return;
	r->state = state;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
	r->ops.state(r->arg, state, r->reason);
}

/* Report that the watch works, and whether deletions are pending. */
static void
report_watching(struct reflector *r)
{
	const char *pending = pending_delete_text(&r->fsm.pending_delete);

	report_state(r, pending ? REFLECTOR_HOLDING : REFLECTOR_SYNCED, pending ? pending : "");
}

/* Return @message, or a better text for the two messages of the API server that name no cause. */
static const char *
failure_reason(const struct reflector *r, enum reflector_state state, const char *message,
    char *buf, size_t size)
{
	const struct kind_info *info = &kind_info[r->list_watch.kind];
	const char *slash = strchr(info->api_version, '/');

	if (state == REFLECTOR_FORBIDDEN && strcmp(message, "Unauthorized") == 0)
		return "Unauthorized: the API server rejects the credentials; have they expired?";
	if (state != REFLECTOR_NOT_INSTALLED || !slash)
		return message;
	snprintf(buf, size, "CRD %s.%.*s is not installed%s", info->resource,
	    (int)(slash - info->api_version), info->api_version,
	    pending_delete_text(&r->fsm.pending_delete) ? "; known objects stay in force"
						: "; kubectl apply -f deploy/crds installs it");
	return buf;
}

static void
schedule_request(struct reflector *r, int64_t delay_ms)
{
	ev_timer_stop(r->loop, &r->request_timer);
	ev_timer_set(&r->request_timer, (double)delay_ms / 1000., 0.);
	ev_timer_start(r->loop, &r->request_timer);
}

static void
schedule_relist(struct reflector *r)
{
	int64_t in_ms = r->fsm.pending_delete.relist_ms - clock_ms();

	ev_timer_stop(r->loop, &r->relist_timer);
	if (!r->fsm.pending_delete.relist_ms)
		return;
	ev_now_update(r->loop);
	ev_timer_set(&r->relist_timer, (double)(in_ms > 0 ? in_ms : 0) / 1000. + 0.01, 0.);
	ev_timer_start(r->loop, &r->relist_timer);
}

/* Cancel the request in flight, and send a list at the next turn of the loop. */
static void
start_list(struct reflector *r)
{
	call_cancel(r->call);
	r->call = NULL;
	list_watch_reset_body(&r->list_watch);
	list_watch_first_page(&r->list_watch);
	r->fsm.phase = PHASE_LIST;
	schedule_request(r, 0);
}

/* Report the outcome of the request that has ended, and schedule the next request. */
static void
finish_request(struct reflector *r, enum request_outcome outcome, int64_t retry_after_ms,
    const char *message)
{
	struct reflector_step step = reflector_fsm_step(&r->fsm, outcome, retry_after_ms,
	    random_u32());
	char buf[256];

	r->call = NULL;
	r->stats.failures += step.failed;
	if (step.phase == PHASE_LIST)
		list_watch_first_page(&r->list_watch);
	schedule_request(r, step.delay_ms);
	schedule_relist(r);
	if (step.complete)
		r->ops.list_end(r->arg);
	else if (outcome == REQ_UNCONFIRMED)
		r->ops.pending_delete(r->arg, NULL, NULL);
	if (step.failed)
		report_state(r, step.state, failure_reason(r, step.state,
		    r->list_watch.error[0] ? r->list_watch.error : message, buf, sizeof(buf)));
	else if (step.state != REFLECTOR_STARTING)
		report_watching(r);
	list_watch_reset_body(&r->list_watch);
}

/* --- list --- */

static void
on_item(void *arg, struct object *obj)
{
	struct reflector *r = arg;

	r->n_listed++;
	if (obj)
		r->ops.put(r->arg, obj);
	else
		r->stats.bad++;
}

static int
on_list_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;

	return list_watch_read_page(&r->list_watch, data, len);
}

static void
on_page(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	bool ok = resp->status >= 200 && resp->status <= 299;
	enum request_outcome outcome;

	if (r->list_watch.error[0] || (ok && list_watch_end_page(&r->list_watch) < 0))
		outcome = REQ_MALFORMED;
	else if (!ok)
		outcome = request_outcome_of_status(resp->status);
	else if (r->list_watch.continue_token)
		outcome = REQ_PAGE;
	else
		outcome = reflector_fsm_listed(&r->fsm, r->n_listed, clock_ms());
	finish_request(r, outcome, resp->retry_after_ms, resp->message);
}

static void
send_list(struct reflector *r)
{
	char path[LIST_WATCH_PATH_MAX];
	struct request req = { .verb = VERB_GET, .path = path, .timeout_ms = LIST_TIMEOUT_MS,
		.on_response = on_page, .on_data = on_list_data, .arg = r };

	list_watch_list_path(&r->list_watch, r->cached && !r->stats.lists, path, sizeof(path));
	if (r->fsm.phase == PHASE_LIST) {
		r->stats.lists++;
		r->n_listed = 0;
		r->ops.list_begin(r->arg);
	}
	r->call = client_request(r->client, &req);
}

/* --- watch --- */

static void
on_deleted(struct reflector *r, struct object *obj)
{
	if (pending_delete_on_deleted(&r->fsm.pending_delete, clock_ms())) {
		schedule_relist(r);
		r->ops.pending_delete(r->arg, obj->meta.ns, obj->meta.name);
	} else {
		r->ops.del(r->arg, obj->meta.ns, obj->meta.name);
	}
	object_free(obj);
}

static void
on_event(void *arg, const struct watch_event *event)
{
	struct reflector *r = arg;

	if (event->type == WATCH_ERROR) {
		r->expired = event->status.code == 410;
		if (event->status.retry_after_s)
			r->retry_after_ms = (int64_t)event->status.retry_after_s * 1000;
		return;
	}
	r->got_event = true;
	reflector_fsm_watch_works(&r->fsm);
	if (event->type == WATCH_PUT) {
		pending_delete_on_put(&r->fsm.pending_delete);
		r->ops.put(r->arg, event->obj);
	}
	if (event->type == WATCH_DELETE)
		on_deleted(r, event->obj);
}

static int
on_watch_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;
	int rc = list_watch_read_events(&r->list_watch, data, len);

	if (rc == 0)
		report_watching(r);
	return rc;
}

static void
on_watch_end(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	bool brief = clock_ms() - r->sent_ms < SHORT_WATCH_MS;
	enum request_outcome outcome = REQ_ENDED;

	if (!brief)
		reflector_fsm_watch_works(&r->fsm);
	if (r->list_watch.error[0])
		outcome = r->expired ? REQ_GONE : r->retry_after_ms >= 0 ? REQ_FAILED
		    : REQ_MALFORMED;
	else if (resp->status < 200 || resp->status > 299)
		outcome = request_outcome_of_status(resp->status);
	else if (brief && !r->got_event)
		outcome = REQ_IDLE;
	finish_request(r, outcome, r->retry_after_ms >= 0 ? r->retry_after_ms
	    : resp->retry_after_ms,
	    resp->message[0] ? resp->message : "the server ended the watch within 1 s");
}

static void
send_watch(struct reflector *r)
{
	unsigned int timeout_s = watch_timeout_s(random_u32());
	char path[LIST_WATCH_PATH_MAX];
	struct request req = { .verb = VERB_GET, .path = path,
		.timeout_ms = (int64_t)timeout_s * 1000 + WATCH_GRACE_MS,
		.on_response = on_watch_end, .on_data = on_watch_data, .arg = r };

	list_watch_watch_path(&r->list_watch, timeout_s, path, sizeof(path));
	r->got_event = r->expired = false;
	r->retry_after_ms = -1;
	r->stats.watches++;
	r->call = client_request(r->client, &req);
}

/* --- timers, and the life of a reflector --- */

static void
on_request_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct reflector *r = w->data;

	(void)loop, (void)revents;
	r->sent_ms = clock_ms();
	if (r->fsm.phase == PHASE_WATCH)
		send_watch(r);
	else
		send_list(r);
}

/*
 * End the watch, and list again, to confirm the deletions.  If a list is already in flight, no
 * other list is needed.
 */
static void
on_relist_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct reflector *r = w->data;

	(void)loop, (void)revents;
	if (r->fsm.phase == PHASE_WATCH)
		start_list(r);
}

struct reflector *
reflector_new(struct ev_loop *loop, struct client *client, const struct reflector_opts *opts,
    const struct reflector_ops *ops, void *arg)
{
	static const struct list_watch_ops list_watch_ops = { on_item, on_event };
	struct reflector *r = xcalloc(1, sizeof(*r));

	r->loop = loop;
	r->client = client;
	r->ops = *ops;
	r->arg = arg;
	r->cached = opts->cached;
	r->fsm.pending_delete.enabled = opts->confirm_deletes;
	list_watch_init(&r->list_watch, opts->kind, opts->ns, opts->query,
	    opts->keep_raw ? DECODE_KEEP_RAW : 0, &list_watch_ops, r);
	ev_timer_init(&r->request_timer, on_request_timer, 0., 0.);
	ev_timer_init(&r->relist_timer, on_relist_timer, 0., 0.);
	r->request_timer.data = r->relist_timer.data = r;
	schedule_request(r, opts->start_ms);
	return r;
}

void
reflector_free(struct reflector *r)
{
	if (!r)
		return;
	call_cancel(r->call);
	list_watch_done(&r->list_watch);
	ev_timer_stop(r->loop, &r->request_timer);
	ev_timer_stop(r->loop, &r->relist_timer);
	free(r);
}

void
reflector_relist(struct reflector *r)
{
	r->fsm.failures = 0;
	start_list(r);
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
