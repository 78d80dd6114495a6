/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/object.h"

#include <stddef.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct kind_info kind_info[KINDS] = {
	[KIND_SERVICE] = { "Service", "v1", "services", true },
	[KIND_POOL] = { "IPAddressPool", "metallb.io/v1beta1", "ipaddresspools", true },
	[KIND_L2ADV] = { "L2Advertisement", "metallb.io/v1beta1", "l2advertisements", true },
	[KIND_SLICE] = { "EndpointSlice", "discovery.k8s.io/v1", "endpointslices", true },
	[KIND_NODE] = { "Node", "v1", "nodes", false },
	[KIND_NAMESPACE] = { "Namespace", "v1", "namespaces", false },
	[KIND_LEASE] = { "Lease", "coordination.k8s.io/v1", "leases", true },
	[KIND_L2STATUS] = { "ServiceL2Status", "metallb.io/v1beta1", "servicel2statuses", true },
	[KIND_SECRET] = { "Secret", "v1", "secrets", true },
};

const char *const pool_annotation_keys[POOL_ANNOTATIONS] = {
	[ANNOTATION_EXCLUDE] = "arplet.io/exclude",
	[ANNOTATION_RESERVATIONS] = "arplet.io/reservations",
	[ANNOTATION_REUSE_AFTER] = "arplet.io/reuse-after",
	[ANNOTATION_QUOTA] = "arplet.io/namespace-quota",
	[ANNOTATION_NODE_GATEWAY] = "arplet.io/allow-infrastructure",
	[ANNOTATION_CONFLICT] = "arplet.io/conflict",
	[ANNOTATION_SHARE_NAMESPACES] = "arplet.io/share-across-namespaces",
	[ANNOTATION_IGNORE_PROXY_ARP] = "arplet.io/ignore-proxy-arp",
};

const char *const condition_types[CONDITIONS] = {
	[CONDITION_ALLOCATED] = "arplet.io/Allocated",
	[CONDITION_ANNOUNCED] = "arplet.io/Announced",
};

/* Adds @text and its NUL to an FNV-1a hash.  The NUL separates the reason from the message. */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	} while (*text++);
	return hash;
}

/* Bit 0 of the hash is the status of the condition.  Bit 1 is always 1, so that no hash is 0. */
uint64_t
condition_hash(bool is, const char *reason, const char *message)
{
	uint64_t hash = hash_text(hash_text(0xcbf29ce484222325, reason), message);

	return (hash & ~(uint64_t)3) | 2 | is;
}

static const size_t member_size[KINDS] = {
	[KIND_SERVICE] = sizeof(struct service),
	[KIND_POOL] = sizeof(struct pool),
	[KIND_L2ADV] = sizeof(struct l2adv),
	[KIND_SLICE] = sizeof(struct slice),
	[KIND_NODE] = sizeof(struct node),
	[KIND_LEASE] = sizeof(struct lease),
	[KIND_L2STATUS] = sizeof(struct l2status),
	[KIND_SECRET] = sizeof(struct secret),
};

/* Allocates one block for the object, its member of u and its arena, which saves malloc headers. */
struct object *
object_new(enum kind kind, size_t room)
{
	size_t size = offsetof(struct object, u) + member_size[kind];
	struct object *obj;

	assert(member_size[kind] || kind == KIND_NAMESPACE); /* a Namespace has only labels */
	size = (size + _Alignof(struct object) - 1) & ~(_Alignof(struct object) - 1);
	obj = xcalloc(1, size + room);
	obj->kind = kind;
	arena_lend(&obj->mem, (char *)obj + size, room);
	obj->meta.ns = obj->meta.name = obj->meta.uid = obj->meta.version = "";
	return obj;
}

void
object_clear(struct object *obj)
{
	memset(&obj->u, 0, member_size[obj->kind]);
}

void
object_free(struct object *obj)
{
	if (!obj)
		return;
	arena_done(&obj->mem);
	free(obj);
}

const char *
labels_get(const struct labels *labels, const char *key)
{
	for (size_t i = 0; i < labels->n; i++) {
		if (strcmp(labels->v[i].key, key) == 0)
			return labels->v[i].value;
	}
	return NULL;
}

static int
label_cmp(const void *a, const void *b)
{
	const struct label *la = a, *lb = b;
	int order = strcmp(la->key, lb->key);

	return order ? order : strcmp(la->value, lb->value);
}

/* Returns a sorted copy of @labels, which the caller frees. */
static struct label *
sorted_labels(const struct labels *labels)
{
	struct label *v = xcalloc(labels->n, sizeof(*v));

	memcpy(v, labels->v, labels->n * sizeof(*v));
	qsort(v, labels->n, sizeof(*v), label_cmp);
	return v;
}

bool
labels_equal(const struct labels *a, const struct labels *b)
{
	struct label *va, *vb;
	size_t same = 0;

	if (a->n != b->n || labels_are_unknown(a) || labels_are_unknown(b))
		return false;
	while (same < a->n && label_cmp(&a->v[same], &b->v[same]) == 0)
		same++;
	if (same == a->n)
		return true; /* the usual case: the same labels in the same order */
	va = sorted_labels(a);
	vb = sorted_labels(b);
	for (same = 0; same < a->n && label_cmp(&va[same], &vb[same]) == 0;)
		same++;
	free(va);
	free(vb);
	return same == a->n;
}

int
service_ports_cmp(const struct service_port *a, const struct service_port *b)
{
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return (a->protocol > b->protocol) - (a->protocol < b->protocol);
}

static int
ports_order(const void *a, const void *b)
{
	return service_ports_cmp(a, b);
}

void
service_ports_sort(struct service_port *ports, size_t n)
{
	if (n)
		qsort(ports, n, sizeof(*ports), ports_order);
}

/* labels->v points to this label, although labels->n is 0, if the labels are unknown. */
static struct label unknown_label = { "", "" };

void
labels_set_unknown(struct labels *labels)
{
	*labels = (struct labels){ &unknown_label, 0 };
}

bool
labels_are_unknown(const struct labels *labels)
{
	return labels->v == &unknown_label;
}

const char *const protocol_names[PROTOCOLS] = { "TCP", "UDP", "SCTP" };

int
protocol_parse(const char *text)
{
	for (int i = 0; i < PROTOCOLS; i++) {
		if (strcmp(text, protocol_names[i]) == 0)
			return i;
	}
	return -EINVAL;
}

/* metav1.LabelSelectorRequirement: the operator "NotIn" also matches if the key is absent. */
static bool
requirement_holds(const struct requirement *req, const struct labels *labels)
{
	const char *value = labels_get(labels, req->key);

	if (labels_are_unknown(labels))
		return false;
	switch (req->op) {
	case SEL_IN:
		return value && strings_contain(&req->values, value);
	case SEL_NOT_IN:
		return !value || !strings_contain(&req->values, value);
	case SEL_EXISTS:
		return value;
	case SEL_NOT_EXISTS:
		return !value;
	}
	return false;
}

bool
selector_matches(const struct selector *sel, const struct labels *labels)
{
	for (size_t i = 0; i < sel->n; i++) {
		if (!requirement_holds(&sel->v[i], labels))
			return false;
	}
	return true;
}

bool
selectors_match(const struct selectors *sels, const struct labels *labels)
{
	for (size_t i = 0; i < sels->n; i++) {
		if (selector_matches(&sels->v[i], labels))
			return true;
	}
	return false;
}
