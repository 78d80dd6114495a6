/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_FIELDS_H
#define ARPLET_FIELDS_H

#include "arplet/err.h"
#include "arplet/object.h"

#include <stddef.h>

struct json_object;

/*
 * Reading typed fields of a JSON object.  An absent field (or null) leaves the output untouched
 * and is no error; a wrong type is -EBADMSG with a sentence that starts with the field's path.
 */

/* A value, and the way to it: the path is written out only when something is wrong. */
struct at {
	const struct at *up; /* NULL: the object itself */
	const char *key;     /* NULL: element @index of an array */
	size_t index;
	struct json_object *v; /* NULL: absent or null */
};

struct reading {
	struct arena *mem; /* where strings and arrays go */
	struct err *err;
};

/* parse_json - one JSON object and nothing else, but for managedFields; drop_json() it. */
int parse_json(const char *text, size_t len, struct json_object **ret_root, struct err *err);
void drop_json(struct json_object *root);
/* copy_text - a string member, or "": cut to fit, between UTF-8 characters. */
void copy_text(const struct at *up, const char *key, char *buf, size_t size);

/* at_key, at_index - a member; absent when @up is absent or no object (or array). */
struct at at_key(const struct at *up, const char *key);
struct at at_index(const struct at *up, size_t index);

/*
 * at_other - the first key of an object that @known does not know; NULL: none.  It is the JSON's.
 */
const char *at_other(const struct at *at, bool (*known)(const char *key));

/* at_path - writes the way to a value, cut at the end of @buf; the object itself has none: "". */
void at_path(const struct at *at, char *buf, size_t size);

/* at_fail - "PATH: WHAT" into the error; returns -EBADMSG. */
int at_fail(const struct reading *rd, const struct at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* 1: read; 0: absent; -EBADMSG. */
int read_object(const struct reading *rd, const struct at *at);
int read_array(const struct reading *rd, const struct at *at, size_t *ret_n);
int read_string(const struct reading *rd, const struct at *at, const char **ret_text);
/* read_word - a string that is only looked at: it stays the JSON's, and goes with it. */
int read_word(const struct reading *rd, const struct at *at, const char **ret_text);
int read_bool(const struct reading *rd, const struct at *at, bool *ret_flag);
int read_int(const struct reading *rd, const struct at *at, int64_t min, int64_t max,
    int64_t *ret_n);
int read_int32(const struct reading *rd, const struct at *at, int32_t *ret_n);
int read_time(const struct reading *rd, const struct at *at, int64_t *ret_s);
int read_labels(const struct reading *rd, const struct at *at, struct labels *ret_labels);
int read_strings(const struct reading *rd, const struct at *at, struct strings *ret_strings);

/* read_set - strings that may not be there twice. */
int read_set(const struct reading *rd, const struct at *at, struct strings *ret_strings);
/* read_selectors - LabelSelectors, none twice. */
int read_selectors(const struct reading *rd, const struct at *at, struct selectors *ret_sels);

/* The member @key of @up, read in one go. */
#define READ(kind, rd, up, key, ...)                                                         \
	__extension__({                                                                      \
		struct at at_ = at_key(up, key);                                             \
		read_##kind(rd, &at_, __VA_ARGS__);                                          \
	})

#endif
