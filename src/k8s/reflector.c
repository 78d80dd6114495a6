/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/reflector.h"

#include "arplet/client.h"
#include "arplet/decode.h"
#include "frames.h"
#include "next.h"

#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define PAGE_SIZE 5000 /* read as a stream: a page takes no more memory than an object */
#define LIST_TIMEOUT_MS 60000
#define WATCH_GRACE_MS 15000 /* after timeoutSeconds, for the server to end the watch */
#define SHORT_WATCH_S 1.     /* one that ends sooner, and empty, is a failure */

struct reflector {
	struct ev_loop *loop;
	struct client *client;
	struct reflector_opts opts;
	struct reflector_ops ops;
	void *arg;
	char *base; /* path of the resource, and the query that goes with every request */
	char *query;
	struct progress progress;
	struct call *call; /* NULL: the timer runs */
	ev_timer timer;
	/* of the request that is under way */
	union {
		struct items items;
		struct lines lines;
	} in;
	ev_tstamp began;
	bool heard;         /* an event came */
	bool gone;          /* the watch said 410, by an ERROR event */
	int64_t wish_ms;    /* what an ERROR event asked for; -1: nothing */
	char wrong[512];    /* why the answer was given up; "": it was not */
	char version[VERSION_MAX]; /* to watch from */
	char *more;                /* the continue token of the next page */
	enum reflector_state state;
	char why[512];
	struct reflector_stats stats;
};

static uint32_t
random_u32(void)
{
	uint32_t n;

	if (getrandom(&n, sizeof(n), 0) != sizeof(n))
		abort();
	return n;
}

static void
say(struct reflector *r, enum reflector_state state, const char *why)
{
	if (state == r->state && strcmp(why, r->why) == 0)
		return;
	r->state = state;
	snprintf(r->why, sizeof(r->why), "%s", why);
	r->ops.state(r->arg, state, r->why);
}

/* What the API cannot say as well as we can. */
static const char *
sentence(const struct reflector *r, enum reflector_state state, const char *said, char *buf,
    size_t size)
{
	const struct kind_info *info = &kind_info[r->opts.kind];
	const char *slash = strchr(info->api_version, '/');

	if (state != REFLECTOR_NOT_INSTALLED || !slash)
		return said;
	snprintf(buf, size, "CRD %s.%.*s is not installed", info->resource,
	    (int)(slash - info->api_version), info->api_version);
	return buf;
}

static void
in_done(struct reflector *r)
{
	if (r->progress.phase == PHASE_WATCH)
		lines_done(&r->in.lines);
	else
		items_done(&r->in.items);
	memset(&r->in, 0, sizeof(r->in));
}

static void
forget_more(struct reflector *r)
{
	free(r->more);
	r->more = NULL;
}

static void
schedule(struct reflector *r, int64_t delay_ms)
{
	ev_timer_stop(r->loop, &r->timer);
	ev_timer_set(&r->timer, (double)delay_ms / 1000., 0.);
	ev_timer_start(r->loop, &r->timer);
}

/* The request is over, this way or that: what now? */
static void
conclude(struct reflector *r, enum outcome outcome, int64_t retry_after_ms, const char *why)
{
	struct step step;
	char buf[256];

	in_done(r);
	r->call = NULL;
	step = next_step(&r->progress, outcome, retry_after_ms, random_u32());
	r->stats.failures += step.failed;
	if (step.phase == PHASE_LIST)
		forget_more(r);
	schedule(r, step.delay_ms);
	if (step.complete)
		r->ops.list_end(r->arg);
	if (step.failed)
		say(r, step.state, sentence(r, step.state, why, buf, sizeof(buf)));
	else if (step.state == REFLECTOR_SYNCED)
		say(r, REFLECTOR_SYNCED, "");
}

/* An object that is not understood at all is dropped: the others must not wait for it. */
static int
on_item(void *arg, const char *text, size_t len)
{
	struct reflector *r = arg;
	struct object *obj;

	if (decode_kind(r->opts.kind, text, len, r->opts.keep_raw ? DECODE_KEEP_RAW : 0, &obj,
		NULL) < 0)
		r->stats.bad++;
	else
		r->ops.put(r->arg, obj);
	return 0;
}

static int
on_list_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;
	int rc = items_feed(&r->in.items, data, len, on_item, r);

	if (rc < 0)
		snprintf(r->wrong, sizeof(r->wrong), "the list %s", rc == -EMSGSIZE
		    ? "has an item of more than 4 MiB" : "is not a Kubernetes list");
	return rc;
}

/* The page is whole: what is around its items tells where it goes on. */
static enum outcome
page_outcome(struct reflector *r)
{
	const struct items *in = &r->in.items;
	struct list_meta meta;
	struct err err = { "the list ends too early" };

	if (!in->complete ||
	    decode_list_meta(in->frame.data, in->frame.len, &meta, &err) < 0) {
		snprintf(r->wrong, sizeof(r->wrong), "the list: %.480s", err.text);
		return OUT_GARBLED;
	}
	memcpy(r->version, meta.version, sizeof(r->version));
	forget_more(r);
	r->more = meta.more;
	return r->more ? OUT_PAGE : OUT_LAST_PAGE;
}

static void
on_page(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	enum outcome outcome;

	if (r->wrong[0])
		outcome = OUT_GARBLED;
	else if (resp->status >= 200 && resp->status <= 299)
		outcome = page_outcome(r);
	else
		outcome = outcome_of_status(resp->status);
	conclude(r, outcome, resp->retry_after_ms, r->wrong[0] ? r->wrong : resp->message);
}

static void
take_error(struct reflector *r, const struct api_status *status)
{
	r->gone = status->code == 410;
	r->wish_ms = status->retry_after_s ? (int64_t)status->retry_after_s * 1000 : -1;
	snprintf(r->wrong, sizeof(r->wrong), "the watch: %.480s",
	    status->message[0] ? status->message : "the API server gave it up");
}

static int
on_line(void *arg, const char *line, size_t len)
{
	struct reflector *r = arg;
	struct watch_event event;
	struct err err;

	if (decode_watch(r->opts.kind, line, len, r->opts.keep_raw ? DECODE_KEEP_RAW : 0, &event,
		&err) < 0) {
		snprintf(r->wrong, sizeof(r->wrong), "the watch: %.480s", err.text);
		return -EBADMSG;
	}
	if (event.type == WATCH_ERROR) {
		take_error(r, &event.status);
		return -ESTALE;
	}
	r->heard = true;
	next_heard(&r->progress);
	memcpy(r->version, event.version, sizeof(r->version));
	if (event.type == WATCH_PUT)
		r->ops.put(r->arg, event.obj);
	if (event.type == WATCH_DELETE) {
		r->ops.del(r->arg, event.obj->meta.ns, event.obj->meta.name);
		object_free(event.obj);
	}
	return 0;
}

static int
on_watch_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;
	int rc = lines_feed(&r->in.lines, data, len, on_line, r);

	if (rc == -EMSGSIZE)
		snprintf(r->wrong, sizeof(r->wrong), "the watch: an event of more than 4 MiB");
	if (rc == 0)
		say(r, REFLECTOR_SYNCED, "");
	return rc;
}

static void
on_watch_end(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	bool brief = ev_now(r->loop) - r->began < SHORT_WATCH_S;
	enum outcome outcome = OUT_ENDED;

	if (!brief)
		next_heard(&r->progress); /* it worked for a while */
	if (r->wrong[0])
		outcome = r->gone ? OUT_GONE : r->wish_ms >= 0 ? OUT_FAILED : OUT_GARBLED;
	else if (resp->status < 200 || resp->status > 299)
		outcome = outcome_of_status(resp->status);
	else if (brief && !r->heard)
		outcome = OUT_IDLE;
	conclude(r, outcome, r->wish_ms >= 0 ? r->wish_ms : resp->retry_after_ms,
	    r->wrong[0] ? r->wrong : resp->message[0] ? resp->message
	    : "the watch ended as soon as it was open");
}

/* Percent-encode a continue token or a version into a query. */
static char *
query_escape(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	for (; *text && n + 4 < size; text++) {
		if (strchr("%&+=#? ", *text) || (unsigned char)*text < 0x21)
			n += (size_t)snprintf(buf + n, 4, "%%%02X", (unsigned char)*text);
		else
			buf[n++] = *text;
	}
	buf[n] = '\0';
	return buf;
}

static void
request_list(struct reflector *r)
{
	char path[4096], token[3072];
	struct request req = { .verb = VERB_GET, .path = path, .timeout_ms = LIST_TIMEOUT_MS,
		.on_response = on_page, .on_data = on_list_data, .arg = r };

	snprintf(path, sizeof(path), "%s?limit=%d%s%s%s", r->base, PAGE_SIZE, r->query,
	    r->more ? "&continue=" : "", r->more ? query_escape(r->more, token, sizeof(token)) : "");
	if (r->progress.phase == PHASE_LIST) {
		r->stats.lists++;
		r->ops.list_begin(r->arg);
	}
	r->call = client_request(r->client, &req);
}

static void
request_watch(struct reflector *r)
{
	unsigned int seconds = watch_seconds(random_u32());
	char path[4096], version[3 * VERSION_MAX];
	struct request req = { .verb = VERB_GET, .path = path,
		.timeout_ms = (int64_t)seconds * 1000 + WATCH_GRACE_MS,
		.on_response = on_watch_end, .on_data = on_watch_data, .arg = r };

	snprintf(path, sizeof(path),
	    "%s?watch=true&allowWatchBookmarks=true&timeoutSeconds=%u&resourceVersion=%s%s", r->base,
	    seconds, query_escape(r->version, version, sizeof(version)), r->query);
	r->stats.watches++;
	r->call = client_request(r->client, &req);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct reflector *r = w->data;

	(void)revents;
	r->began = ev_now(loop);
	r->heard = r->gone = false;
	r->wish_ms = -1;
	r->wrong[0] = '\0';
	if (r->progress.phase == PHASE_WATCH)
		request_watch(r);
	else
		request_list(r);
}

/* "/api/v1/namespaces/NS/services", "/apis/GROUP/VERSION/..." */
static char *
base_path(const struct reflector_opts *opts)
{
	const struct kind_info *info = &kind_info[opts->kind];
	const char *root = strchr(info->api_version, '/') ? "/apis" : "/api";
	char path[512];

	snprintf(path, sizeof(path), "%s/%s%s%s/%s", root, info->api_version,
	    opts->ns ? "/namespaces/" : "", opts->ns ? opts->ns : "", info->resource);
	return xstrdup(path);
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
	r->base = base_path(opts);
	snprintf(query, sizeof(query), "%s%s", opts->query ? "&" : "", opts->query ? opts->query : "");
	r->query = xstrdup(query);
	ev_timer_init(&r->timer, on_timer, 0., 0.);
	r->timer.data = r;
	schedule(r, 0);
	return r;
}

void
reflector_free(struct reflector *r)
{
	if (!r)
		return;
	call_cancel(r->call);
	in_done(r);
	ev_timer_stop(r->loop, &r->timer);
	forget_more(r);
	free(r->base);
	free(r->query);
	free(r);
}

void
reflector_relist(struct reflector *r)
{
	call_cancel(r->call);
	in_done(r);
	r->call = NULL;
	r->progress = (struct progress){ .phase = PHASE_LIST };
	forget_more(r);
	schedule(r, 0);
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
