/* SPDX-License-Identifier: Apache-2.0 */
#include "json_fields.h"

#include "arplet/decode.h"
#include "json_scan.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 10000 /* sets are searched in a row: a bound on the time that takes */

struct at
at_key(const struct at *up, const char *key)
{
	struct at at = { .up = up, .key = key };

	json_object_object_get_ex(up->v, key, &at.v); /* false on what is no object */
	return at;
}

struct at
at_index(const struct at *up, size_t index)
{
	return (struct at){ .up = up, .index = index,
		.v = json_object_array_get_idx(up->v, index) };
}

const char *
at_other(const struct at *at, bool (*known)(const char *key))
{
	if (!at->v || !json_object_is_type(at->v, json_type_object))
		return NULL;
	json_object_object_foreach(at->v, key, v) {
		(void)v;
		if (!known(key))
			return key;
	}
	return NULL;
}

/* Write the path from the outside in; a key with a dot is quoted: metadata.labels["a.b/c"]. */
void
at_path(const struct at *at, char *buf, size_t size)
{
	size_t len;

	if (!at->up) {
		buf[0] = '\0';
		return;
	}
	at_path(at->up, buf, size);
	len = strlen(buf);
	if (!at->key)
		snprintf(buf + len, size - len, "[%zu]", at->index);
	else if (strpbrk(at->key, "./"))
		snprintf(buf + len, size - len, "[\"%s\"]", at->key);
	else
		snprintf(buf + len, size - len, "%s%s", len ? "." : "", at->key);
}

int
at_fail(const struct reading *rd, const struct at *at, const char *fmt, ...)
{
	char path[256], what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	at_path(at, path, sizeof(path));
	return err_set(rd->err, -EBADMSG, "%s%s%s", path, path[0] ? ": " : "", what);
}

/* A field is absent only when what should hold it is an object, or absent too. */
static int
absent(const struct reading *rd, const struct at *at)
{
	while (at->up && !at->up->v)
		at = at->up;
	if (at->up && at->key && !json_object_is_type(at->up->v, json_type_object))
		return at_fail(rd, at->up, "must be an object");
	return 0;
}

/* 1: has the type; 0: absent. */
static int
of_type(const struct reading *rd, const struct at *at, enum json_type type, const char *name)
{
	if (!at->v)
		return absent(rd, at);
	if (json_object_is_type(at->v, type))
		return 1;
	return at_fail(rd, at, "must be %s%s", name,
	    type != json_type_string || json_object_is_type(at->v, json_type_object) ||
	            json_object_is_type(at->v, json_type_array) ? "" : ": put it in quotes");
}

int
read_object(const struct reading *rd, const struct at *at)
{
	return of_type(rd, at, json_type_object, "an object");
}

int
read_array(const struct reading *rd, const struct at *at, size_t *ret_n)
{
	int rc = of_type(rd, at, json_type_array, "a list");

	if (rc <= 0)
		return rc;
	if (json_object_array_length(at->v) > LIST_MAX)
		return at_fail(rd, at, "has more than %d entries", LIST_MAX);
	*ret_n = json_object_array_length(at->v);
	return 1;
}

int
read_word(const struct reading *rd, const struct at *at, const char **ret_text)
{
	int rc = of_type(rd, at, json_type_string, "a string");
	const char *text;

	if (rc <= 0)
		return rc;
	text = json_object_get_string(at->v);
	if (strlen(text) != (size_t)json_object_get_string_len(at->v))
		return at_fail(rd, at, "must not contain a NUL character");
	*ret_text = text;
	return 1;
}

int
read_string(const struct reading *rd, const struct at *at, const char **ret_text)
{
	const char *text;
	int rc = read_word(rd, at, &text);

	if (rc > 0)
		*ret_text = arena_strdup(rd->mem, text);
	return rc;
}

int
read_bool(const struct reading *rd, const struct at *at, bool *ret_flag)
{
	int rc = of_type(rd, at, json_type_boolean, "true or false");

	if (rc > 0)
		*ret_flag = json_object_get_boolean(at->v);
	return rc;
}

int
read_int(const struct reading *rd, const struct at *at, int64_t min, int64_t max, int64_t *ret_n)
{
	int rc = of_type(rd, at, json_type_int, "a whole number");
	int64_t n;

	if (rc <= 0)
		return rc;
	n = json_object_get_int64(at->v); /* saturates */
	if (n < min || n > max)
		return at_fail(rd, at, "must be between %lld and %lld", (long long)min,
		    (long long)max);
	*ret_n = n;
	return 1;
}

int
read_int32(const struct reading *rd, const struct at *at, int32_t *ret_n)
{
	int64_t n = 0;
	int rc = read_int(rd, at, INT32_MIN, INT32_MAX, &n);

	if (rc > 0)
		*ret_n = (int32_t)n;
	return rc;
}

int
read_labels(const struct reading *rd, const struct at *at, struct labels *ret_labels)
{
	int rc = read_object(rd, at);
	size_t n = 0;

	if (rc <= 0)
		return rc;
	ret_labels->v = arena_calloc(rd->mem, (size_t)json_object_object_length(at->v),
	    sizeof(*ret_labels->v));
	json_object_object_foreach(at->v, key, v) {
		struct at value = { .up = at, .key = key, .v = v };

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
read_strings(const struct reading *rd, const struct at *at, struct strings *ret_strings)
{
	size_t n = 0;
	int rc = read_array(rd, at, &n);

	if (rc <= 0)
		return rc;
	ret_strings->v = arena_calloc(rd->mem, n, sizeof(*ret_strings->v));
	for (size_t i = 0; i < n; i++) {
		struct at one = at_index(at, i);

		if (!one.v)
			return at_fail(rd, &one, "must be a string");
		rc = read_string(rd, &one, &ret_strings->v[i]);
		if (rc < 0)
			return rc;
		ret_strings->n = i + 1;
	}
	return 1;
}

int
read_set(const struct reading *rd, const struct at *at, struct strings *ret_strings)
{
	int rc = read_strings(rd, at, ret_strings);

	for (size_t i = 1; rc > 0 && i < ret_strings->n; i++) {
		struct strings before = { ret_strings->v, i };

		if (strings_contain(&before, ret_strings->v[i])) {
			struct at one = at_index(at, i);

			return at_fail(rd, &one, "\"%s\" is there twice", ret_strings->v[i]);
		}
	}
	return rc;
}

/* Whatever the text says in its managedFields, they are an empty list. */
static struct json_object *
parse_read(struct json_tokener *tok, const char *text, size_t len, size_t *ret_end)
{
	struct json_object *root;
	size_t from, to = 0;

	if (json_scan_managed_fields(text, len, &from, &to)) {
		root = json_tokener_parse_ex(tok, text, (int)from);
		if (json_tokener_get_error(tok) != json_tokener_continue) {
			*ret_end = json_tokener_get_parse_end(tok);
			return root;
		}
	}
	root = json_tokener_parse_ex(tok, text + to, (int)(len - to));
	*ret_end = to + json_tokener_get_parse_end(tok);
	return root;
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
	root = parse_read(tok, text, len, &end);
	why = json_tokener_get_error(tok);
	json_tokener_free(tok);
	while (why == json_tokener_success && end < len && strchr(" \t\r\n", text[end]))
		end++;
	if (why == json_tokener_success && end == len && json_object_is_type(root, json_type_object)) {
		*ret_root = root;
		return 0;
	}
	json_object_put(root);
	if (why == json_tokener_continue)
		return err_set(err, -EBADMSG, "the JSON ends too early");
	if (why != json_tokener_success)
		return err_set(err, -EBADMSG, "not JSON: %s at byte %zu",
		    json_tokener_error_desc(why), end);
	return err_set(err, -EBADMSG, "not one JSON object");
}

void
drop_json(struct json_object *root)
{
	json_object_put(root);
}

void
copy_text(const struct at *up, const char *key, char *buf, size_t size)
{
	struct at at = at_key(up, key);
	const char *text;
	size_t len;

	buf[0] = '\0';
	if (!at.v || !json_object_is_type(at.v, json_type_string))
		return;
	text = json_object_get_string(at.v);
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
read_time(const struct reading *rd, const struct at *at, int64_t *ret_s)
{
	const char *text = NULL;
	int rc = read_word(rd, at, &text);

	if (rc > 0 && time_parse(text, ret_s) < 0)
		return at_fail(rd, at, "must be a time as RFC 3339 writes it");
	return rc;
}
