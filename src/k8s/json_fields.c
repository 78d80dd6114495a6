/* SPDX-License-Identifier: Apache-2.0 */
#include "json_fields.h"

#include "arplet/decode.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 10000 /* maximum length of a list */

struct json_field
json_member(const struct json_field *parent, const char *key)
{
	struct json_field field = { .parent = parent, .key = key };

	/* sets field.value to NULL if @parent is no JSON object */
	json_object_object_get_ex(parent->value, key, &field.value);
	return field;
}

struct json_field
json_element(const struct json_field *parent, size_t index)
{
	return (struct json_field){ .parent = parent, .index = index,
		.value = json_object_array_get_idx(parent->value, index) };
}

const char *
json_unknown_key(const struct json_field *field, bool (*known)(const char *key))
{
	if (!field->value || !json_object_is_type(field->value, json_type_object))
		return NULL;
	json_object_object_foreach(field->value, key, v) {
		(void)v;
		if (!known(key))
			return key;
	}
	return NULL;
}

/*
 * The path of a field begins with the keys of its parents.  In the path, a key with a dot or slash
 * is quoted: metadata.labels["a.b/c"].
 */
void
json_field_path(const struct json_field *field, char *buf, size_t size)
{
	size_t len;

	if (!field->parent) {
		buf[0] = '\0';
		return;
	}
	json_field_path(field->parent, buf, size);
	len = strlen(buf);
	if (!field->key)
		snprintf(buf + len, size - len, "[%zu]", field->index);
	else if (strpbrk(field->key, "./"))
		snprintf(buf + len, size - len, "[\"%s\"]", field->key);
	else
		snprintf(buf + len, size - len, "%s%s", len ? "." : "", field->key);
}

int
json_field_error(const struct json_reader *rd, const struct json_field *field, const char *fmt, ...)
{
	char path[256], what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	json_field_path(field, path, sizeof(path));
	return err_set(rd->err, -EBADMSG, "%s%s%s", path, path[0] ? ": " : "", what);
}

/* Returns an error if @field is absent because one of its parents is not an object; otherwise 0. */
static int
absent(const struct json_reader *rd, const struct json_field *field)
{
	while (field->parent && !field->parent->value)
		field = field->parent;
	if (field->parent && field->key && !json_object_is_type(field->parent->value,
	    json_type_object))
		return json_field_error(rd, field->parent, "must be an object");
	return 0;
}

/* Returns 1 if @field has the JSON type @type, 0 if @field is absent, otherwise an error. */
static int
of_type(const struct json_reader *rd, const struct json_field *field, enum json_type type,
    const char *name)
{
	if (!field->value)
		return absent(rd, field);
	if (json_object_is_type(field->value, type))
		return 1;
	return json_field_error(rd, field, "must be %s%s", name,
	    type != json_type_string || json_object_is_type(field->value, json_type_object) ||
	            json_object_is_type(field->value, json_type_array)
	        ? "" : "; put the value in quotes");
}

int
read_object(const struct json_reader *rd, const struct json_field *field)
{
	return of_type(rd, field, json_type_object, "an object");
}

int
read_long_array(const struct json_reader *rd, const struct json_field *field, size_t *ret_n)
{
	int rc = of_type(rd, field, json_type_array, "a list");

	if (rc > 0)
		*ret_n = json_object_array_length(field->value);
	return rc;
}

int
read_array(const struct json_reader *rd, const struct json_field *field, size_t *ret_n)
{
	size_t n = 0;
	int rc = read_long_array(rd, field, &n);

	if (n > LIST_MAX)
		return json_field_error(rd, field, "has more than %d entries", LIST_MAX);
	if (rc > 0)
		*ret_n = n;
	return rc;
}

int
read_string_ref(const struct json_reader *rd, const struct json_field *field, const char **ret_text)
{
	int rc = of_type(rd, field, json_type_string, "a string");
	const char *text;

	if (rc <= 0)
		return rc;
	text = json_object_get_string(field->value);
	if (rd->max_text && (size_t)json_object_get_string_len(field->value) > rd->max_text)
		return json_field_error(rd, field, "must have at most %zu bytes", rd->max_text);
	if (strlen(text) != (size_t)json_object_get_string_len(field->value))
		return json_field_error(rd, field, "must not contain a NUL character");
	*ret_text = text;
	return 1;
}

int
read_string(const struct json_reader *rd, const struct json_field *field, const char **ret_text)
{
	const char *text;
	int rc = read_string_ref(rd, field, &text);

	if (rc > 0)
		*ret_text = arena_strdup(rd->mem, text);
	return rc;
}

int
read_bool(const struct json_reader *rd, const struct json_field *field, bool *ret_flag)
{
	int rc = of_type(rd, field, json_type_boolean, "true or false");

	if (rc > 0)
		*ret_flag = json_object_get_boolean(field->value);
	return rc;
}

int
read_int(const struct json_reader *rd, const struct json_field *field, int64_t min, int64_t max,
    int64_t *ret_n)
{
	int rc = of_type(rd, field, json_type_int, "a whole number");
	int64_t n;

	if (rc <= 0)
		return rc;
	/* json-c replaces a number outside of int64_t by INT64_MIN or INT64_MAX */
	n = json_object_get_int64(field->value);
	if (n < min || n > max)
		return json_field_error(rd, field, "must be between %lld and %lld", (long long)min,
		    (long long)max);
	*ret_n = n;
	return 1;
}

int
read_int32(const struct json_reader *rd, const struct json_field *field, int32_t *ret_n)
{
	int64_t n = 0;
	int rc = read_int(rd, field, INT32_MIN, INT32_MAX, &n);

	if (rc > 0)
		*ret_n = (int32_t)n;
	return rc;
}

int
read_labels(const struct json_reader *rd, const struct json_field *field, struct labels *ret_labels)
{
	int rc = read_object(rd, field);
	size_t n = 0;

	if (rc <= 0)
		return rc;
	if (rd->max_labels && (size_t)json_object_object_length(field->value) > rd->max_labels) {
		labels_set_unknown(ret_labels);
		return rc;
	}
	ret_labels->v = arena_calloc(rd->mem, (size_t)json_object_object_length(field->value),
	    sizeof(*ret_labels->v));
	json_object_object_foreach(field->value, key, v) {
		struct json_field value = { .parent = field, .key = key, .value = v };

		ret_labels->v[n].key = arena_strdup(rd->mem, key);
		ret_labels->v[n].value = "";
		rc = read_string(rd, &value, &ret_labels->v[n].value);
		if (rc < 0)
			return rc;
		ret_labels->n = ++n;
	}
	return 1;
}

int
read_strings(const struct json_reader *rd, const struct json_field *field,
    struct strings *ret_strings)
{
	size_t n = 0;
	int rc = read_array(rd, field, &n);

	if (rc <= 0)
		return rc;
	ret_strings->v = arena_calloc(rd->mem, n, sizeof(*ret_strings->v));
	for (size_t i = 0; i < n; i++) {
		struct json_field one = json_element(field, i);

		if (!one.value)
			return json_field_error(rd, &one, "must be a string");
		rc = read_string(rd, &one, &ret_strings->v[i]);
		if (rc < 0)
			return rc;
		ret_strings->n = i + 1;
	}
	return 1;
}

static int
text_ptr_cmp(const void *a, const void *b)
{
	const char *const *one = *(const char *const *const *)a,
	    *const *other = *(const char *const *const *)b;
	int cmp = strcmp(*one, *other);

	return cmp ? cmp : (one > other) - (one < other);
}

/* Returns the index of the first text that equals an earlier text; strings->n: none. */
static size_t
first_duplicate(const struct strings *strings)
{
	const char ***sorted = xcalloc(strings->n, sizeof(*sorted));
	size_t first = strings->n;

	for (size_t i = 0; i < strings->n; i++)
		sorted[i] = &strings->v[i];
	qsort(sorted, strings->n, sizeof(*sorted), text_ptr_cmp);
	for (size_t i = 1; i < strings->n; i++) {
		size_t index = (size_t)(sorted[i] - strings->v);

		if (strcmp(*sorted[i - 1], *sorted[i]) == 0 && index < first)
			first = index;
	}
	free(sorted);
	return first;
}

int
read_set(const struct json_reader *rd, const struct json_field *field, struct strings *ret_strings)
{
	int rc = read_strings(rd, field, ret_strings);
	size_t i = rc > 0 ? first_duplicate(ret_strings) : 0;
	struct json_field one;

	if (rc <= 0 || i == ret_strings->n)
		return rc;
	one = json_element(field, i);
	return json_field_error(rd, &one, "duplicate value \"%s\"", ret_strings->v[i]);
}

int
parse_json(const char *text, size_t len, struct json_object **ret_root, struct err *err)
{
	struct json_tokener *tok;
	struct json_object *root;
	enum json_tokener_error why;
	size_t end;

	if (len > DECODE_LEN_MAX)
		return err_set(err, -EBADMSG, "longer than %u MiB", DECODE_LEN_MAX >> 20);
	tok = json_tokener_new_ex(DECODE_DEPTH_MAX);
	if (!tok)
		abort();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, text, (int)len);
	end = json_tokener_get_parse_end(tok);
	why = json_tokener_get_error(tok);
	json_tokener_free(tok);
	while (why == json_tokener_success && end < len && strchr(" \t\r\n", text[end]))
		end++;
	if (why == json_tokener_success && end == len &&
	    json_object_is_type(root, json_type_object)) {
		*ret_root = root;
		return 0;
	}
	json_object_put(root);
	if (why == json_tokener_continue)
		return err_set(err, -EBADMSG, "the JSON text is incomplete");
	if (why != json_tokener_success)
		return err_set(err, -EBADMSG, "not JSON: %s at byte %zu",
		    json_tokener_error_desc(why), end);
	return err_set(err, -EBADMSG, "must be one JSON object");
}

void
free_json(struct json_object *root)
{
	json_object_put(root);
}

void
json_copy_string(const struct json_field *parent, const char *key, char *buf, size_t size)
{
	struct json_field field = json_member(parent, key);
	const char *text;
	size_t len;

	buf[0] = '\0';
	if (!field.value || !json_object_is_type(field.value, json_type_string))
		return;
	text = json_object_get_string(field.value);
	len = strnlen(text, size);
	if (len == size) {
		len--;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(buf, text, len);
	buf[len] = '\0';
}

int
read_time(const struct json_reader *rd, const struct json_field *field, int64_t *ret_s)
{
	const char *text = NULL;
	int rc = read_string_ref(rd, field, &text);

	if (rc > 0 && time_parse(text, ret_s) < 0)
		return json_field_error(rd, field,
		    "must be a time in RFC 3339 format, such as 2026-01-02T15:04:05Z");
	return rc;
}
