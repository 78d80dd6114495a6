/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "json_fields.h"

#include <json-c/json.h>
#include <string.h>

/* Fields that nobody reads: spelling errors, which the API server would drop or refuse. */

struct field {
	const char *name;       /* NULL ends a list */
	const struct field *in; /* the fields of it, or of each of its elements; NULL: any */
};

static const struct field expression[] = { { "key" }, { "operator" }, { "values" }, { 0 } };
static const struct field selector[] = { { "matchLabels" }, { "matchExpressions", expression }, { 0 } };
static const struct field allocation[] = { { "priority" }, { "namespaces" },
	{ "namespaceSelectors", selector }, { "serviceSelectors", selector }, { 0 } };
static const struct field pool_spec[] = { { "addresses" }, { "autoAssign" }, { "avoidBuggyIPs" },
	{ "serviceAllocation", allocation }, { 0 } };
static const struct field l2adv_spec[] = { { "ipAddressPools" },
	{ "ipAddressPoolSelectors", selector }, { "nodeSelectors", selector }, { "interfaces" },
	{ "serviceSelectors", selector }, { 0 } };

struct walk {
	void (*on_unknown_field)(void *arg, const char *path);
	void *arg;
};

static void walk_value(const struct walk *walk, const struct at *at, const struct field *fields);

static void
walk_member(const struct walk *walk, const struct at *at, const struct field *fields)
{
	char path[256];

	while (fields->name && strcmp(fields->name, at->key) != 0)
		fields++;
	if (fields->name) {
		walk_value(walk, at, fields->in);
		return;
	}
	at_path(at, path, sizeof(path));
	walk->on_unknown_field(walk->arg, path);
}

static void
walk_value(const struct walk *walk, const struct at *at, const struct field *fields)
{
	if (!fields)
		return;
	if (json_object_is_type(at->v, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(at->v); i++) {
			struct at one = at_index(at, i);

			walk_value(walk, &one, fields);
		}
	}
	if (!json_object_is_type(at->v, json_type_object))
		return;
	json_object_object_foreach(at->v, key, v) {
		struct at one = { .up = at, .key = key, .v = v };

		walk_member(walk, &one, fields);
	}
}

void
decode_unknown_fields(const struct object *obj, void (*on_unknown_field)(void *arg, const char *path), void *arg)
{
	const struct field root_fields[] = { { "apiVersion" }, { "kind" }, { "metadata" },
		{ "spec", obj->kind == KIND_POOL ? pool_spec : l2adv_spec }, { "status" }, { 0 } };
	struct json_object *json;

	if ((obj->kind != KIND_POOL && obj->kind != KIND_L2ADV) || !obj->raw ||
	    parse_json(obj->raw, strlen(obj->raw), &json, NULL) < 0)
		return;
	walk_value(&(struct walk){ on_unknown_field, arg }, &(struct at){ .v = json }, root_fields);
	drop_json(json);
}
