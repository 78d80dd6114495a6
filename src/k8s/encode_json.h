/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_ENCODE_JSON_H
#define K8S_ENCODE_JSON_H

#include "arplet/arena.h"
#include "arplet/encode.h"

#include <json-c/json.h>
#include <stdlib.h>

/* Helpers that build JSON; they abort if no memory is left. */

static inline void
put(struct json_object *obj, const char *key, struct json_object *value)
{
	if (json_object_object_add(obj, key, value) < 0)
		abort();
}

static inline void
put_text(struct json_object *obj, const char *key, const char *text)
{
	put(obj, key, json_object_new_string(text));
}

/* Add a string member, unless @text is "" or NULL. */
static inline void
put_nonempty(struct json_object *obj, const char *key, const char *text)
{
	if (text && text[0])
		put_text(obj, key, text);
}

static inline void
put_int(struct json_object *obj, const char *key, int64_t n)
{
	put(obj, key, json_object_new_int64(n));
}

static inline void
put_time(struct json_object *obj, const char *key, int64_t us, bool micro)
{
	char buf[TIME_TEXT_MAX];

	if (us)
		put_text(obj, key, time_format(us, micro, buf));
}

/* Add an empty object as member @key; returns the new object. */
static inline struct json_object *
put_object(struct json_object *obj, const char *key)
{
	struct json_object *inner = json_object_new_object();

	put(obj, key, inner);
	return inner;
}

static inline struct json_object *
new_of_kind(const char *api_version, const char *kind)
{
	struct json_object *root = json_object_new_object();

	put_text(root, "apiVersion", api_version);
	put_text(root, "kind", kind);
	return root;
}

/* Returns the JSON text of @root, and frees @root. */
static inline char *
finish(struct json_object *root)
{
	char *text = xstrdup(json_object_to_json_string_ext(root,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(root);
	return text;
}

#endif
