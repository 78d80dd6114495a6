/* SPDX-License-Identifier: Apache-2.0 */
#include "json_filter.h"

#include <errno.h>
#include <string.h>

#define SCALAR_MAX 64u /* longest number, true, false or null, bytes */

/* The elements of a wanted value of any kind: json_want.in is NULL. */
static const struct json_want all_members[] = { { .key = "" }, { 0 } };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct json_level *
level_of(struct json_filter *filter)
{
	return filter->depth ? &filter->levels[filter->depth - 1] : NULL;
}

static void
put(struct json_filter *filter, const char *data, size_t len)
{
	json_buf_add(&filter->out, data, len);
}

/* Returns the struct that fits the key that was read; NULL: the member is not wanted. */
static const struct json_want *
find_member(struct json_filter *filter, struct json_level *level)
{
	const struct json_want *want = level->want->in ? level->want->in : all_members;

	if (filter->key_bad)
		return NULL;
	for (; want->key; want++) {
		size_t len = strlen(want->key);

		if (want->how == WANT_FIRST || want->how == WANT_PREFIX || !len) {
			if (filter->key_len < len || memcmp(filter->key, want->key, len) != 0)
				continue;
			if (want->how == WANT_FIRST && level->got_first)
				return NULL;
			/* the members of a whole value have the limits of the value */
			return want == all_members ? level->want : want;
		}
		if (filter->key_len == len && memcmp(filter->key, want->key, len) == 0)
			return want->how == WANT_DROP ? NULL : want;
	}
	return NULL;
}

/*
 * Decide whether the value that begins now is copied, and write the comma and the key before it.
 * Sets filter->want to NULL if the value is not copied.
 */
static void
begin_copy(struct json_filter *filter)
{
	struct json_level *level = level_of(filter);

	if (!level || !filter->want)
		return;
	if (level->want->how == WANT_ITEMS && level->array) {
		filter->item_at = filter->out.len;
		return;
	}
	if (level->want->max_n && level->n >= level->want->max_n) {
		filter->want = NULL;
		return;
	}
	if (filter->out.len - filter->item_at > filter->max_len ||
	    filter->depth == FILTER_DEPTH) {
		filter->cut = true;
		filter->want = NULL;
		return;
	}
	if (level->n++)
		put(filter, ",", 1);
	if (level->array)
		return;
	level->got_first |= filter->want->how == WANT_FIRST;
	put(filter, "\"", 1);
	put(filter, filter->key, filter->key_len);
	put(filter, "\":", 2);
}

static int
open_level(struct json_filter *filter, char c, size_t undo)
{
	const struct json_level *outer = level_of(filter);
	bool items = filter->want->how == WANT_ITEMS;

	/* an item must be an object */
	if (c == '[' && outer && outer->array && outer->want->how == WANT_ITEMS)
		return -EBADMSG;
	if (items && c == '{' && !(outer && outer->array))
		return -EBADMSG;
	filter->levels[filter->depth++] = (struct json_level){ .want = filter->want,
		.undo = undo, .undo_cut = filter->cut, .array = c == '[' };
	put(filter, &c, 1);
	filter->state = c == '[' ? FILTER_ELEMENT : FILTER_MEMBER;
	return 0;
}

/* The first byte of a value.  Returns -EBADMSG if no value begins with @c. */
static int
begin_value(struct json_filter *filter, char c)
{
	const struct json_level *level = level_of(filter);
	size_t undo = filter->out.len;

	if (!level && c != '{')
		return -EBADMSG; /* the whole text must be an object */
	begin_copy(filter);
	if (!filter->want) {
		filter->skip = (struct json_skip){ 0 };
		filter->state = FILTER_SKIP;
		return 0;
	}
	filter->string_at = filter->out.len;
	if (c == '{' || c == '[')
		return open_level(filter, c, undo);
	if (level->array && level->want->how == WANT_ITEMS)
		return -EBADMSG;
	if (c == '"') {
		filter->state = FILTER_IN_STRING;
		filter->text_left = filter->want->how == WANT_FIRST ? 1
		    : filter->want->max_text ? filter->want->max_text : FILTER_TEXT_MAX;
		put(filter, &c, 1);
	} else {
		filter->skip = (struct json_skip){ 0 };
		filter->state = FILTER_IN_SCALAR;
	}
	return 0;
}

/* The text, or an item of a list, has ended: pass it to the callback. */
static int
end_text(struct json_filter *filter, size_t from)
{
	bool cut = filter->cut;
	int rc = filter->on_text(filter->arg, filter->out.data + from, filter->out.len - from, cut);

	filter->out.len = from;
	filter->cut = false;
	if (!from)
		json_buf_reset(&filter->out);
	return rc;
}

static int
close_level(struct json_filter *filter, char c)
{
	struct json_level level, *outer;

	if (!filter->depth || c != (level_of(filter)->array ? ']' : '}'))
		return -EBADMSG;
	put(filter, &c, 1);
	level = filter->levels[--filter->depth];
	outer = level_of(filter);
	if (!outer) {
		filter->complete = !filter->lines;
		filter->state = filter->lines ? FILTER_VALUE : FILTER_END;
		return filter->lines ? end_text(filter, 0) : 0;
	}
	filter->state = FILTER_COMMA;
	if (outer->array && outer->want->how == WANT_ITEMS)
		return end_text(filter, filter->item_at);
	if (level.drop) {
		filter->out.len = level.undo;
		filter->cut = level.undo_cut;
		outer->n--;
	}
	return 0;
}

/* Check json_want.must of the string that has ended. */
static void
check_must(struct json_filter *filter)
{
	const char *must = filter->want->must;
	size_t len = must ? strlen(must) : 0, from = filter->string_at + 1;

	if (must && !level_of(filter)->array && (filter->out.len - from < len ||
	    memcmp(filter->out.data + from, must, len) != 0))
		level_of(filter)->drop = true;
}

/*
 * Read a piece of a wanted string, up to the limit of its length.  Returns the number of bytes read.
 */
static size_t
read_string(struct json_filter *filter, const char *data, size_t len)
{
	size_t n = 0;
	bool ends = false;

	for (; n < len && !ends; n++) {
		unsigned char c = (unsigned char)data[n];

		if (filter->escape_starts) {
			filter->escape_starts = false;
			filter->escape = c == 'u' ? 4 : 0;
		} else if (c == '"') {
			ends = true;
		} else if (filter->escape) {
			filter->escape--;
		} else if ((c & 0xc0) != 0x80) { /* a character or an escape sequence begins */
			if (!filter->text_left)
				break;
			filter->text_left--;
			filter->escape_starts = c == '\\';
		}
	}
	put(filter, data, n);
	if (ends) {
		check_must(filter);
		filter->state = FILTER_COMMA;
	} else if (n < len) {
		filter->skip = (struct json_skip){ .in_string = true };
		filter->state = FILTER_CUT_STRING;
	}
	return n;
}

/* Read the part of a string that is longer than the limit. */
static size_t
cut_string(struct json_filter *filter, const char *data, size_t len)
{
	bool ends;
	long n = json_skip_value(&filter->skip, data, len, &ends);

	if (ends) {
		put(filter, "\"", 1);
		check_must(filter);
		filter->state = FILTER_COMMA;
	}
	return (size_t)n;
}

static long
read_scalar(struct json_filter *filter, const char *data, size_t len)
{
	bool ends;
	long n = json_skip_value(&filter->skip, data, len, &ends);

	if (n < 0 || filter->out.len - filter->string_at + (size_t)n > SCALAR_MAX)
		return -EBADMSG;
	put(filter, data, (size_t)n);
	if (ends)
		filter->state = FILTER_COMMA;
	return n;
}

static long
skip_value(struct json_filter *filter, const char *data, size_t len)
{
	bool ends;
	long n = json_skip_value(&filter->skip, data, len, &ends);

	if (ends)
		filter->state = FILTER_COMMA;
	return n;
}

static size_t
read_key(struct json_filter *filter, const char *data, size_t len)
{
	size_t n = 0, room;

	/* the API server writes the wanted keys without escape sequences */
	while (n < len && (filter->escape_starts || data[n] != '"')) {
		filter->escape_starts = !filter->escape_starts && data[n] == '\\';
		filter->key_bad |= data[n++] == '\\';
	}
	room = sizeof(filter->key) - filter->key_len;
	filter->key_bad |= n > room;
	memcpy(filter->key + filter->key_len, data, n < room ? n : room);
	filter->key_len += n < room ? n : room;
	if (n == len)
		return n;
	filter->want = find_member(filter, level_of(filter));
	filter->state = FILTER_COLON;
	return n + 1;
}

/* Read one byte between values.  Returns -EBADMSG if @c must not stand here. */
static int
read_mark(struct json_filter *filter, char c)
{
	const struct json_level *level = level_of(filter);

	switch (filter->state) {
	case FILTER_MEMBER:
		if (c == '}')
			return close_level(filter, c);
		__attribute__((fallthrough));
	case FILTER_KEY:
		filter->state = FILTER_IN_KEY;
		filter->key_len = 0;
		filter->key_bad = filter->escape_starts = false;
		return c == '"' ? 0 : -EBADMSG;
	case FILTER_COLON:
		filter->state = FILTER_VALUE;
		return c == ':' ? 0 : -EBADMSG;
	case FILTER_COMMA:
		if (c != ',')
			return close_level(filter, c);
		filter->state = level->array ? FILTER_VALUE : FILTER_KEY;
		if (level->array)
			filter->want = level->want;
		return 0;
	case FILTER_ELEMENT:
		if (c == ']')
			return close_level(filter, c);
		filter->want = level->want;
		return begin_value(filter, c);
	case FILTER_VALUE:
		if (!level)
			filter->want = filter->root;
		return begin_value(filter, c);
	default:
		return -EBADMSG;
	}
}

/* Read a part of a key or of a value.  Returns the number of bytes read, or -EBADMSG. */
static long
read_part(struct json_filter *filter, const char *data, size_t len)
{
	switch (filter->state) {
	case FILTER_IN_KEY:
		return (long)read_key(filter, data, len);
	case FILTER_IN_STRING:
		return (long)read_string(filter, data, len);
	case FILTER_CUT_STRING:
		return (long)cut_string(filter, data, len);
	case FILTER_IN_SCALAR:
		return read_scalar(filter, data, len);
	default:
		return skip_value(filter, data, len);
	}
}

int
json_filter_feed(struct json_filter *filter, const char *data, size_t len)
{
	for (size_t i = 0; i < len;) {
		enum json_filter_state state;
		long n = 0;
		int rc = 0;

		if (filter->state >= FILTER_IN_KEY) {
			n = read_part(filter, data + i, len - i);
			rc = n < 0 ? (int)n : 0;
		} else if (is_blank(data[i])) {
			n = 1;
		} else {
			rc = read_mark(filter, data[i]);
			state = filter->state;
			/* the first byte of such a value belongs to the part that read_part() reads */
			n = state != FILTER_SKIP && state != FILTER_IN_SCALAR;
		}
		if (rc < 0)
			return rc;
		i += (size_t)n;
	}
	return 0;
}

void
json_filter_init(struct json_filter *filter, const struct json_want *root, bool lines,
    size_t max_len, json_filter_fn *on_text, void *arg)
{
	*filter = (struct json_filter){ .root = root, .lines = lines, .max_len = max_len,
		.on_text = on_text, .arg = arg };
}

void
json_filter_reset(struct json_filter *filter)
{
	json_buf_done(&filter->out);
	json_filter_init(filter, filter->root, filter->lines, filter->max_len, filter->on_text,
	    filter->arg);
}

void
json_filter_done(struct json_filter *filter)
{
	json_buf_done(&filter->out);
}
