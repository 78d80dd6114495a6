/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "filter_reference.h"
#include "k8s/wanted_fields.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The texts of a filter, and a hash of them. */
struct got {
	uint64_t hash;
	size_t n;
	struct json_buf last;
};

static int
on_text(void *arg, const char *text, size_t len, bool cut)
{
	struct got *got = arg;

	for (size_t i = 0; i < len; i++)
		got->hash = (got->hash ^ (unsigned char)text[i]) * 0x100000001b3;
	got->hash += cut;
	got->n++;
	got->last.len = 0;
	json_buf_add(&got->last, text, len);
	return 0;
}

/* Feeds @data in pieces of @piece bytes. */
static int
feed(const struct json_want *root, bool lines, const char *data, size_t size, size_t piece,
    struct got *ret_got)
{
	struct json_filter filter;
	int rc = 0;

	*ret_got = (struct got){ 0 };
	json_filter_init(&filter, root, lines, 4096, on_text, ret_got);
	for (size_t at = 0; rc == 0 && at < size; at += piece)
		rc = json_filter_feed(&filter, data + at, size - at < piece ? size - at : piece);
	if (filter.out.len > 4096 + FILTER_DEPTH + FILTER_KEY_MAX + 6 * DECODE_LEN_MAX)
		abort();
	json_filter_done(&filter);
	return rc;
}

/* The copy, and whether it is refused, must not depend on the size of the pieces. */
static void
check_pieces(const struct json_want *root, bool lines, const char *data, size_t size, size_t piece)
{
	struct got whole, pieces;
	int rc = feed(root, lines, data, size, size, &whole);

	if (feed(root, lines, data, size, piece, &pieces) != rc || whole.n != pieces.n ||
	    whole.hash != pieces.hash)
		abort();
	json_buf_done(&whole.last);
	json_buf_done(&pieces.last);
}

/* --- a text made of the input, for the comparison with the reference --- */

struct source {
	const uint8_t *data;
	size_t size;
	struct json_buf text;
	unsigned int serial; /* makes keys unique */
};

static uint8_t
next(struct source *source)
{
	if (!source->size)
		return 0;
	source->size--;
	return *source->data++;
}

static void
add(struct source *source, const char *text)
{
	json_buf_add(&source->text, text, strlen(text));
}

static void
add_string(struct source *source)
{
	static const char *const parts[] = { "a", "\\u0001", "\\\\", "\\\"", "arplet.io/", "\xc3\xa4",
		"\\ud83d\\ude00", "}", "[", ",", " ", "Service", "\\/", "\\n" };

	add(source, "\"");
	for (uint8_t n = next(source) % 8; n; n--)
		add(source, parts[next(source) % (sizeof(parts) / sizeof(parts[0]))]);
	add(source, "\"");
}

static const struct json_want *
pick(struct source *source, const struct json_want *of)
{
	size_t n = 0;

	while (of && of[n].key)
		n++;
	return n ? &of[next(source) % n] : NULL;
}

static void add_value(struct source *source, const struct json_want *want, unsigned int depth);

/* Adds an object; most of its members are wanted ones, and no key comes twice. */
static void
add_object(struct source *source, const struct json_want *want, unsigned int depth)
{
	uint8_t n = next(source) % 6;
	bool used[256] = { false };

	add(source, "{");
	for (uint8_t i = 0; i < n; i++) {
		const struct json_want *member = next(source) % 4 ? pick(source, want ? want->in : NULL) : NULL;
		char key[64];

		if (member && member->how != WANT_PREFIX && member->how != WANT_FIRST && *member->key) {
			if (used[member - want->in])
				continue;
			used[member - want->in] = true;
			snprintf(key, sizeof(key), "%s", member->key);
		} else {
			snprintf(key, sizeof(key), "%sk%u", member ? member->key : "", source->serial++);
		}
		if (source->text.data[source->text.len - 1] != '{')
			add(source, next(source) % 4 ? "," : " ,\n");
		add(source, "\"");
		add(source, key);
		add(source, next(source) % 4 ? "\":" : "\" : ");
		if (member && member->how == WANT_FIRST)
			add(source, "\"x\""); /* the filter cuts a longer text */
		else
			add_value(source, member, depth + 1);
	}
	add(source, "}");
}

static void
add_array(struct source *source, const struct json_want *want, unsigned int depth)
{
	add(source, "[");
	for (uint8_t n = next(source) % 10; n; n--) {
		add_value(source, want, depth + 1);
		if (n > 1)
			add(source, ",");
	}
	add(source, "]");
}

static void
add_value(struct source *source, const struct json_want *want, unsigned int depth)
{
	static const char *const scalars[] = { "null", "true", "false", "0", "-1.5e3", "443" };
	uint8_t type = depth > 12 ? 2 : next(source) % 8;

	if (type == 0 || type == 1)
		add_array(source, want, depth);
	else if (type < 4)
		add_string(source);
	else if (type < 5)
		add(source, scalars[next(source) % 6]);
	else
		add_object(source, want, depth);
}

/* The filter must copy the same as a filter of the parsed tree. */
static void
check_reference(const struct json_want *root, const uint8_t *data, size_t size)
{
	struct source source = { data, size, { 0 }, 0 };
	struct json_object *in, *want, *out;
	struct got got;
	bool drop;

	add_object(&source, root, 0);
	if (feed(root, true, source.text.data, source.text.len, 1 + size % 7, &got) < 0 || got.n != 1)
		abort();
	json_buf_add(&source.text, "", 1);
	json_buf_add(&got.last, "", 1);
	in = json_tokener_parse(source.text.data);
	out = json_tokener_parse(got.last.data);
	want = reference_filter(root, in, &drop);
	if (source.text.len < 4000 && !json_object_equal(want, out)) {
		fprintf(stderr, "in   %s\nout  %s\nwant %s\n", source.text.data, got.last.data,
		    json_object_to_json_string(want));
		abort();
	}
	json_object_put(in);
	json_object_put(out);
	json_object_put(want);
	json_buf_done(&source.text);
	json_buf_done(&got.last);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum kind kind;
	bool all;

	if (size < 3)
		return 0;
	kind = data[0] % KINDS;
	all = data[0] / KINDS % 4 == 0;
	check_pieces(wanted_event(kind, all), true, (const char *)data + 2, size - 2, 1 + data[1] % 16);
	check_pieces(wanted_list(kind, all), false, (const char *)data + 2, size - 2, 1 + data[1] % 16);
	check_reference(wanted_event(kind, all), data + 2, size - 2);
	return 0;
}
