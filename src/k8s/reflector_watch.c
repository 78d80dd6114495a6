/* SPDX-License-Identifier: Apache-2.0 */
#include "api_path.h"
#include "reflector_impl.h"
#include "util/clock.h"
#include "util/random.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WATCH_GRACE_MS 15000 /* after timeoutSeconds, for the server to end the watch */
#define SHORT_WATCH_MS 1000 /* one that ends sooner, and empty, is a failure */

static void
take_error(struct reflector *r, const struct api_status *status)
{
	r->gone = status->code == 410;
	r->retry_after_ms = status->retry_after_s ? (int64_t)status->retry_after_s * 1000 : -1;
	snprintf(r->wrong, sizeof(r->wrong), "the watch: %.480s",
	    status->message[0] ? status->message : "the API server gave it up");
}

static void
take_deletion(struct reflector *r, struct object *obj)
{
	if (reflector_fsm_deleted(&r->reflector_fsm, clock_ms())) {
		reflector_schedule_relist(r);
		r->ops.pending_delete(r->arg, obj->meta.ns, obj->meta.name);
	} else {
		r->ops.del(r->arg, obj->meta.ns, obj->meta.name);
	}
	object_free(obj);
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
	r->received = true;
	reflector_fsm_watch_works(&r->reflector_fsm);
	memcpy(r->version, event.version, sizeof(r->version));
	if (event.type == WATCH_PUT) {
		reflector_fsm_put(&r->reflector_fsm);
		r->ops.put(r->arg, event.obj);
	}
	if (event.type == WATCH_DELETE)
		take_deletion(r, event.obj);
	return 0;
}

static int
on_watch_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;
	int rc = json_lines_feed(&r->in.json_lines, data, len, on_line, r);

	if (rc == -EMSGSIZE)
		snprintf(r->wrong, sizeof(r->wrong), "the watch: an event of more than 4 MiB");
	if (rc == 0)
		reflector_report_watching(r);
	return rc;
}

static void
on_watch_end(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	bool brief = clock_ms() - r->began_ms < SHORT_WATCH_MS;
	enum request_outcome request_outcome = OUT_ENDED;

	if (!brief)
		reflector_fsm_watch_works(&r->reflector_fsm); /* it worked for a while */
	if (r->wrong[0])
		request_outcome = r->gone ? OUT_GONE : r->retry_after_ms >= 0 ? OUT_FAILED : OUT_GARBLED;
	else if (resp->status < 200 || resp->status > 299)
		request_outcome = outcome_of_status(resp->status);
	else if (brief && !r->received)
		request_outcome = OUT_IDLE;
	reflector_conclude(r, request_outcome, r->retry_after_ms >= 0 ? r->retry_after_ms : resp->retry_after_ms,
	    r->wrong[0] ? r->wrong : resp->message[0] ? resp->message
	    : "the watch ended as soon as it was open");
}

void
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
