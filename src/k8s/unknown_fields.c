/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "json_fields.h"

#include <json-c/json.h>
#include <string.h>

/* Finds misspelled fields in manifests: the API server would drop or refuse unknown fields. */

struct known_field {
	const char *name;       /* NULL ends a list */
	/* known fields of this object, or of each object in this list; NULL: any field is known */
	const struct known_field *in;
};

static const struct known_field expression[] = { { "key" }, { "operator" }, { "values" }, { 0 } };
static const struct known_field selector[] = { { "matchLabels" },
    { "matchExpressions", expression }, { 0 } };
static const struct known_field allocation[] = { { "priority" }, { "namespaces" },
	{ "namespaceSelectors", selector }, { "serviceSelectors", selector }, { 0 } };
static const struct known_field pool_spec[] = { { "addresses" }, { "autoAssign" },
    { "avoidBuggyIPs" },
	{ "serviceAllocation", allocation }, { 0 } };
static const struct known_field l2adv_spec[] = { { "ipAddressPools" },
	{ "ipAddressPoolSelectors", selector }, { "nodeSelectors", selector }, { "interfaces" },
	{ "serviceSelectors", selector }, { 0 } };

struct field_walk {
	void (*on_unknown_field)(void *arg, const char *path);
	void *arg;
};

static void walk_value(const struct field_walk *walk, const struct json_field *field,
    const struct known_field *fields);

static void
walk_member(const struct field_walk *walk, const struct json_field *field,
    const struct known_field *fields)
{
	char path[256];

	while (fields->name && strcmp(fields->name, field->key) != 0)
		fields++;
	if (fields->name) {
		walk_value(walk, field, fields->in);
		return;
	}
	json_field_path(field, path, sizeof(path));
	walk->on_unknown_field(walk->arg, path);
}

static void
walk_value(const struct field_walk *walk, const struct json_field *field,
    const struct known_field *fields)
{
	if (!fields)
		return;
	if (json_object_is_type(field->value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(field->value); i++) {
			struct json_field one = json_element(field, i);

			walk_value(walk, &one, fields);
		}
	}
	if (!json_object_is_type(field->value, json_type_object))
		return;
	json_object_object_foreach(field->value, key, v) {
		struct json_field one = { .parent = field, .key = key, .value = v };

		walk_member(walk, &one, fields);
	}
}

void
decode_unknown_fields(const struct object *obj,
    void (*on_unknown_field)(void *arg, const char *path), void *arg)
{
	const struct known_field root_fields[] = { { "apiVersion" }, { "kind" }, { "metadata" },
		{ "spec", obj->kind == KIND_POOL ? pool_spec : l2adv_spec }, { "status" }, { 0 } };
	struct json_object *json;

	if ((obj->kind != KIND_POOL && obj->kind != KIND_L2ADV) || !obj->raw ||
	    parse_json(obj->raw, strlen(obj->raw), &json, NULL) < 0)
		return;
	walk_value(&(struct field_walk){ on_unknown_field, arg },
	    &(struct json_field){ .value = json }, root_fields);
	free_json(json);
}
