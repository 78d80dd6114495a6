/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/manifest.h"

#include "arplet/arena.h"
#include "arplet/decode.h"
#include "yaml_emit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

struct manifest {
	struct json_object *items;
};

struct manifest *
manifest_new(void)
{
	struct manifest *manifest = xcalloc(1, sizeof(*manifest));

	manifest->items = json_object_new_array();
	return manifest;
}

void
manifest_free(struct manifest *manifest)
{
	if (!manifest)
		return;
	json_object_put(manifest->items);
	free(manifest);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct json_object *sorted(struct json_object *value);

static struct json_object *
sorted_members(struct json_object *value)
{
	struct json_object *copy = json_object_new_object();
	size_t n = (size_t)json_object_object_length(value), i = 0;
	const char **keys = xcalloc(n, sizeof(*keys));

	json_object_object_foreach(value, key, member) {
		(void)member;
		keys[i++] = key;
	}
	qsort(keys, n, sizeof(*keys), by_key);
	for (i = 0; i < n; i++)
		json_object_object_add(copy, keys[i],
		    sorted(json_object_object_get(value, keys[i])));
	free(keys);
	return copy;
}

/* Returns a copy of @value in which the keys of all JSON objects are sorted. */
static struct json_object *
sorted(struct json_object *value)
{
	struct json_object *copy;

	if (json_object_is_type(value, json_type_object))
		return sorted_members(value);
	if (!json_object_is_type(value, json_type_array))
		return json_object_get(value);
	copy = json_object_new_array();
	for (size_t i = 0; i < json_object_array_length(value); i++)
		json_object_array_add(copy, sorted(json_object_array_get_idx(value, i)));
	return copy;
}

/* Apply @patch by RFC 7386 (JSON Merge Patch): null removes a member, objects are merged. */
static void
merge_patch(struct json_object *into, struct json_object *patch)
{
	json_object_object_foreach(patch, key, value) {
		struct json_object *old = json_object_object_get(into, key);

		if (!value) {
			json_object_object_del(into, key);
			continue;
		}
		if (!json_object_is_type(value, json_type_object)) {
			json_object_object_add(into, key, json_object_get(value));
			continue;
		}
		if (!json_object_is_type(old, json_type_object)) {
			old = json_object_new_object();
			json_object_object_add(into, key, old);
		}
		merge_patch(old, value);
	}
}

static struct json_object *
parse(const char *text)
{
	struct json_tokener *tokener = json_tokener_new_ex(DECODE_DEPTH_MAX);
	struct json_object *value = json_tokener_parse_ex(tokener, text, -1);

	json_tokener_free(tokener);
	assert(json_object_is_type(value, json_type_object));
	return value;
}

static void
add_missing(struct json_object *obj, const char *key, const char *text)
{
	if (*text && !json_object_object_get_ex(obj, key, NULL))
		json_object_object_add(obj, key, json_object_new_string(text));
}

void
manifest_add(struct manifest *manifest, const char *json, const char *ns, const char *name,
    const char *patch)
{
	struct json_object *obj = parse(json), *meta;

	if (patch) {
		struct json_object *change = parse(patch);

		merge_patch(obj, change);
		json_object_put(change);
	}
	if (json_object_object_get_ex(obj, "metadata", &meta) &&
	    json_object_is_type(meta, json_type_object)) {
		json_object_object_del(meta, "managedFields");
		add_missing(meta, "namespace", ns);
		add_missing(meta, "name", name);
	}
	json_object_array_add(manifest->items, sorted(obj));
	json_object_put(obj);
}

static void
new_line(int depth, FILE *out)
{
	fprintf(out, "\n%*s", depth * 4, "");
}

static void print_json(struct json_object *value, int depth, FILE *out);

static void
print_members(struct json_object *value, int depth, FILE *out)
{
	const char *comma = "";

	json_object_object_foreach(value, key, member) {
		struct json_object *name = json_object_new_string(key);

		fputs(comma, out);
		comma = ",";
		new_line(depth, out);
		print_json(name, depth, out);
		fputs(": ", out);
		print_json(member, depth, out);
		json_object_put(name);
	}
}

/* Print JSON as json-c does, but with kubectl's indentation, and an empty {} or [] on one line. */
static void
print_json(struct json_object *value, int depth, FILE *out)
{
	if (json_object_is_type(value, json_type_object) && json_object_object_length(value)) {
		putc('{', out);
		print_members(value, depth + 1, out);
		new_line(depth, out);
		putc('}', out);
		return;
	}
	if (!json_object_is_type(value, json_type_array) || !json_object_array_length(value)) {
		fputs(json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE), out);
		return;
	}
	putc('[', out);
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		if (i)
			putc(',', out);
		new_line(depth + 1, out);
		print_json(json_object_array_get_idx(value, i), depth + 1, out);
	}
	new_line(depth, out);
	putc(']', out);
}

void
manifest_print(const struct manifest *manifest, enum manifest_format format, FILE *out)
{
	struct json_object *list = json_object_new_object();

	json_object_object_add(list, "apiVersion", json_object_new_string("v1"));
	json_object_object_add(list, "items", json_object_get(manifest->items));
	json_object_object_add(list, "kind", json_object_new_string("List"));
	if (format == MANIFEST_YAML) {
		yaml_emit(list, out);
	} else {
		print_json(list, 0, out);
		putc('\n', out);
	}
	json_object_put(list);
}

void
manifest_print_each(const struct manifest *manifest, enum manifest_format format, FILE *out)
{
	for (size_t i = 0; i < json_object_array_length(manifest->items); i++) {
		struct json_object *item = json_object_array_get_idx(manifest->items, i);

		if (format == MANIFEST_YAML) {
			fputs("---\n", out);
			yaml_emit(item, out);
		} else {
			fprintf(out, "%s\n", json_object_to_json_string_ext(item,
			    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		}
	}
}
