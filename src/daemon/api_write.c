/* SPDX-License-Identifier: Apache-2.0 */
#include "api_write.h"

#include "arplet/decode.h"
#include "core/base/backoff.h"
#include "util/clock.h"
#include "util/random.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKOFF_FIRST_MS 100
#define REFUSED_FIRST_MS 1000
#define BACKOFF_CAP_MS 30000
#define KEY_BYTES 32
#define STRATEGIC "application/strategic-merge-patch+json"

#define SERVICE_STATUS "/api/v1/namespaces/%s/services/%s/status"
#define POOL_STATUS "/apis/metallb.io/v1beta1/namespaces/%s/ipaddresspools/%s/status"
#define L2STATUSES "/apis/metallb.io/v1beta1/namespaces/%s/servicel2statuses"
#define ADV_STATUS "/apis/metallb.io/v1beta1/namespaces/%s/l2advertisements/%s/status"
#define SECRET "/api/v1/namespaces/%s/secrets/%s"
#define EVENTS "/api/v1/namespaces/%s/events"

const char *const api_write_names[ACTIONS] = {
	[ACT_SERVICE_STATUS] = "service status",
	[ACT_POOL_STATUS] = "pool status",
	[ACT_SERVICE_CONDITIONS] = "service conditions",
	[ACT_CONFIG_CONDITION] = "configuration conditions",
	[ACT_EVENT] = "event",
	[ACT_L2STATUS_CREATE] = "l2status",
	[ACT_L2STATUS_DELETE] = "l2status deletion",
	[ACT_SECRET_KEY] = "secret",
};

static char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static char *
format(const char *fmt, ...)
{
	va_list ap;
	char *out;

	va_start(ap, fmt);
	if (vasprintf(&out, fmt, ap) < 0)
		abort();
	va_end(ap);
	return out;
}

/* Returns the Event of @act, with what @fate says about its name and count. */
static struct event_body
event_of(const struct action *act, const struct event_fate *fate)
{
	struct event_body event = event_body_of(act);

	event.prefix = fate->combined ? EVENT_COMBINED : "";
	event.count = fate->count;
	event.first_us = fate->first_us;
	event.serial = fate->serial;
	return event;
}

static void
write_event(const struct action *act, const struct event_fate *fate,
    const struct api_writer *writer, struct api_write *ret)
{
	struct event_body event = event_of(act, fate);
	char name[EVENT_NAME_MAX];

	event.host = writer->node_name;
	event.now_us = clock_wall_us();
	if (fate->verdict == EVENT_CREATE) {
		ret->verb = VERB_POST;
		ret->path = format(EVENTS, event_namespace(&event));
		ret->body = encode_event(&event);
	} else {
		ret->path = format(EVENTS "/%s", event_namespace(&event), event_name(&event, name));
		ret->body = encode_event_update(&event);
	}
}

static void
write_l2status(const struct action *act, const struct api_writer *writer, struct api_write *ret)
{
	struct l2status_body body = {
		.ns = writer->pool_ns,
		.node = writer->node_name,
		.service_ns = act->u.l2status.service_ns,
		.service = act->u.l2status.service,
		.interfaces = &act->u.l2status.interfaces,
		.conflict = act->u.l2status.conflict,
	};

	ret->verb = VERB_POST;
	ret->path = format(L2STATUSES, writer->pool_ns);
	ret->body = encode_l2status(&body);
	ret->status_body = encode_l2status_patch(&body);
}

char *
secret_path(const char *ns, const char *name)
{
	return format(SECRET, ns, name);
}

char *
new_key_patch(const char *version)
{
	uint8_t key[KEY_BYTES];
	char *body;

	random_bytes(key, sizeof(key));
	body = version ? encode_key_patch(version, key, sizeof(key))
		       : encode_first_key_patch(key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return body;
}

void
api_write_of(const struct action *act, const struct api_writer *writer,
    const struct event_fate *fate, struct api_write *ret_write)
{
	const struct object_ref *on = &act->on;
	struct service_patch patch = {
		.version = on->version,
		.ips = act->u.service_status.ips,
		.n_ips = act->u.service_status.n,
		.pool = act->u.service_status.pool,
		.conditions = act->conditions,
		.now_us = clock_wall_us(),
	};

	*ret_write = (struct api_write){ .verb = VERB_PATCH };
	switch (act->kind) {
	case ACT_SERVICE_STATUS:
		ret_write->path = format(SERVICE_STATUS, on->ns, on->name);
		ret_write->body = encode_service_patch(&patch);
		ret_write->content_type = STRATEGIC;
		break;
	case ACT_SERVICE_CONDITIONS:
		ret_write->path = format(SERVICE_STATUS, on->ns, on->name);
		ret_write->body =
		    encode_conditions_patch(on->version, act->conditions, patch.now_us);
		ret_write->content_type = STRATEGIC;
		break;
	case ACT_POOL_STATUS:
		ret_write->path = format(POOL_STATUS, on->ns, on->name);
		ret_write->body = encode_pool_patch(&act->u.pool_status);
		break;
	case ACT_CONFIG_CONDITION:
		ret_write->path = format(on->kind == KIND_POOL ? POOL_STATUS : ADV_STATUS, on->ns,
		    on->name);
		ret_write->body = encode_valid_patch(&act->u.config_condition.change,
		    act->u.config_condition.since, act->u.config_condition.counts,
		    patch.now_us);
		break;
	case ACT_EVENT:
		write_event(act, fate, writer, ret_write);
		break;
	case ACT_L2STATUS_CREATE:
		write_l2status(act, writer, ret_write);
		break;
	case ACT_L2STATUS_DELETE:
		ret_write->verb = VERB_DELETE;
		ret_write->path = format(L2STATUSES "/%s", on->ns, on->name);
		break;
	case ACT_SECRET_KEY:
		ret_write->path = secret_path(on->ns, on->name);
		ret_write->body = new_key_patch(on->version);
		break;
	case ACT_VIP_WITHDRAW:
	case ACT_VIP_ELECT:
	case ACT_HELLO_LINK:
	case ACTIONS:
		break;
	}
}

void
api_write_pack(struct api_write *write, struct job_arena **current)
{
	struct api_write packed = *write;

	packed.job_arena = job_arena_join(current);
	packed.path = arena_strdup(&packed.job_arena->mem, write->path);
	packed.body = arena_strdup(&packed.job_arena->mem, write->body);
	packed.status_body = arena_strdup(&packed.job_arena->mem, write->status_body);
	api_write_done(write);
	*write = packed;
}

void
api_write_done(struct api_write *write)
{
	if (write->job_arena) {
		job_arena_leave(write->job_arena);
	} else {
		free(write->path);
		free(write->body);
		free(write->status_body);
	}
	*write = (struct api_write){ 0 };
}

char *
api_write_key(const struct action *act, const struct event_fate *fate)
{
	if (act->kind == ACT_EVENT) {
		struct event_body event = event_of(act, fate);
		char name[EVENT_NAME_MAX];

		return format("%s/%s", event_namespace(&event), event_name(&event, name));
	}
	if (act->kind == ACT_CONFIG_CONDITION)
		return format("%s %s/%s", kind_info[act->on.kind].kind, act->on.ns, act->on.name);
	return format("%s/%s", act->on.ns, act->on.name);
}

struct write_owner
api_write_owner(const struct action *act)
{
	bool l2 = act->kind == ACT_L2STATUS_CREATE || act->kind == ACT_L2STATUS_DELETE;

	if (l2 && act->u.l2status.service)
		return (struct write_owner){ kind_info[KIND_L2STATUS].kind,
			act->u.l2status.service_ns, act->u.l2status.service };
	return (struct write_owner){ kind_info[act->on.kind].kind, act->on.ns, act->on.name };
}

bool
api_write_follow_up(struct api_write *write, const char *body, size_t len)
{
	struct api_write next = { .verb = VERB_PATCH };
	struct object *created;

	if (!write->status_body || decode_kind(KIND_L2STATUS, body, len, 0, &created, NULL) < 0)
		return false;
	next.path = format("%s/%s/status", write->path, created->meta.name);
	next.body = xstrdup(write->status_body);
	object_free(created);
	api_write_done(write);
	*write = next;
	return true;
}

enum api_write_verdict
api_write_verdict(int http_status)
{
	if (http_status >= 200 && http_status < 300)
		return WRITE_ACCEPTED;
	if (http_status == 404 || http_status == 409)
		return WRITE_STALE;
	if (http_status == 0 || http_status == 429 || http_status >= 500)
		return WRITE_RETRY;
	return WRITE_REFUSED;
}

int64_t
api_write_backoff_ms(enum api_write_verdict verdict, unsigned int tries,
    int64_t retry_after_ms, uint32_t random)
{
	int64_t first_ms = verdict == WRITE_RETRY ? BACKOFF_FIRST_MS : REFUSED_FIRST_MS;
	int64_t pause_ms = backoff_ms(first_ms, BACKOFF_CAP_MS, tries, random);

	return retry_after_ms > pause_ms ? retry_after_ms : pause_ms;
}
