/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/encode.h"
#include "encode_json.h"

#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/*
 * The API server finds the condition that the patch must change by the type of the condition.
 * Without a lastTransitionTime in the patch, the server keeps the old time.
 */
static struct json_object *
new_condition(const char *type, const struct condition_change *change, int64_t now_us)
{
	struct json_object *condition = json_object_new_object();

	if (change->op == CONDITION_DROP)
		put_text(condition, "$patch", "delete");
	put_text(condition, "type", type);
	if (change->op == CONDITION_DROP)
		return condition;
	put_text(condition, "status", change->status ? "True" : "False");
	put_text(condition, "reason", change->reason);
	put_text(condition, "message", change->message);
	if (change->transition)
		put_time(condition, "lastTransitionTime", now_us, false);
	return condition;
}

static void
put_conditions(struct json_object *status, const struct condition_change *changes, int64_t now_us)
{
	struct json_object *all = NULL;

	for (int i = 0; changes && i < CONDITIONS; i++) {
		if (changes[i].op == CONDITION_KEEP)
			continue;
		if (!all) {
			all = json_object_new_array();
			put(status, "conditions", all);
		}
		json_object_array_add(all, new_condition(condition_types[i], &changes[i], now_us));
	}
}

char *
encode_conditions_patch(const char *version, const struct condition_change *conditions,
    int64_t now_us)
{
	struct json_object *root = json_object_new_object();

	put_nonempty(put_object(root, "metadata"), "resourceVersion", version);
	put_conditions(put_object(root, "status"), conditions, now_us);
	return finish(root);
}

/* Add the counts of a pool to @status, except counts that are -1. */
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
encode_valid_patch(const struct condition_change *change, const char *since,
    const struct pool_counts *counts, int64_t now_us)
{
	struct json_object *root = json_object_new_object();
	struct json_object *status = put_object(root, "status");
	struct json_object *all = json_object_new_array();
	struct condition_change timed = *change;
	struct json_object *condition;

	/*
	 * a merge patch replaces the whole list of conditions, so the patch must contain
	 * lastTransitionTime, even if it is unchanged
	 */
	timed.transition |= !since;
	condition = new_condition(CONDITION_VALID, &timed, now_us);
	if (!timed.transition)
		put_text(condition, "lastTransitionTime", since);
	json_object_array_add(all, condition);
	put(status, "conditions", all);
	if (counts) {
		const struct pool_counts missing = {
			counts->assigned4 < 0 ? 0 : -1,
			counts->assigned6 < 0 ? 0 : -1,
			counts->available4 < 0 ? 0 : -1,
			counts->available6 < 0 ? 0 : -1,
		};

		put_counts(status, &missing);
	}
	return finish(root);
}

char *
encode_service_patch(const struct service_patch *patch)
{
	struct json_object *root = json_object_new_object();
	struct json_object *meta = put_object(root, "metadata");
	struct json_object *status = put_object(root, "status");
	struct json_object *lb = put_object(status, "loadBalancer");
	struct json_object *ingress = patch->n_ips ? json_object_new_array() : NULL;
	const char *pool = patch->n_ips ? patch->pool : NULL;
	char buf[IP_TEXT_MAX];

	put_nonempty(meta, "resourceVersion", patch->version);
	put(put_object(meta, "annotations"), "metallb.io/ip-allocated-from-pool",
	    pool ? json_object_new_string(pool) : NULL);
	put(lb, "ingress", ingress); /* a NULL is sent as JSON null, which removes the addresses */
	for (size_t i = 0; i < patch->n_ips; i++) {
		struct json_object *address = json_object_new_object();

		put_text(address, "ip", ip_format(&patch->ips[i], buf));
		put_text(address, "ipMode", "VIP");
		json_object_array_add(ingress, address);
	}
	put_conditions(status, patch->conditions, patch->now_us);
	return finish(root);
}

char *
encode_pool_patch(const struct pool_counts *counts)
{
	struct json_object *root = json_object_new_object();

	put_counts(put_object(root, "status"), counts);
	return finish(root);
}

char *
encode_lease(const struct lease_body *lease)
{
	struct json_object *root = new_of_kind("coordination.k8s.io/v1", "Lease");
	struct json_object *meta = put_object(root, "metadata"), *spec = put_object(root, "spec");

	put_text(meta, "name", lease->name);
	put_text(meta, "namespace", lease->ns);
	put_nonempty(meta, "resourceVersion", lease->version);
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
	struct json_object *meta = put_object(root, "metadata"), *labels;

	put_text(meta, "generateName", "l2-");
	put_text(meta, "namespace", body->ns);
	labels = put_object(meta, "labels");
	put_text(labels, "metallb.io/node", body->node);
	put_text(labels, "metallb.io/service-name", body->service);
	put_text(labels, "metallb.io/service-namespace", body->service_ns);
	if (body->conflict)
		put_text(put_object(meta, "annotations"), L2STATUS_CONFLICT, body->conflict);
	return finish(root);
}

char *
encode_l2status_patch(const struct l2status_body *body)
{
	struct json_object *root = json_object_new_object();
	struct json_object *status = put_object(root, "status");
	struct json_object *interfaces = body->interfaces->n ? json_object_new_array() : NULL;

	put_text(status, "node", body->node);
	put_text(status, "serviceName", body->service);
	put_text(status, "serviceNamespace", body->service_ns);
	put(status, "interfaces", interfaces);
	for (size_t i = 0; i < body->interfaces->n; i++) {
		struct json_object *interface = json_object_new_object();

		put_text(interface, "name", body->interfaces->v[i]);
		json_object_array_add(interfaces, interface);
	}
	return finish(root);
}

/* Add @bytes as a base64 string. */
static void
put_base64(struct json_object *obj, const char *key, const void *bytes, size_t len)
{
	char *out = xcalloc((len + 2) / 3 * 4 + 1, 1);

	EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
	put_text(obj, key, out);
	free(out);
}

char *
encode_key_patch(const char *version, const uint8_t *key, size_t n)
{
	struct json_object *root = json_object_new_object();

	put_nonempty(put_object(root, "metadata"), "resourceVersion", version);
	put_base64(put_object(root, "data"), "key", key, n);
	return finish(root);
}

/*
 * The operation "test" fails if the Secret has data (RFC 6902 section 4.6): to the API server, a
 * missing member equals null.
 */
char *
encode_first_key_patch(const uint8_t *key, size_t n)
{
	struct json_object *root = json_object_new_array();
	struct json_object *test = json_object_new_object(), *add = json_object_new_object();

	put_text(test, "op", "test");
	put_text(test, "path", "/data");
	put(test, "value", NULL);
	put_text(add, "op", "add");
	put_text(add, "path", "/data");
	put_base64(put_object(add, "value"), "key", key, n);
	json_object_array_add(root, test);
	json_object_array_add(root, add);
	return finish(root);
}

char *
encode_exec_info(const struct exec_info *info)
{
	struct json_object *root = new_of_kind(info->api_version, "ExecCredential");
	struct json_object *spec = put_object(root, "spec"), *cluster;

	put(spec, "interactive", json_object_new_boolean(false));
	if (!info->server)
		return finish(root);
	cluster = put_object(spec, "cluster");
	put_text(cluster, "server", info->server);
	put_nonempty(cluster, "tls-server-name", info->tls_server_name);
	put_nonempty(cluster, "proxy-url", info->proxy_url);
	if (info->insecure)
		put(cluster, "insecure-skip-tls-verify", json_object_new_boolean(true));
	if (info->ca_pem)
		put_base64(cluster, "certificate-authority-data", info->ca_pem,
		    strlen(info->ca_pem));
	return finish(root);
}
