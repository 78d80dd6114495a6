/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_FIELDS_H
#define K8S_JSON_FIELDS_H

#include "arplet/err.h"
#include "arplet/object.h"

#include <stddef.h>

struct json_object;

/*
 * Read typed fields of a JSON object.  If a field is absent or null, the output stays unchanged;
 * this is no error.  If a field has a wrong type, each read_*() returns -EBADMSG and sets an error
 * "PATH: REASON".
 */

/* A JSON field with its value, and with its parents, which give the path in error messages. */
struct json_field {
	const struct json_field *parent; /* NULL: this is the root object */
	const char *key;                 /* NULL: the field is element @index of an array */
	size_t index;
	struct json_object *value; /* NULL: absent or null */
};

struct json_reader {
	struct arena *mem; /* arena for copies of strings and arrays */
	struct err *err;
	size_t max_text;   /* a longer string is an error, bytes; 0: no limit */
	size_t max_labels; /* more labels count as unknown; 0: no limit */
	bool no_labels;    /* the labels of metadata count as unknown */
	bool no_ports;     /* the ports of a Service count as too many */
	/* read of a Service only its addresses, type and conditions, which also a bad Service keeps */
	bool brief;
};

/*
 * parse_json - parse a text of one JSON object.  Text after the object is an error.  The caller releases *@ret_root with free_json().
 */
int parse_json(const char *text, size_t len, struct json_object **ret_root, struct err *err);
void free_json(struct json_object *root);
/*
 * json_copy_string - copy the string member @key to @buf; "" if absent.  A string that does not fit
 * in @buf is cut between UTF-8 characters.
 */
void json_copy_string(const struct json_field *parent, const char *key, char *buf, size_t size);

/*
 * json_member, json_element - return a child of @parent.  If @parent is absent or has a wrong type,
 * the child is absent, too.
 */
struct json_field json_member(const struct json_field *parent, const char *key);
struct json_field json_element(const struct json_field *parent, size_t index);

/*
 * json_unknown_key - return the first key of an object for which @known() returns false; NULL:
 * none.  The JSON object owns the returned key.
 */
const char *json_unknown_key(const struct json_field *field, bool (*known)(const char *key));

/*
 * json_field_path - write the path of @field, such as "spec.ports[1]"; a path that does not fit in
 * @size bytes is cut.
 */
void json_field_path(const struct json_field *field, char *buf, size_t size);

/* json_field_error - set the error "PATH: REASON"; returns -EBADMSG. */
int json_field_error(const struct json_reader *rd, const struct json_field *field, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* Each read_*() returns 1 if it has read the field, 0 if the field is absent, or -EBADMSG. */
int read_object(const struct json_reader *rd, const struct json_field *field);
/* read_array - number of elements; more than 10,000 elements are an error. */
int read_array(const struct json_reader *rd, const struct json_field *field, size_t *ret_n);
/* read_long_array - like read_array(), without the limit. */
int read_long_array(const struct json_reader *rd, const struct json_field *field, size_t *ret_n);
int read_string(const struct json_reader *rd, const struct json_field *field,
    const char **ret_text);
/* read_string_ref - read a string without copying it: the JSON object owns the string. */
int read_string_ref(const struct json_reader *rd, const struct json_field *field,
    const char **ret_text);
int read_bool(const struct json_reader *rd, const struct json_field *field, bool *ret_flag);
int read_int(const struct json_reader *rd, const struct json_field *field, int64_t min, int64_t max,
    int64_t *ret_n);
int read_int32(const struct json_reader *rd, const struct json_field *field, int32_t *ret_n);
int read_time(const struct json_reader *rd, const struct json_field *field, int64_t *ret_s);
int read_labels(const struct json_reader *rd, const struct json_field *field,
    struct labels *ret_labels);
int read_strings(const struct json_reader *rd, const struct json_field *field,
    struct strings *ret_strings);

/* read_set - strings without duplicates. */
int read_set(const struct json_reader *rd, const struct json_field *field,
    struct strings *ret_strings);
/* read_selectors - LabelSelectors without duplicates. */
int read_selectors(const struct json_reader *rd, const struct json_field *field,
    struct selectors *ret_sels);

/* READ(int, rd, parent, "key", ...) - call read_int() for the member "key" of @parent. */
#define READ(kind, rd, parent, key, ...)                                                     \
	__extension__({                                                                      \
		struct json_field field_ = json_member(parent, key);                         \
		read_##kind(rd, &field_, __VA_ARGS__);                                       \
	})

#endif
