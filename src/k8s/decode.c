/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "decode_kinds.h"
#include "decode_limits.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>


/* Read name, namespace, uid and resourceVersion; an error in these fields drops the object. */
static int
read_identity(const struct json_reader *rd, const struct json_field *meta, enum kind kind,
    struct meta *m)
{
	struct json_field name = json_member(meta, "name");
	int rc = read_string(rd, &name, &m->name);

	if (rc >= 0 && !m->name[0])
		rc = json_field_error(rd, &name, "is required");
	if (rc >= 0)
		rc = READ(string, rd, meta, "namespace", &m->ns);
	if (rc >= 0 && object_identified(kind))
		rc = READ(string, rd, meta, "uid", &m->uid);
	if (rc >= 0 && object_identified(kind))
		rc = READ(string, rd, meta, "resourceVersion", &m->version);
	return rc;
}

/* True if a selector can select objects of this kind. */
static bool
has_labels(enum kind kind)
{
	return kind != KIND_SLICE && kind != KIND_LEASE && kind != KIND_L2STATUS &&
	    kind != KIND_SECRET;
}

static int
read_meta(const struct json_reader *rd, const struct json_field *meta, struct object *obj)
{
	struct json_field created = json_member(meta, "creationTimestamp");
	struct json_field deleted = json_member(meta, "deletionTimestamp");
	int64_t generation = 0, created_s = 0;
	int rc = READ(int, rd, meta, "generation", 0, INT64_MAX, &generation);

	if (rc >= 0)
		rc = read_time(rd, &created, &created_s);
	obj->meta.generation = (uint32_t)generation;
	obj->meta.created_s = created_s < 0 ? 0 : created_s < UINT32_MAX ? (uint32_t)created_s
	    : UINT32_MAX;
	obj->deleting = deleted.value;
	if (rd->no_labels)
		labels_set_unknown(&obj->meta.labels);
	else if (rc >= 0 && has_labels(obj->kind))
		rc = READ(labels, rd, meta, "labels", &obj->meta.labels);
	return rc;
}

/* Return an object's JSON with kind and apiVersion, which the API server may omit in lists. */
static char *
keep_raw(struct object *obj, const struct json_field *root)
{
	size_t len;
	const char *text = json_object_to_json_string_length(root->value,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	if (json_member(root, "kind").value && json_member(root, "apiVersion").value)
		return arena_strndup(&obj->mem, text, len);
	return arena_printf(&obj->mem, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",%s",
	    kind_info[obj->kind].api_version, kind_info[obj->kind].kind, text + 1);
}

/*
 * Mark @obj as bad, and clear its decoded fields.  The conditions from the object's status are not
 * cleared.  A bad Service also keeps its addresses, so that they are not allocated to another
 * Service.  Its type and class stay, too, because these decide whether arplet manages the Service.
 */
static void
set_bad(struct object *obj, const char *why)
{
	struct service *svc = &obj->u.service, old;
	struct validity *valid = object_valid(obj), old_valid;

	obj->bad = arena_strdup(&obj->mem, why);
	if (obj->kind != KIND_SERVICE) {
		old_valid = valid ? *valid : (struct validity){ 0 };
		object_clear(obj);
		if (valid)
			*valid = old_valid;
		return;
	}
	old = *svc;
	object_clear(obj);
	svc->load_balancer = old.load_balancer;
	svc->lb_class = old.lb_class;
	svc->status = old.status;
	svc->n_status = old.n_status;
	svc->status_room = old.status_room;
	svc->status_foreign = old.status_foreign;
	memcpy(svc->conditions, old.conditions, sizeof(svc->conditions));
}

/* What arplet stores of an object. */
enum fill {
	FILL_ALL,
	FILL_WITHOUT_LABELS,
	FILL_WITHOUT_PORTS, /* and without labels */
	FILL_BAD,           /* set the member bad, because the object is too large */
};

static const char too_large[] =
    "the object is too large: the fields that arplet reads must have fewer bytes";

/*
 * Fill an empty object.  Returns a negative errno if a field that identifies the object is wrong.
 */
static int
fill_object(struct object *obj, struct json_object *json, enum fill fill, struct err *err)
{
	bool limited = obj->kind == KIND_SERVICE || obj->kind == KIND_NAMESPACE;
	struct err why = { "" };
	struct json_reader rd = { .mem = &obj->mem, .err = err, .max_text = OBJECT_TEXT_MAX,
		.max_labels = limited ? LABELS_MAX : ADMIN_LABELS_MAX,
		.no_labels = fill >= FILL_WITHOUT_LABELS, .no_ports = fill >= FILL_WITHOUT_PORTS,
		.brief = fill == FILL_BAD };
	struct json_field root = { .value = json }, meta = json_member(&root, "metadata");
	int rc = read_identity(&rd, &meta, obj->kind, &obj->meta);

	if (rc < 0)
		return rc;
	if (!kind_info[obj->kind].namespaced)
		obj->meta.ns = "";
	rd.err = &why;
	rc = read_meta(&rd, &meta, obj);
	if (rc >= 0)
		rc = read_kind(&rd, &root, obj);
	if (rc < 0 || fill == FILL_BAD)
		set_bad(obj, rc < 0 ? why.text : too_large);
	return 0;
}

/*
 * Each object is decoded twice: first into a buffer on the stack, to measure the memory that it
 * needs, then into one block of exactly this size.  The exact size saves memory: a Service takes
 * 353 bytes instead of 485 in an arena with chunks, and an EndpointSlice 241 bytes instead of 389.
 * The second decoding costs little time, compared to parsing the JSON.
 */
static int
measure_object(enum kind kind, struct json_object *json, enum fill fill, struct err *err,
    size_t *ret_size)
{
	_Alignas(max_align_t) char room[SERVICE_ROOM] = { 0 };
	struct object *obj = object_new(kind, 0);
	int rc;

	arena_lend(&obj->mem, room, sizeof(room));
	rc = fill_object(obj, json, fill, err);
	/*
	 * If an object does not fit in room[], its arena has allocated chunks, and *@ret_size is 0.
	 */
	*ret_size = obj->mem.chunks ? 0 : sizeof(room) - obj->mem.left;
	object_free(obj);
	return rc;
}

/*
 * Choose what to store of the object, so that a Service needs no more memory than SERVICE_ROOM.  Its
 * address is always stored, so that no other Service gets the address.
 */
static int
choose_fill(enum kind kind, struct json_object *json, unsigned int flags, struct err *err,
    enum fill *ret_fill, size_t *ret_size)
{
	enum fill fill = flags & DECODE_CUT ? FILL_BAD : FILL_ALL;
	int rc = measure_object(kind, json, fill, err, ret_size);

	while (rc >= 0 && *ret_size == 0 && kind == KIND_SERVICE && fill < FILL_BAD)
		rc = measure_object(kind, json, ++fill, err, ret_size);
	*ret_fill = fill;
	return rc;
}

int
object_from_json(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err)
{
	struct json_field root = { .value = json };
	struct object *obj;
	enum fill fill;
	size_t size;
	int rc = choose_fill(kind, json, flags, err, &fill, &size);

	if (rc < 0)
		return rc;
	obj = object_new(kind, size);
	rc = fill_object(obj, json, fill, err);
	assert(rc >= 0); /* measure_object() decoded the same input without an error */
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
	rc = object_from_json(kind, json, flags, ret_obj, err);
	free_json(json);
	return rc;
}

/* Returns the kind with this name and apiVersion; KINDS if arplet reads no objects of that kind. */
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

/* True if the apiVersion @version belongs to the API group of @kind. */
static bool
same_group(enum kind kind, const char *version)
{
	const char *slash = strchr(kind_info[kind].api_version, '/');
	size_t len = slash ? (size_t)(slash - kind_info[kind].api_version) + 1 : 0;

	return slash ? strncmp(kind_info[kind].api_version, version, len) == 0
	             : strcmp(kind_info[kind].api_version, version) == 0;
}

/*
 * Refuse an object of an unknown kind.  Returns -EBADMSG if @version or @name looks like a spelling
 * error.  Other API groups may also have a kind Service, so a Service of another group is no error.
 */
static int
refuse_kind(const char *version, const char *name, struct err *err)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		const struct kind_info *info = &kind_info[kind];
		bool unique = kind == KIND_POOL || kind == KIND_L2ADV || kind == KIND_SLICE;

		if (strcmp(info->kind, name) == 0 && unique)
			return err_set(err, -EBADMSG,
			    "apiVersion: must be %s for this kind, not %s",
			    info->api_version, version);
		if (strcmp(info->kind, name) != 0 && strcasecmp(info->kind, name) == 0 &&
		    same_group(kind, version))
			return err_set(err, -EBADMSG, "kind: must be spelled %s", info->kind);
	}
	return err_set(err, -ENOTSUP, "%s of %s", name, version);
}

int
decode_object(const char *text, size_t len, unsigned int flags, struct object **ret_obj,
    struct err *err)
{
	char name[128], version[128];
	struct json_object *json;
	struct json_field root;
	enum kind kind;
	int rc = parse_json(text, len, &json, err);

	if (rc < 0)
		return rc;
	root = (struct json_field){ .value = json };
	json_copy_string(&root, "kind", name, sizeof(name));
	json_copy_string(&root, "apiVersion", version, sizeof(version));
	kind = kind_named(version, name);
	if (!json_member(&root, "kind").value && !json_member(&root, "apiVersion").value &&
	    !json_member(&root, "metadata").value)
		rc = err_set(err, -ENOENT,
		    "it is not a Kubernetes object: apiVersion and kind are missing");
	else if (!name[0])
		rc = err_set(err, -EBADMSG, "kind: is required");
	else if (!version[0])
		rc = err_set(err, -EBADMSG, "apiVersion: is required");
	else if (kind == KINDS)
		rc = refuse_kind(version, name, err);
	else
		rc = object_from_json(kind, json, flags, ret_obj, err);
	free_json(json);
	return rc;
}
