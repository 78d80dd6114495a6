/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FILTER_REFERENCE_H
#define FILTER_REFERENCE_H

#include "k8s/json_filter.h"

#include <json-c/json.h>
#include <string.h>

/*
 * A second implementation of json_filter.h, which filters a parsed tree.  It has no limits for
 * texts.  The text must have no key twice in one object, and no key with an escape sequence.
 */
static const struct json_want reference_all[] = { { .key = "" }, { 0 } };

static bool
reference_is_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const struct json_want *
reference_find(const struct json_want *of, const char *key, bool *got_first)
{
	for (const struct json_want *want = of->in ? of->in : reference_all; want->key; want++) {
		bool fits = want->how == WANT_FIRST || want->how == WANT_PREFIX || !*want->key
		    ? reference_is_prefix(key, want->key) : strcmp(key, want->key) == 0;

		if (!fits)
			continue;
		if (want->how == WANT_DROP || (want->how == WANT_FIRST && *got_first))
			return NULL;
		*got_first |= want->how == WANT_FIRST;
		return want == reference_all ? of : want;
	}
	return NULL;
}

static bool
reference_lacks_must(const struct json_want *want, struct json_object *value)
{
	size_t len = want->must ? strlen(want->must) : 0;
	const char *text;

	if (!len || !json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	if (want->must[len - 1] == '"')
		return strlen(text) != len - 1 || memcmp(text, want->must, len - 1) != 0;
	return !reference_is_prefix(text, want->must);
}

/* Returns the filtered copy of @value, or NULL for JSON's null; sets *@ret_drop if it is omitted. */
static struct json_object *
reference_filter(const struct json_want *want, struct json_object *value, bool *ret_drop)
{
	struct json_object *copy;
	bool got_first = false;

	*ret_drop = false;
	if (json_object_is_type(value, json_type_array)) {
		copy = json_object_new_array();
		for (size_t i = 0; i < json_object_array_length(value); i++) {
			struct json_object *one;
			bool drop;

			if (want->max_n && json_object_array_length(copy) >= want->max_n)
				break;
			one = reference_filter(want, json_object_array_get_idx(value, i), &drop);
			if (drop)
				json_object_put(one);
			else
				json_object_array_add(copy, one);
		}
		return copy;
	}
	if (!json_object_is_type(value, json_type_object))
		return json_object_get(value);
	copy = json_object_new_object();
	json_object_object_foreach(value, key, member) {
		const struct json_want *of;
		struct json_object *one;
		bool drop, got = got_first;

		of = reference_find(want, key, &got);
		if (!of || (want->max_n && (size_t)json_object_object_length(copy) >= want->max_n))
			continue;
		got_first = got;
		one = reference_filter(of, member, &drop);
		*ret_drop |= reference_lacks_must(of, member);
		if (drop)
			json_object_put(one);
		else
			json_object_object_add(copy, key, one);
	}
	return copy;
}

#endif
