/* SPDX-License-Identifier: Apache-2.0 */
#include "object_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOLS_NS "metallb-system"
#define ITEMS_MAX 16

static _Noreturn void
bad_text(const char *what)
{
	fprintf(stderr, "object_text: cannot parse \"%s\" in a line of a test\n", what);
	abort();
}

struct ip
ip_from_text(const char *text)
{
	struct ip ip;

	if (ip_parse(text, &ip) < 0)
		bad_text(text);
	return ip;
}

struct strings
split_text(struct arena *mem, const char *text, const char *seps)
{
	struct strings out = { arena_calloc(mem, ITEMS_MAX, sizeof(char *)), 0 };
	char *save, *copy = arena_strdup(mem, text);

	for (char *s = strtok_r(copy, seps, &save); s; s = strtok_r(NULL, seps, &save)) {
		if (out.n == ITEMS_MAX)
			bad_text(text);
		out.v[out.n++] = s;
	}
	return out;
}

static void
set_ports(struct object *obj, const char *text)
{
	struct sharing *share = obj->u.service.share;
	struct strings items = split_text(&obj->mem, text, ",");

	if (strcmp(text, "many") == 0) {
		share->many_ports = true;
		return;
	}
	share->ports = arena_calloc(&obj->mem, items.n, sizeof(*share->ports));
	share->n_ports = items.n;
	for (size_t i = 0; i < items.n; i++) {
		struct strings port = split_text(&obj->mem, items.v[i], "/");

		share->ports[i].protocol = (uint8_t)protocol_parse(port.v[0]);
		share->ports[i].port = (uint16_t)atoi(port.n == 2 ? port.v[1] : "80");
	}
	service_ports_sort(share->ports, share->n_ports);
}

static bool
set_service(struct object *obj, const char *key, const char *value)
{
	struct service *spec = &obj->u.service;
	struct strings ips;

	if (strcmp(key, "ports") == 0) {
		set_ports(obj, value);
	} else if (strcmp(key, "families") == 0) {
		spec->n_families = 0;
		for (const char *c = value; *c && *c != '-'; c++)
			spec->families[spec->n_families++] = *c == '4' ? IPV4 : IPV6;
	} else if (strcmp(key, "policy") == 0) {
		spec->policy = *value == 'p' ? PREFER_DUAL_STACK : REQUIRE_DUAL_STACK;
	} else if (strcmp(key, "local") == 0) {
		spec->local = true;
	} else if (strcmp(key, "selector") == 0) {
		spec->share->selector = labels_from_text(&obj->mem, value);
	} else if (strcmp(key, "type") == 0) {
		spec->load_balancer = strcmp(value, "LoadBalancer") == 0;
	} else if (strcmp(key, "since") == 0) {
		spec->allocated_s = (uint32_t)atoll(value);
	} else if (strcmp(key, "foreign") == 0) {
		spec->status_foreign = true;
	} else if (strcmp(key, "conditions") == 0) {
		if (sscanf(value, "%" SCNx64 "/%" SCNx64, &spec->conditions[0],
			&spec->conditions[1]) != CONDITIONS)
			bad_text(value);
	} else if (strcmp(key, "status") == 0) {
		ips = split_text(&obj->mem, value, ",");
		spec->status_room = (uint8_t)ips.n;
		spec->status = arena_calloc(&obj->mem, ips.n, sizeof(*spec->status));
		for (size_t i = 0; i < ips.n; i++)
			spec->status[spec->n_status++] = ip_from_text(ips.v[i]);
	} else {
		return false;
	}
	return true;
}

static bool
set_service_text(struct object *obj, const char *key, const char *value)
{
	struct service *spec = &obj->u.service;
	struct {
		const char *key, **field;
	} fields[] = {
		{ "class", &spec->lb_class },
		{ "lbip", &spec->lb_ip },
		{ "ann-ips", &spec->ann_ips },
		{ "pool", &spec->ann_pool },
		{ "share", &spec->share->key },
		{ "from", &spec->from_pool },
		{ "old", &spec->deprecated },
		{ "unknown", &spec->unknown },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (strcmp(key, fields[i].key) == 0) {
			*fields[i].field = value;
			return true;
		}
	}
	return false;
}

/* Sets the annotation whose name is "arplet.io/" followed by @key. */
static bool
set_annotation(struct object *obj, const char *key, const char *value)
{
	static const char *const keys[POOL_ANNOTATIONS] = {
		[ANNOTATION_EXCLUDE] = "exclude", [ANNOTATION_RESERVATIONS] = "reserve",
		[ANNOTATION_REUSE_AFTER] = "reuse-after", [ANNOTATION_QUOTA] = "quota",
		[ANNOTATION_NODE_GATEWAY] = "allow-infrastructure",
		    [ANNOTATION_CONFLICT] = "conflict",
		[ANNOTATION_SHARE_NAMESPACES] = "share-namespaces",
		[ANNOTATION_IGNORE_PROXY_ARP] = "ignore-proxy-arp",
	};

	for (size_t i = 0; i < POOL_ANNOTATIONS; i++) {
		if (strcmp(key, keys[i]) == 0) {
			obj->u.pool.annotations[i] = value;
			return true;
		}
	}
	return false;
}

static bool
set_pool(struct object *obj, const char *key, const char *value)
{
	struct pool *spec = &obj->u.pool;
	struct pool_counts *c = &spec->status;

	if (strpbrk(key, ".:")) {
		spec->addresses.v[spec->addresses.n++] = key;
		return true;
	}
	if (set_annotation(obj, key, value))
		return true;
	if (strcmp(key, "counts") == 0)
		return sscanf(value, "%" SCNd64 "/%" SCNd64 "/%" SCNd64 "/%" SCNd64, &c->assigned4,
		    &c->available4, &c->assigned6, &c->available6) == 4;
	if (strcmp(key, "auto") == 0) {
		spec->auto_assign = false;
		return true;
	}
	if (strcmp(key, "avoid") == 0) {
		spec->avoid_buggy = true;
		return true;
	}
	spec->pinned = true;
	if (strcmp(key, "prio") == 0)
		spec->priority = atoi(value);
	else if (strcmp(key, "ns") == 0)
		spec->namespaces = split_text(&obj->mem, value, ",");
	else if (strcmp(key, "nssel") == 0)
		spec->ns_selectors = selectors_from_text(&obj->mem, value);
	else if (strcmp(key, "svcsel") == 0)
		spec->svc_selectors = selectors_from_text(&obj->mem, value);
	else
		return strcmp(key, "pinned") == 0;
	return true;
}

static bool
set_adv(struct object *obj, const char *key, const char *value)
{
	struct l2adv *spec = &obj->u.l2adv;

	if (strcmp(key, "pools") == 0)
		spec->pools = split_text(&obj->mem, value, ",");
	else if (strcmp(key, "poolsel") == 0)
		spec->pool_selectors = selectors_from_text(&obj->mem, value);
	else if (strcmp(key, "nodes") == 0)
		spec->node_selectors = selectors_from_text(&obj->mem, value);
	else if (strcmp(key, "svcsel") == 0)
		spec->svc_selectors = selectors_from_text(&obj->mem, value);
	else if (strcmp(key, "ifaces") == 0)
		spec->interfaces = split_text(&obj->mem, value, ",");
	else
		return false;
	return true;
}

/* Adds an endpoint by @key: "n1:ready", "n2:not", "n3:ends" (serving), ":ready" (without node). */
static bool
set_slice(struct object *obj, const char *key)
{
	struct slice *slice = &obj->u.slice;
	size_t len = strcspn(key, ":");

	if (!key[len])
		return false;
	slice->v[slice->n].node = len ? arena_strndup(&obj->mem, key, len) : NULL;
	slice->v[slice->n].ready = strcmp(key + len, ":ready") == 0;
	slice->v[slice->n].serves = slice->v[slice->n].ready || strcmp(key + len, ":ends") == 0;
	slice->n++;
	return true;
}

static bool
set_l2status(struct object *obj, const char *key, const char *value)
{
	struct l2status *l2 = &obj->u.l2status;
	size_t len;

	if (strcmp(key, "node") == 0) {
		l2->node = value;
	} else if (strcmp(key, "svc") == 0) {
		len = strcspn(value, "/");
		l2->service_ns = arena_strndup(&obj->mem, value, len);
		l2->service = value + len + 1;
	} else if (strcmp(key, "ifaces") == 0) {
		l2->interfaces = split_text(&obj->mem, value, ",");
	} else if (strcmp(key, "conflict") == 0) {
		l2->conflict = value;
	} else if (strcmp(key, "unwritten") == 0) {
		l2->written = false;
	} else {
		return false;
	}
	return true;
}

static bool
set_meta(struct object *obj, const char *key, const char *value)
{
	struct meta *meta = &obj->meta;

	if (strcmp(key, "labels") == 0 && strcmp(value, "many") == 0)
		labels_set_unknown(&meta->labels);
	else if (strcmp(key, "labels") == 0)
		meta->labels = labels_from_text(&obj->mem, value);
	else if (strcmp(key, "created") == 0)
		meta->created_s = (uint32_t)atoll(value);
	else if (strcmp(key, "gen") == 0)
		meta->generation = (uint32_t)atoll(value);
	else if (strcmp(key, "uid") == 0)
		meta->uid = value;
	else if (strcmp(key, "version") == 0)
		meta->version = value;
	else if (strcmp(key, "deleting") == 0)
		obj->deleting = true;
	else
		return false;
	return true;
}

static bool
set_field(struct object *obj, const char *key, const char *value)
{
	struct validity *valid = object_valid(obj);

	if (valid && strcmp(key, "conditions") == 0)
		return sscanf(value, "%" SCNx64, &valid->hash) == 1;
	switch (obj->kind) {
	case KIND_SERVICE:
		return set_service(obj, key, value) || set_service_text(obj, key, value);
	case KIND_POOL:
		return set_pool(obj, key, value);
	case KIND_L2ADV:
		return set_adv(obj, key, value);
	case KIND_SLICE:
		if (strcmp(key, "owner") == 0) {
			obj->u.slice.owner = value;
			return true;
		}
		if (strcmp(key, "id") != 0)
			return set_slice(obj, key);
		obj->meta.name = arena_printf(&obj->mem, "%s-%s", obj->meta.name, value);
		return true;
	case KIND_NODE:
		if (strcmp(key, "ip") == 0) {
			obj->u.node.addrs[obj->u.node.n_addrs++] = ip_from_text(value);
			return true;
		}
		obj->u.node.ready &= strcmp(key, "notready") != 0;
		obj->u.node.network_unavailable |= strcmp(key, "nonet") == 0;
		obj->u.node.unschedulable |= strcmp(key, "cordoned") == 0;
		return strncmp(key, "no", 2) == 0 || strcmp(key, "cordoned") == 0;
	case KIND_L2STATUS:
		return set_l2status(obj, key, value);
	default:
		return false;
	}
}

static struct object *
start(const char *word)
{
	static const char *const words[KINDS] = {
		[KIND_SERVICE] = "svc", [KIND_POOL] = "pool", [KIND_L2ADV] = "adv",
		[KIND_SLICE] = "slice", [KIND_NODE] = "node", [KIND_NAMESPACE] = "ns",
		[KIND_LEASE] = "lease", [KIND_L2STATUS] = "l2",
	};

	for (int kind = 0; kind < KINDS; kind++) {
		if (strcmp(word, words[kind]) == 0)
			return object_new((enum kind)kind, 0);
	}
	bad_text(word);
}

/* Sets default values for fields that the line of the object does not contain. */
static void
set_defaults(struct object *obj)
{
	if (obj->kind == KIND_SERVICE) {
		obj->u.service.load_balancer = true;
		obj->u.service.families[0] = IPV4;
		obj->u.service.n_families = 1;
		set_ports(obj, "TCP/80");
	} else if (obj->kind == KIND_POOL) {
		obj->u.pool.auto_assign = true;
		obj->u.pool.addresses.v = arena_calloc(&obj->mem, ITEMS_MAX, sizeof(char *));
		obj->u.pool.status = (struct pool_counts){ -1, -1, -1, -1 };
	} else if (obj->kind == KIND_SLICE) {
		obj->u.slice.service = obj->meta.name;
		obj->u.slice.owner = "";
		obj->u.slice.v = arena_calloc(&obj->mem, ITEMS_MAX, sizeof(struct endpoint));
	} else if (obj->kind == KIND_NODE) {
		obj->u.node.ready = true;
	} else if (obj->kind == KIND_L2STATUS) {
		obj->u.l2status.written = true;
	}
}

static void
set_name(struct object *obj, char *name)
{
	char *slash = strchr(name, '/');

	obj->meta.name = slash ? slash + 1 : name;
	if (slash) {
		*slash = '\0';
		obj->meta.ns = name;
	} else if (kind_info[obj->kind].namespaced) {
		obj->meta.ns = POOLS_NS;
	}
}

/* A Service without a sharing key, or with an empty sharing key, does not share its address. */
static void
drop_empty_share(struct service *spec)
{
	if (!spec->share->key || !*spec->share->key)
		spec->share = NULL;
}

struct object *
object_from_text(const char *line)
{
	char buf[OBJECT_TEXT_MAX], *bad, *copy, *save, *word;
	struct object *obj;

	snprintf(buf, sizeof(buf), "%s", line);
	bad = strstr(buf, " bad=");
	if (bad)
		*bad = '\0';
	copy = strtok_r(buf, " ", &save);
	obj = start(copy ? copy : line);
	copy = arena_strdup(&obj->mem, save);
	word = strtok_r(copy, " ", &save);
	if (!word)
		bad_text(line);
	set_name(obj, word);
	if (obj->kind == KIND_SERVICE)
		obj->u.service.share = arena_alloc(&obj->mem, sizeof(struct sharing));
	if (bad) /* after an error, the decoder keeps only status, type and class of a Service */
		obj->bad = arena_strdup(&obj->mem, bad + 5);
	else
		set_defaults(obj);
	while ((word = strtok_r(NULL, " ", &save))) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		if (!set_meta(obj, word, value ? value : "") &&
		    !set_field(obj, word, value ? value : ""))
			bad_text(word);
	}
	if (obj->kind == KIND_SERVICE)
		drop_empty_share(&obj->u.service);
	return obj;
}
