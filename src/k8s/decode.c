/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "kinds.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

/* What must hold for an object to be told from others.  Labels only where something selects. */
static int
read_identity(const struct reading *rd, const struct at *meta, struct meta *m)
{
	struct at name = at_key(meta, "name");
	int rc = read_string(rd, &name, &m->name);

	if (rc >= 0 && !m->name[0])
		rc = at_fail(rd, &name, "must be given");
	if (rc >= 0)
		rc = READ(string, rd, meta, "namespace", &m->ns);
	if (rc >= 0)
		rc = READ(string, rd, meta, "uid", &m->uid);
	if (rc >= 0)
		rc = READ(string, rd, meta, "resourceVersion", &m->version);
	return rc;
}

static int
read_rest_of_meta(const struct reading *rd, const struct at *meta, struct object *obj)
{
	struct at created = at_key(meta, "creationTimestamp");
	struct at deleted = at_key(meta, "deletionTimestamp");
	int rc = READ(int, rd, meta, "generation", 0, INT64_MAX, &obj->meta.generation);

	if (rc >= 0)
		rc = read_time(rd, &created, &obj->meta.created_s);
	obj->meta.deleting = deleted.v;
	if (rc >= 0 && obj->kind != KIND_SLICE && obj->kind != KIND_LEASE)
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
 * Nothing of it counts, but of a Service: the addresses that it has, for nobody else may be given
 * those, and whether it is ours to complain about.
 */
static void
set_bad(struct object *obj, const char *why)
{
	const struct service was = obj->u.service;
	struct service *svc = &obj->u.service;

	obj->bad = arena_strdup(&obj->mem, why);
	memset(&obj->u, 0, sizeof(obj->u));
	if (obj->kind != KIND_SERVICE)
		return;
	svc->load_balancer = was.load_balancer;
	svc->lb_class = was.lb_class;
	memcpy(svc->status, was.status, sizeof(svc->status));
	svc->n_status = was.n_status;
	svc->status_foreign = was.status_foreign;
}

int
read_whole(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err)
{
	struct object *obj = object_new(kind);
	struct err why = { "" };
	struct reading rd = { &obj->mem, err };
	struct at root = { .v = json }, meta = at_key(&root, "metadata");
	int rc = read_identity(&rd, &meta, &obj->meta);

	if (rc < 0) {
		object_free(obj);
		return rc;
	}
	if (!kind_info[kind].namespaced)
		obj->meta.ns = "";
	rd.err = &why;
	rc = read_rest_of_meta(&rd, &meta, obj);
	if (rc >= 0)
		rc = read_kind(&rd, &root, obj);
	if (rc < 0)
		set_bad(obj, why.text);
	if (flags & DECODE_KEEP_RAW)
		obj->raw = keep_raw(obj, &root);
	*ret_obj = obj;
	return 0;
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
	if (!name[0])
		rc = err_set(err, -EBADMSG, "kind: must be given");
	else if (!version[0])
		rc = err_set(err, -EBADMSG, "apiVersion: must be given");
	else if (kind == KINDS)
		rc = err_set(err, -ENOTSUP, "%s of %s", name, version);
	else
		rc = read_whole(kind, json, flags, ret_obj, err);
	drop_json(json);
	return rc;
}
