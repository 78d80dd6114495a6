/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/encode.h"
#include "encode_json.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_MAX 1024 /* bytes; the API refuses an Event with a longer message */

const char *
event_namespace(const struct event_body *event)
{
	return event->ns[0] ? event->ns : "default";
}

/* Add the prefix and the message, without an incomplete last character. */
static void
put_message(struct json_object *root, const struct event_body *event)
{
	char text[MESSAGE_MAX + 1];
	size_t len = (size_t)snprintf(text, sizeof(text), "%s%s", event->prefix, event->message);

	if (len > MESSAGE_MAX) {
		const char *uncut = event->message;
		size_t prefix = strlen(event->prefix);

		len = MESSAGE_MAX;
		while (len > prefix && ((unsigned char)uncut[len - prefix] & 0xc0) == 0x80)
			len--;
	}
	put(root, "message", json_object_new_string_len(text, (int)len));
}

static void
put_involved(struct json_object *root, const struct event_body *event)
{
	struct json_object *about = put_object(root, "involvedObject");

	put_text(about, "kind", kind_info[event->kind].kind);
	put_text(about, "apiVersion", kind_info[event->kind].api_version);
	put_nonempty(about, "namespace", event->ns);
	put_text(about, "name", event->name);
	put_nonempty(about, "uid", event->uid);
	put_nonempty(about, "resourceVersion", event->version);
}

const char *
event_name(const struct event_body *event, char buf[EVENT_NAME_MAX])
{
	snprintf(buf, EVENT_NAME_MAX, "%.200s.%" PRIx64 "%04" PRIx32, event->name,
	    (uint64_t)event->first_us, event->serial & 0xffff);
	return buf;
}

struct event_body
event_body_of(const struct action *act)
{
	return (struct event_body){
		.kind = act->on.kind,
		.ns = act->on.ns,
		.name = act->on.name,
		.uid = act->on.uid,
		.version = act->on.version,
		.warning = act->u.event.warning,
		.reason = act->u.event.reason,
		.prefix = "",
		.message = act->u.event.message,
		.count = 1,
	};
}

char *
encode_event(const struct event_body *event)
{
	struct json_object *root = new_of_kind("v1", "Event"), *meta, *source;
	char name[EVENT_NAME_MAX];

	meta = put_object(root, "metadata");
	put_text(meta, "name", event_name(event, name));
	put_text(meta, "namespace", event_namespace(event));
	put_involved(root, event);
	put_text(root, "type", event->warning ? "Warning" : "Normal");
	put_text(root, "reason", event->reason);
	put_message(root, event);
	source = put_object(root, "source");
	put_text(source, "component", "arplet");
	put_nonempty(source, "host", event->host);
	put_time(root, "firstTimestamp", event->first_us, false);
	put_time(root, "lastTimestamp", event->now_us, false);
	put_int(root, "count", event->count);
	return finish(root);
}

char *
encode_event_update(const struct event_body *event)
{
	struct json_object *root = json_object_new_object();

	put_message(root, event);
	put_time(root, "lastTimestamp", event->now_us, false);
	put_int(root, "count", event->count);
	return finish(root);
}
