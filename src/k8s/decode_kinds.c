/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_kinds.h"
#include "decode_config.h"
#include "decode_limits.h"
#include "decode_service.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static int
read_endpoint(const struct json_reader *rd, const struct json_field *field,
    struct endpoint *ret_endpoint)
{
	struct json_field conditions = json_member(field, "conditions");
	bool ready = true, serving = false;
	int rc = READ(string_ref, rd, field, "nodeName", &ret_endpoint->node);

	if (rc >= 0)
		rc = READ(bool, rd, &conditions, "ready", &ready);
	if (rc >= 0)
		rc = READ(bool, rd, &conditions, "serving", &serving);
	ret_endpoint->ready = ready;
	ret_endpoint->serves = ready || serving;
	return rc;
}

static int
endpoint_cmp(const void *a, const void *b)
{
	const char *one = ((const struct endpoint *)a)->node,
	    *other = ((const struct endpoint *)b)->node;

	if (!one || !other)
		return (one != NULL) - (other != NULL);
	return strcmp(one, other);
}

/*
 * Make the endpoints on one node one entry, because decisions need only the nodes that have
 * endpoints.  The entries become sorted by node.
 */
static void
merge_endpoints(struct slice *slice)
{
	size_t n = 0;

	if (slice->n)
		qsort(slice->v, slice->n, sizeof(*slice->v), endpoint_cmp);
	for (size_t i = 0; i < slice->n; i++) {
		if (!n || endpoint_cmp(&slice->v[n - 1], &slice->v[i]) != 0) {
			slice->v[n++] = slice->v[i];
			continue;
		}
		slice->v[n - 1].serves |= slice->v[i].serves;
		slice->v[n - 1].ready |= slice->v[i].ready;
	}
	slice->n = n;
}

static int
read_endpoints(const struct json_reader *rd, const struct json_field *endpoints,
    struct slice *slice)
{
	struct arena mem = { 0 };
	struct slice all = { 0 };
	size_t n;
	int rc = read_array(rd, endpoints, &n);

	if (rc <= 0)
		return rc;
	all.v = arena_calloc(&mem, n, sizeof(*all.v));
	for (; rc >= 0 && all.n < n; all.n++) {
		struct json_field field = json_element(endpoints, all.n);

		rc = read_endpoint(rd, &field, &all.v[all.n]);
	}
	merge_endpoints(&all);
	slice->n = all.n;
	slice->v = arena_calloc(rd->mem, all.n, sizeof(*slice->v));
	for (size_t i = 0; i < all.n; i++) {
		slice->v[i] = all.v[i];
		slice->v[i].node = arena_strdup(rd->mem, all.v[i].node);
	}
	arena_done(&mem);
	return rc;
}

/* Set slice->owner to the uid of the Service that owns the slice. */
static int
read_owner(const struct json_reader *rd, const struct json_field *meta, struct slice *slice)
{
	struct json_field owners = json_member(meta, "ownerReferences");
	size_t n = 0;
	int rc = read_array(rd, &owners, &n);

	slice->owner = "";
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct json_field one = json_element(&owners, i);
		const char *kind = "";

		rc = READ(string_ref, rd, &one, "kind", &kind);
		if (rc >= 0 && strcmp(kind, "Service") == 0)
			rc = READ(string, rd, &one, "uid", &slice->owner);
	}
	return rc;
}

static int
read_slice(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct slice *slice = &obj->u.slice;
	struct json_field meta = json_member(root, "metadata"),
	    labels = json_member(&meta, "labels");
	struct json_field endpoints = json_member(root, "endpoints");
	int rc;

	slice->service = "";
	rc = READ(string, rd, &labels, "kubernetes.io/service-name", &slice->service);
	if (rc >= 0)
		rc = read_owner(rd, &meta, slice);
	if (rc >= 0)
		rc = read_endpoints(rd, &endpoints, slice);
	return rc;
}

static int
read_condition(const struct json_reader *rd, const struct json_field *field, struct node *node)
{
	const char *type = "", *status = "";
	int rc = READ(string_ref, rd, field, "type", &type);

	if (rc >= 0)
		rc = READ(string_ref, rd, field, "status", &status);
	if (rc < 0)
		return rc;
	if (strcmp(type, "Ready") == 0) {
		node->ready = strcmp(status, "True") == 0;
		node->ready_known = true;
	}
	if (strcmp(type, "NetworkUnavailable") == 0)
		node->network_unavailable = strcmp(status, "True") == 0;
	return rc;
}

/* Read an address of a Node.  Skip host names, and addresses for which node->addrs has no room. */
static int
read_node_address(const struct json_reader *rd, const struct json_field *field, struct node *node)
{
	const char *type = "", *text = "";
	int rc = READ(string_ref, rd, field, "type", &type);

	if (rc >= 0)
		rc = READ(string_ref, rd, field, "address", &text);
	if (rc < 0 || (strcmp(type, "InternalIP") != 0 && strcmp(type, "ExternalIP") != 0))
		return rc;
	if (node->n_addrs < sizeof(node->addrs) / sizeof(node->addrs[0]) &&
	    ip_parse(text, &node->addrs[node->n_addrs]) == 0)
		node->n_addrs++;
	return rc;
}

static int
read_node(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct node *node = &obj->u.node;
	struct json_field spec = json_member(root, "spec"), status = json_member(root, "status");
	struct json_field conditions = json_member(&status, "conditions");
	struct json_field addresses = json_member(&status, "addresses");
	size_t n_conditions = 0, n_addresses = 0;
	int rc = READ(bool, rd, &spec, "unschedulable", &node->unschedulable);

	if (rc >= 0)
		rc = read_array(rd, &conditions, &n_conditions);
	if (rc >= 0)
		rc = read_array(rd, &addresses, &n_addresses);
	for (size_t i = 0; rc >= 0 && i < n_conditions; i++) {
		struct json_field one = json_element(&conditions, i);

		rc = read_condition(rd, &one, node);
	}
	for (size_t i = 0; rc >= 0 && i < n_addresses; i++) {
		struct json_field one = json_element(&addresses, i);

		rc = read_node_address(rd, &one, node);
	}
	return rc;
}

static int
read_lease(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct lease *lease = &obj->u.lease;
	struct json_field spec = json_member(root, "spec");
	int rc;

	lease->holder = lease->renew_time = lease->acquire_time = "";
	rc = READ(string, rd, &spec, "holderIdentity", &lease->holder);
	if (rc >= 0)
		rc = READ(int32, rd, &spec, "leaseDurationSeconds", &lease->duration_s);
	if (rc >= 0)
		rc = READ(int32, rd, &spec, "leaseTransitions", &lease->transitions);
	if (rc >= 0)
		rc = READ(string, rd, &spec, "renewTime", &lease->renew_time);
	if (rc >= 0)
		rc = READ(string, rd, &spec, "acquireTime", &lease->acquire_time);
	return rc;
}

static int
read_l2status(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct l2status *l2 = &obj->u.l2status;
	struct json_field meta = json_member(root, "metadata"),
	    labels = json_member(&meta, "labels");
	struct json_field annotations = json_member(&meta, "annotations");
	struct json_field status = json_member(root, "status"),
	    interfaces = json_member(&status, "interfaces");
	const char *node = "", *service_ns = "", *service = "";
	size_t n = 0;
	int rc;

	/*
	 * The labels of a ServiceL2Status repeat values of its status, and are set before the
	 * status is written.
	 */
	rc = READ(string_ref, rd, &labels, "metallb.io/node", &node);
	if (rc >= 0)
		rc = READ(string_ref, rd, &labels, "metallb.io/service-namespace", &service_ns);
	if (rc >= 0)
		rc = READ(string_ref, rd, &labels, "metallb.io/service-name", &service);
	if (rc >= 0)
		rc = READ(string_ref, rd, &status, "node", &node);
	l2->written = rc > 0;
	if (rc >= 0)
		rc = READ(string_ref, rd, &status, "serviceNamespace", &service_ns);
	if (rc >= 0)
		rc = READ(string_ref, rd, &status, "serviceName", &service);
	if (rc >= 0)
		rc = READ(string, rd, &annotations, L2STATUS_CONFLICT, &l2->conflict);
	l2->node = arena_strdup(rd->mem, node);
	l2->service_ns = arena_strdup(rd->mem, service_ns);
	l2->service = arena_strdup(rd->mem, service);
	if (rc >= 0)
		rc = read_array(rd, &interfaces, &n);
	if (rc < 0)
		return rc;
	l2->interfaces = (struct strings){ arena_calloc(rd->mem, n, sizeof(char *)), n };
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct json_field one = json_element(&interfaces, i);

		l2->interfaces.v[i] = "";
		rc = READ(string, rd, &one, "name", &l2->interfaces.v[i]);
	}
	return rc;
}

/*
 * If the Secret has no key, or if the key is not base64, secret->n stays 0.  The code that uses the
 * key reports this error.
 */
static int
read_secret(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct secret *secret = &obj->u.secret;
	struct json_field data = json_member(root, "data");
	const char *text = "";
	struct json_reader longer = *rd;
	int rc, n;
	size_t len;

	longer.max_text = SECRET_MAX;
	rc = READ(string, &longer, &data, "key", &text);
	len = strlen(text);
	if (rc < 0 || len == 0 || len % 4 || len > SECRET_MAX)
		return rc;
	secret->key = arena_alloc(rd->mem, len);
	n = EVP_DecodeBlock(secret->key, (const unsigned char *)text, (int)len);
	if (n < 0)
		return 0;
	secret->n = (size_t)n - (text[len - 1] == '=') - (text[len - 2] == '=');
	return 0;
}

static int
read_nothing(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	(void)rd, (void)root, (void)obj;
	return 0;
}

int
read_kind(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	static int (*const readers[KINDS])(const struct json_reader *, const struct json_field *,
	    struct object *) = {
		[KIND_SERVICE] = read_service,
		[KIND_POOL] = read_pool,
		[KIND_L2ADV] = read_l2adv,
		[KIND_SLICE] = read_slice,
		[KIND_NODE] = read_node,
		/* of a Namespace, decisions read only the labels */
		[KIND_NAMESPACE] = read_nothing,
		[KIND_LEASE] = read_lease,
		[KIND_L2STATUS] = read_l2status,
		[KIND_SECRET] = read_secret,
	};

	return readers[obj->kind](rd, root, obj);
}
