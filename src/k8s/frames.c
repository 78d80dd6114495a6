/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include "arplet/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_ROOM 16384u /* an emptied buffer above this is freed */

int
gather_add(struct gather *gather, const char *data, size_t len)
{
	if (len > FRAME_MAX - gather->len)
		return -EMSGSIZE;
	if (gather->len + len > gather->room) {
		size_t room = gather->room ? gather->room : 1024;

		while (room < gather->len + len)
			room *= 2;
		gather->data = xrealloc(gather->data, room, 1);
		gather->room = room;
	}
	if (len)
		memcpy(gather->data + gather->len, data, len);
	gather->len += len;
	return 0;
}

void
gather_reset(struct gather *gather)
{
	if (gather->room > KEEP_ROOM)
		gather_done(gather);
	gather->len = 0;
}

void
gather_done(struct gather *gather)
{
	free(gather->data);
	*gather = (struct gather){ 0 };
}

/* A line is whole: straight from the input when nothing of it came before. */
static int
line_whole(struct lines *lines, const char *data, size_t len, frame_fn *on_line, void *arg)
{
	int rc;

	if (!lines->part.len) {
		if (len > FRAME_MAX)
			return -EMSGSIZE;
		return len ? on_line(arg, data, len) : 0;
	}
	rc = gather_add(&lines->part, data, len);
	if (rc < 0)
		return rc;
	rc = on_line(arg, lines->part.data, lines->part.len);
	gather_reset(&lines->part);
	return rc;
}

int
lines_feed(struct lines *lines, const char *data, size_t len, frame_fn *on_line, void *arg)
{
	while (len) {
		const char *end = memchr(data, '\n', len);
		size_t n = end ? (size_t)(end - data) : len;
		int rc;

		if (!end)
			return gather_add(&lines->part, data, n);
		rc = line_whole(lines, data, n, on_line, arg);
		if (rc < 0)
			return rc;
		data += n + 1;
		len -= n + 1;
	}
	return 0;
}

void
lines_done(struct lines *lines)
{
	gather_done(&lines->part);
}

/* Depths: 1 is inside the list's braces, 2 inside the array "items", 3 and more inside an item. */
enum { IN_LIST = 1, IN_ITEMS = 2 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Does this byte belong to an item?  (Commas and blanks between items belong to nothing.) */
static bool
is_item_byte(const struct items *items, char c)
{
	if (!items->in_items)
		return false;
	return items->nest.depth > IN_ITEMS || !(is_blank(c) || c == ',' || c == ']');
}

static void
string_opens(struct items *items)
{
	items->nest.in_string = true;
	if (items->nest.depth == IN_LIST)
		items->string_at = items->frame.len;
}

static void
string_closes(struct items *items)
{
	static const char name[] = "\"items";

	items->nest.in_string = false;
	if (items->nest.depth == IN_LIST)
		items->key_is_items = items->frame.len - items->string_at == strlen(name) &&
		    memcmp(items->frame.data + items->string_at, name, strlen(name)) == 0;
}

/* Follow what is around the items by one byte, which is not yet in a buffer. */
static void
follow(struct items *items, char c)
{
	if (items->nest.in_string) {
		if (items->nest.escaped)
			items->nest.escaped = false;
		else if (c == '\\')
			items->nest.escaped = true;
		else if (c == '"')
			string_closes(items);
		return;
	}
	switch (c) {
	case '"':
		string_opens(items);
		break;
	case '[':
	case '{':
		if (c == '[' && items->nest.depth == IN_LIST && items->key_is_items)
			items->in_items = true;
		items->nest.depth++;
		break;
	case ']':
	case '}':
		items->nest.depth--;
		if (items->nest.depth == IN_LIST)
			items->in_items = false;
		if (items->nest.depth == 0)
			items->complete = true;
		break;
	case ',':
		if (items->nest.depth == IN_LIST)
			items->key_is_items = false;
		break;
	}
}

/*
 * Bytes that belong to an item, as many as are here: one that is whole is handed out as it lies
 * there, and only what the input cuts in two is put together.
 */
static int
item_bytes(struct items *items, const char *data, size_t len, frame_fn *on_item, void *arg,
    size_t *ret_used)
{
	size_t n;
	int rc;

	if (items->nest.depth == IN_ITEMS && *data != '{')
		return -EBADMSG; /* items are objects */
	n = nest_leave(&items->nest, IN_ITEMS, data, len);
	*ret_used = n;
	if (n > FRAME_MAX)
		return -EMSGSIZE;
	if (items->nest.depth == IN_ITEMS && !items->item.len)
		return on_item(arg, data, n);
	rc = gather_add(&items->item, data, n);
	if (rc < 0 || items->nest.depth > IN_ITEMS)
		return rc;
	rc = on_item(arg, items->item.data, items->item.len);
	gather_reset(&items->item);
	return rc;
}

int
items_feed(struct items *items, const char *data, size_t len, frame_fn *on_item, void *arg)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		char c = data[i];
		int rc;

		used = 1;
		if (items->complete || (items->nest.depth == 0 && c != '{')) {
			if (!is_blank(c))
				return -EBADMSG;
			continue;
		}
		if (is_item_byte(items, c)) {
			rc = item_bytes(items, data + i, len - i, on_item, arg, &used);
		} else if (items->in_items && c != ']') {
			continue; /* between items */
		} else {
			follow(items, c);
			rc = gather_add(&items->frame, &c, 1);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

void
items_done(struct items *items)
{
	gather_done(&items->frame);
	gather_done(&items->item);
	*items = (struct items){ 0 };
}
