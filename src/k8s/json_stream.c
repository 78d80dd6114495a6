/* SPDX-License-Identifier: Apache-2.0 */
#include "json_stream.h"

#include "arplet/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_ROOM 16384u /* json_buf_reset() frees a larger buffer, bytes */

int
json_buf_add(struct json_buf *buf, const char *data, size_t len)
{
	if (len > FRAME_MAX - buf->len)
		return -EMSGSIZE;
	if (buf->len + len > buf->room) {
		size_t room = buf->room ? buf->room : 1024;

		while (room < buf->len + len)
			room *= 2;
		buf->data = xrealloc(buf->data, room, 1);
		buf->room = room;
	}
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	return 0;
}

void
json_buf_reset(struct json_buf *buf)
{
	if (buf->room > KEEP_ROOM)
		json_buf_done(buf);
	buf->len = 0;
}

void
json_buf_done(struct json_buf *buf)
{
	free(buf->data);
	*buf = (struct json_buf){ 0 };
}

/* Pass a complete line to @on_line.  If @data contains the whole line, the line is not copied. */
static int
finish_line(struct json_lines *lines, const char *data, size_t len, json_text_fn *on_line,
    void *arg)
{
	int rc;

	if (!lines->part.len) {
		if (len > FRAME_MAX)
			return -EMSGSIZE;
		return len ? on_line(arg, data, len) : 0;
	}
	rc = json_buf_add(&lines->part, data, len);
	if (rc < 0)
		return rc;
	rc = on_line(arg, lines->part.data, lines->part.len);
	json_buf_reset(&lines->part);
	return rc;
}

int
json_lines_feed(struct json_lines *lines, const char *data, size_t len, json_text_fn *on_line,
    void *arg)
{
	while (len) {
		const char *end = memchr(data, '\n', len);
		size_t n = end ? (size_t)(end - data) : len;
		int rc;

		if (!end)
			return json_buf_add(&lines->part, data, n);
		rc = finish_line(lines, data, n, on_line, arg);
		if (rc < 0)
			return rc;
		data += n + 1;
		len -= n + 1;
	}
	return 0;
}

void
json_lines_done(struct json_lines *lines)
{
	json_buf_done(&lines->part);
}

/* Values of scan.depth: 1 in the list's braces, 2 in the array "items", 3 or more in an item. */
enum { IN_LIST = 1, IN_ITEMS = 2 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* True if byte @c belongs to an item, and not to the commas and blanks between items. */
static bool
is_item_byte(const struct json_items *items, char c)
{
	if (!items->in_items)
		return false;
	return items->scan.depth > IN_ITEMS || !(is_blank(c) || c == ',' || c == ']');
}

static void
string_opens(struct json_items *items)
{
	items->scan.in_string = true;
	if (items->scan.depth == IN_LIST)
		items->string_at = items->frame.len;
}

static void
string_closes(struct json_items *items)
{
	static const char name[] = "\"items";

	items->scan.in_string = false;
	if (items->scan.depth == IN_LIST)
		items->key_is_items = items->frame.len - items->string_at == strlen(name) &&
		    memcmp(items->frame.data + items->string_at, name, strlen(name)) == 0;
}

/* Scan the byte @c outside of items, before the caller appends @c to items->frame. */
static void
scan_frame(struct json_items *items, char c)
{
	if (items->scan.in_string) {
		if (items->scan.escaped)
			items->scan.escaped = false;
		else if (c == '\\')
			items->scan.escaped = true;
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
		if (c == '[' && items->scan.depth == IN_LIST && items->key_is_items)
			items->in_items = true;
		items->scan.depth++;
		break;
	case ']':
	case '}':
		items->scan.depth--;
		if (items->scan.depth == IN_LIST)
			items->in_items = false;
		if (items->scan.depth == 0)
			items->complete = true;
		break;
	case ',':
		if (items->scan.depth == IN_LIST)
			items->key_is_items = false;
		break;
	}
}

/*
 * Read the bytes of one item.  An item that is complete in @data is passed to @on_item without a
 * copy; only an item that arrives in pieces is collected in items->item.
 */
static int
read_item(struct json_items *items, const char *data, size_t len, json_text_fn *on_item, void *arg,
    size_t *ret_used)
{
	size_t n;
	int rc;

	if (items->scan.depth == IN_ITEMS && *data != '{')
		return -EBADMSG; /* an item must be an object */
	n = json_scan_leave(&items->scan, IN_ITEMS, data, len);
	*ret_used = n;
	if (n > FRAME_MAX)
		return -EMSGSIZE;
	if (items->scan.depth == IN_ITEMS && !items->item.len)
		return on_item(arg, data, n);
	rc = json_buf_add(&items->item, data, n);
	if (rc < 0 || items->scan.depth > IN_ITEMS)
		return rc;
	rc = on_item(arg, items->item.data, items->item.len);
	json_buf_reset(&items->item);
	return rc;
}

int
json_items_feed(struct json_items *items, const char *data, size_t len, json_text_fn *on_item,
    void *arg)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		char c = data[i];
		int rc;

		used = 1;
		if (items->complete || (items->scan.depth == 0 && c != '{')) {
			if (!is_blank(c))
				return -EBADMSG;
			continue;
		}
		if (is_item_byte(items, c)) {
			rc = read_item(items, data + i, len - i, on_item, arg, &used);
		} else if (items->in_items && c != ']') {
			continue; /* drop commas and blanks between items */
		} else {
			scan_frame(items, c);
			rc = json_buf_add(&items->frame, &c, 1);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

void
json_items_done(struct json_items *items)
{
	json_buf_done(&items->frame);
	json_buf_done(&items->item);
	*items = (struct json_items){ 0 };
}
