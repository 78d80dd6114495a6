/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/encode.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 1024 /* the API refuses a longer Event message */

static void
put(struct json_object *obj, const char *key, struct json_object *value)
{
	if (json_object_object_add(obj, key, value) < 0)
		abort();
}

static void
put_text(struct json_object *obj, const char *key, const char *text)
{
	put(obj, key, json_object_new_string(text));
}

/* "" and NULL are left out. */
static void
put_some(struct json_object *obj, const char *key, const char *text)
{
	if (text && text[0])
		put_text(obj, key, text);
}

static void
put_int(struct json_object *obj, const char *key, int64_t n)
{
	put(obj, key, json_object_new_int64(n));
}

static void
put_time(struct json_object *obj, const char *key, int64_t us, bool micro)
{
	char buf[TIME_TEXT_MAX];

	if (us)
		put_text(obj, key, time_format(us, micro, buf));
}

/* put_new - an object inside another one; returns it. */
static struct json_object *
put_new(struct json_object *obj, const char *key)
{
	struct json_object *inner = json_object_new_object();

	put(obj, key, inner);
	return inner;
}

static struct json_object *
new_of_kind(const char *api_version, const char *kind)
{
	struct json_object *root = json_object_new_object();

	put_text(root, "apiVersion", api_version);
	put_text(root, "kind", kind);
	return root;
}

/* The text of @root, which is freed. */
static char *
finish(struct json_object *root)
{
	char *text = xstrdup(json_object_to_json_string_ext(root,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(root);
	return text;
}

/*
 * A condition is found by its type.  The time that is left out stays: it is that of the last
 * transition from True to False or back.
 */
static struct json_object *
new_condition(const char *type, const struct condition_change *wish, int64_t now_us)
{
	struct json_object *one = json_object_new_object();

	if (wish->op == CONDITION_DROP)
		put_text(one, "$patch", "delete");
	put_text(one, "type", type);
	if (wish->op == CONDITION_DROP)
		return one;
	put_text(one, "status", wish->status ? "True" : "False");
	put_text(one, "reason", wish->reason);
	put_text(one, "message", wish->message);
	if (wish->transition)
		put_time(one, "lastTransitionTime", now_us, false);
	return one;
}

static void
put_conditions(struct json_object *status, const struct condition_change *wishes, int64_t now_us)
{
	struct json_object *all = NULL;

	for (int i = 0; wishes && i < CONDITIONS; i++) {
		if (wishes[i].op == CONDITION_KEEP)
			continue;
		if (!all) {
			all = json_object_new_array();
			put(status, "conditions", all);
		}
		json_object_array_add(all, new_condition(condition_types[i], &wishes[i], now_us));
	}
}

char *
encode_conditions_patch(const char *version, const struct condition_change *conditions,
    int64_t now_us)
{
	struct json_object *root = json_object_new_object();

	put_some(put_new(root, "metadata"), "resourceVersion", version);
	put_conditions(put_new(root, "status"), conditions, now_us);
	return finish(root);
}

/* Those that are known, not below 0. */
static void
put_counts(struct json_object *status, const struct pool_counts *counts)
{
	const struct {
		const char *key;
		int64_t n;
	} fields[] = {
		{ "assignedIPv4", counts->assigned4 },
		{ "assignedIPv6", counts->assigned6 },
		{ "availableIPv4", counts->available4 },
		{ "availableIPv6", counts->available6 },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].n >= 0)
			put_int(status, fields[i].key, fields[i].n);
	}
}

char *
encode_valid_patch(const struct condition_change *wish, const char *since,
    const struct pool_counts *counts, int64_t now_us)
{
	struct json_object *root = json_object_new_object();
	struct json_object *status = put_new(root, "status");
	struct json_object *all = json_object_new_array();
	struct condition_change timed = *wish;
	struct json_object *one;

	timed.transition |= !since; /* a list is replaced as a whole: nothing may be left out */
	one = new_condition(CONDITION_VALID, &timed, now_us);
	if (!timed.transition)
		put_text(one, "lastTransitionTime", since);
	json_object_array_add(all, one);
	put(status, "conditions", all);
	if (counts) {
		const struct pool_counts lacking = {
			counts->assigned4 < 0 ? 0 : -1,
			counts->assigned6 < 0 ? 0 : -1,
			counts->available4 < 0 ? 0 : -1,
			counts->available6 < 0 ? 0 : -1,
		};

		put_counts(status, &lacking);
	}
	return finish(root);
}

char *
encode_service_patch(const struct service_patch *patch)
{
	struct json_object *root = json_object_new_object();
	struct json_object *meta = put_new(root, "metadata");
	struct json_object *status = put_new(root, "status");
	struct json_object *lb = put_new(status, "loadBalancer");
	struct json_object *ingress = patch->n_ips ? json_object_new_array() : NULL;
	const char *pool = patch->n_ips ? patch->pool : NULL;
	char buf[IP_TEXT_MAX];

	put_some(meta, "resourceVersion", patch->version);
	put(put_new(meta, "annotations"), "metallb.io/ip-allocated-from-pool",
	    pool ? json_object_new_string(pool) : NULL);
	put(lb, "ingress", ingress); /* NULL is JSON's null: removes it */
	for (size_t i = 0; i < patch->n_ips; i++) {
		struct json_object *one = json_object_new_object();

		put_text(one, "ip", ip_format(&patch->ips[i], buf));
		put_text(one, "ipMode", "VIP");
		json_object_array_add(ingress, one);
	}
	put_conditions(status, patch->conditions, patch->now_us);
	return finish(root);
}

char *
encode_pool_patch(const struct pool_counts *counts)
{
	struct json_object *root = json_object_new_object();

	put_counts(put_new(root, "status"), counts);
	return finish(root);
}

const char *
event_namespace(const struct event_body *event)
{
	return event->ns[0] ? event->ns : "default";
}

static void
put_message(struct json_object *root, const char *message)
{
	size_t len = strlen(message);

	if (len > MESSAGE_MAX) {
		len = MESSAGE_MAX;
		while (len > 0 && ((unsigned char)message[len] & 0xc0) == 0x80)
			len--;
	}
	put(root, "message", json_object_new_string_len(message, (int)len));
}

static void
put_involved(struct json_object *root, const struct event_body *event)
{
	struct json_object *about = put_new(root, "involvedObject");

	put_text(about, "kind", kind_info[event->kind].kind);
	put_text(about, "apiVersion", kind_info[event->kind].api_version);
	put_some(about, "namespace", event->ns);
	put_text(about, "name", event->name);
	put_some(about, "uid", event->uid);
	put_some(about, "resourceVersion", event->version);
}

/* Names of Events are the object's and a suffix that no other Event of it has. */
static void
put_event_name(struct json_object *root, const struct event_body *event)
{
	struct json_object *meta = put_new(root, "metadata");
	char name[256];

	snprintf(name, sizeof(name), "%.200s.%" PRIx64 "%04" PRIx32, event->name,
	    (uint64_t)event->now_us, event->serial & 0xffff);
	put_text(meta, "name", name);
	put_text(meta, "namespace", event_namespace(event));
}

struct event_body
event_body_of(const struct action *act, uint32_t serial)
{
	return (struct event_body){
		.kind = act->on.kind,
		.ns = act->on.ns,
		.name = act->on.name,
		.uid = act->on.uid,
		.version = act->on.version,
		.warning = act->u.event.warning,
		.reason = act->u.event.reason,
		.message = act->u.event.message,
		.serial = serial,
	};
}

char *
encode_event(const struct event_body *event)
{
	struct json_object *root = new_of_kind("v1", "Event"), *source;

	put_event_name(root, event);
	put_involved(root, event);
	put_text(root, "type", event->warning ? "Warning" : "Normal");
	put_text(root, "reason", event->reason);
	put_message(root, event->message);
	source = put_new(root, "source");
	put_text(source, "component", "arplet");
	put_some(source, "host", event->host);
	put_time(root, "firstTimestamp", event->now_us, false);
	put_time(root, "lastTimestamp", event->now_us, false);
	put_int(root, "count", 1);
	return finish(root);
}

char *
encode_lease(const struct lease_body *lease)
{
	struct json_object *root = new_of_kind("coordination.k8s.io/v1", "Lease");
	struct json_object *meta = put_new(root, "metadata"), *spec = put_new(root, "spec");

	put_text(meta, "name", lease->name);
	put_text(meta, "namespace", lease->ns);
	put_some(meta, "resourceVersion", lease->version);
	put_text(spec, "holderIdentity", lease->holder);
	put_int(spec, "leaseDurationSeconds", lease->duration_s);
	put_int(spec, "leaseTransitions", lease->transitions);
	put_time(spec, "acquireTime", lease->acquire_us, true);
	put_time(spec, "renewTime", lease->renew_us, true);
	return finish(root);
}

char *
encode_l2status(const struct l2status_body *body)
{
	struct json_object *root = new_of_kind("metallb.io/v1beta1", "ServiceL2Status");
	struct json_object *meta = put_new(root, "metadata"), *labels;

	put_text(meta, "generateName", "l2-");
	put_text(meta, "namespace", body->ns);
	labels = put_new(meta, "labels");
	put_text(labels, "metallb.io/node", body->node);
	put_text(labels, "metallb.io/service-name", body->service);
	put_text(labels, "metallb.io/service-namespace", body->service_ns);
	if (body->conflict)
		put_text(put_new(meta, "annotations"), L2STATUS_CONFLICT, body->conflict);
	return finish(root);
}

char *
encode_l2status_patch(const struct l2status_body *body)
{
	struct json_object *root = json_object_new_object();
	struct json_object *status = put_new(root, "status");
	struct json_object *ifaces = body->interfaces->n ? json_object_new_array() : NULL;

	put_text(status, "node", body->node);
	put_text(status, "serviceName", body->service);
	put_text(status, "serviceNamespace", body->service_ns);
	put(status, "interfaces", ifaces);
	for (size_t i = 0; i < body->interfaces->n; i++) {
		struct json_object *one = json_object_new_object();

		put_text(one, "name", body->interfaces->v[i]);
		json_object_array_add(ifaces, one);
	}
	return finish(root);
}

/* Bytes, which JSON carries in base64. */
static void
put_base64(struct json_object *obj, const char *key, const void *bytes, size_t len)
{
	char *out = xcalloc((len + 2) / 3 * 4 + 1, 1);

	EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
	put_text(obj, key, out);
	free(out);
}

char *
encode_secret(const char *ns, const char *name, const uint8_t *key, size_t n)
{
	struct json_object *root = new_of_kind("v1", "Secret");
	struct json_object *meta = put_new(root, "metadata"), *data;

	put_text(meta, "name", name);
	put_text(meta, "namespace", ns);
	put_text(root, "type", "Opaque");
	data = put_new(root, "data");
	put_base64(data, "key", key, n);
	return finish(root);
}

char *
encode_exec_info(const struct exec_info *info)
{
	struct json_object *root = new_of_kind(info->api_version, "ExecCredential");
	struct json_object *spec = put_new(root, "spec"), *cluster;

	put(spec, "interactive", json_object_new_boolean(false));
	if (!info->server)
		return finish(root);
	cluster = put_new(spec, "cluster");
	put_text(cluster, "server", info->server);
	put_some(cluster, "tls-server-name", info->tls_server_name);
	put_some(cluster, "proxy-url", info->proxy_url);
	if (info->insecure)
		put(cluster, "insecure-skip-tls-verify", json_object_new_boolean(true));
	if (info->ca_pem)
		put_base64(cluster, "certificate-authority-data", info->ca_pem,
		    strlen(info->ca_pem));
	return finish(root);
}
