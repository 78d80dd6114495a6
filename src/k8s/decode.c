/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "decode_kinds.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define ROOM_MAX 2048 /* for the texts and lists of any but an unusual object */

/* What must hold for an object to be told from others.  Labels only where something selects. */
static int
read_identity(const struct reading *rd, const struct at *meta, enum kind kind, struct meta *m)
{
	struct at name = at_key(meta, "name");
	int rc = read_string(rd, &name, &m->name);

	if (rc >= 0 && !m->name[0])
		rc = at_fail(rd, &name, "must be given");
	if (rc >= 0)
		rc = READ(string, rd, meta, "namespace", &m->ns);
	if (rc >= 0 && object_identified(kind))
		rc = READ(string, rd, meta, "uid", &m->uid);
	if (rc >= 0 && object_identified(kind))
		rc = READ(string, rd, meta, "resourceVersion", &m->version);
	return rc;
}

/* Is there anything that selects objects of this kind? */
static bool
has_labels(enum kind kind)
{
	return kind != KIND_SLICE && kind != KIND_LEASE && kind != KIND_L2STATUS;
}

static int
read_rest_of_meta(const struct reading *rd, const struct at *meta, struct object *obj)
{
	struct at created = at_key(meta, "creationTimestamp");
	struct at deleted = at_key(meta, "deletionTimestamp");
	int64_t generation = 0, created_s = 0;
	int rc = READ(int, rd, meta, "generation", 0, INT64_MAX, &generation);

	if (rc >= 0)
		rc = read_time(rd, &created, &created_s);
	obj->meta.generation = (uint32_t)generation;
	obj->meta.created_s = created_s < 0 ? 0 : created_s < UINT32_MAX ? (uint32_t)created_s : UINT32_MAX;
	obj->deleting = deleted.v;
	if (rc >= 0 && has_labels(obj->kind))
		rc = READ(labels, rd, meta, "labels", &obj->meta.labels);
	return rc;
}

/* Items of a list of built-in kinds do not name their kind. */
static char *
keep_raw(struct object *obj, const struct at *root)
{
	size_t len;
	const char *text = json_object_to_json_string_length(root->v,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	if (at_key(root, "kind").v && at_key(root, "apiVersion").v)
		return arena_strndup(&obj->mem, text, len);
	return arena_printf(&obj->mem, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",%s",
	    kind_info[obj->kind].api_version, kind_info[obj->kind].kind, text + 1);
}

/*
 * Nothing of it counts, but what is said of it; and of a Service the addresses that it has, for
 * nobody else may be given those, and whether it is ours to complain about.
 */
static void
set_bad(struct object *obj, const char *why)
{
	struct service *svc = &obj->u.service, was;
	struct validity *valid = object_valid(obj), said;

	obj->bad = arena_strdup(&obj->mem, why);
	if (obj->kind != KIND_SERVICE) {
		said = valid ? *valid : (struct validity){ 0 };
		object_clear(obj);
		if (valid)
			*valid = said;
		return;
	}
	was = *svc;
	object_clear(obj);
	svc->load_balancer = was.load_balancer;
	svc->lb_class = was.lb_class;
	svc->status = was.status;
	svc->n_status = was.n_status;
	svc->status_room = was.status_room;
	svc->status_foreign = was.status_foreign;
	memcpy(svc->conditions, was.conditions, sizeof(svc->conditions));
}

/* Fills an empty object; a negative errno when it cannot be told which one it is. */
static int
fill(struct object *obj, struct json_object *json, struct err *err)
{
	struct err why = { "" };
	struct reading rd = { &obj->mem, err };
	struct at root = { .v = json }, meta = at_key(&root, "metadata");
	int rc = read_identity(&rd, &meta, obj->kind, &obj->meta);

	if (rc < 0)
		return rc;
	if (!kind_info[obj->kind].namespaced)
		obj->meta.ns = "";
	rd.err = &why;
	rc = read_rest_of_meta(&rd, &meta, obj);
	if (rc >= 0)
		rc = read_kind(&rd, &root, obj);
	if (rc < 0)
		set_bad(obj, why.text);
	return 0;
}

/*
 * Objects are kept by the ten thousand, so each gets the memory that it needs and no more: it is
 * filled twice, the first time to see how much that is.  (Next to parsing JSON that costs little.)
 */
static int
measure(enum kind kind, struct json_object *json, struct err *err, size_t *ret_size)
{
	_Alignas(max_align_t) char room[ROOM_MAX] = { 0 };
	struct object *obj = object_new(kind, 0);
	int rc;

	arena_lend(&obj->mem, room, sizeof(room));
	rc = fill(obj, json, err);
	/* what is larger has chunks of its own, whose last one is not worth a thought */
	*ret_size = obj->mem.chunks ? 0 : sizeof(room) - obj->mem.left;
	object_free(obj);
	return rc;
}

int
read_whole(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err)
{
	struct at root = { .v = json };
	struct object *obj;
	size_t size;
	int rc = measure(kind, json, err, &size);

	if (rc < 0)
		return rc;
	obj = object_new(kind, size);
	rc = fill(obj, json, err);
	assert(rc >= 0); /* as the first time */
	if (flags & DECODE_KEEP_RAW)
		obj->raw = keep_raw(obj, &root);
	*ret_obj = obj;
	return rc;
}

int
decode_kind(enum kind kind, const char *text, size_t len, unsigned int flags,
    struct object **ret_obj, struct err *err)
{
	struct json_object *json;
	int rc = parse_json(text, len, &json, err);

	if (rc < 0)
		return rc;
	rc = read_whole(kind, json, flags, ret_obj, err);
	drop_json(json);
	return rc;
}

/* KINDS: not one of ours. */
static enum kind
kind_named(const char *api_version, const char *name)
{
	enum kind kind;

	for (kind = 0; kind < KINDS; kind++) {
		if (strcmp(kind_info[kind].kind, name) == 0 &&
		    strcmp(kind_info[kind].api_version, api_version) == 0)
			break;
	}
	return kind;
}

/* Is @version of the same API group as @kind's? */
static bool
same_group(enum kind kind, const char *version)
{
	const char *slash = strchr(kind_info[kind].api_version, '/');
	size_t len = slash ? (size_t)(slash - kind_info[kind].api_version) + 1 : 0;

	return slash ? strncmp(kind_info[kind].api_version, version, len) == 0
	             : strcmp(kind_info[kind].api_version, version) == 0;
}

/* What is no kind of ours, and looks as if it were meant to be.  Others have Services, too. */
static int
refuse_kind(const char *version, const char *name, struct err *err)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		const struct kind_info *info = &kind_info[kind];
		bool own = kind == KIND_POOL || kind == KIND_L2ADV || kind == KIND_SLICE;

		if (strcmp(info->kind, name) == 0 && own)
			return err_set(err, -EBADMSG, "apiVersion: must be %s for this kind, not %s",
			    info->api_version, version);
		if (strcmp(info->kind, name) != 0 && strcasecmp(info->kind, name) == 0 &&
		    same_group(kind, version))
			return err_set(err, -EBADMSG, "kind: must be written %s", info->kind);
	}
	return err_set(err, -ENOTSUP, "%s of %s", name, version);
}

int
decode_object(const char *text, size_t len, unsigned int flags, struct object **ret_obj,
    struct err *err)
{
	char name[128], version[128];
	struct json_object *json;
	struct at root;
	enum kind kind;
	int rc = parse_json(text, len, &json, err);

	if (rc < 0)
		return rc;
	root = (struct at){ .v = json };
	copy_text(&root, "kind", name, sizeof(name));
	copy_text(&root, "apiVersion", version, sizeof(version));
	kind = kind_named(version, name);
	if (!at_key(&root, "kind").v && !at_key(&root, "apiVersion").v && !at_key(&root, "metadata").v)
		rc = err_set(err, -ENOENT, "it has neither apiVersion nor kind, as a Kubernetes object has");
	else if (!name[0])
		rc = err_set(err, -EBADMSG, "kind: must be given");
	else if (!version[0])
		rc = err_set(err, -EBADMSG, "apiVersion: must be given");
	else if (kind == KINDS)
		rc = refuse_kind(version, name, err);
	else
		rc = read_whole(kind, json, flags, ret_obj, err);
	drop_json(json);
	return rc;
}
