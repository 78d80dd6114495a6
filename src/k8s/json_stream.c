/* SPDX-License-Identifier: Apache-2.0 */
#include "json_stream.h"

#include "arplet/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_ROOM 16384u /* an emptied buffer above this is freed */

int
json_buf_add(struct json_buf *json_buf, const char *data, size_t len)
{
	if (len > FRAME_MAX - json_buf->len)
		return -EMSGSIZE;
	if (json_buf->len + len > json_buf->room) {
		size_t room = json_buf->room ? json_buf->room : 1024;

		while (room < json_buf->len + len)
			room *= 2;
		json_buf->data = xrealloc(json_buf->data, room, 1);
		json_buf->room = room;
	}
	if (len)
		memcpy(json_buf->data + json_buf->len, data, len);
	json_buf->len += len;
	return 0;
}

void
json_buf_reset(struct json_buf *json_buf)
{
	if (json_buf->room > KEEP_ROOM)
		json_buf_done(json_buf);
	json_buf->len = 0;
}

void
json_buf_done(struct json_buf *json_buf)
{
	free(json_buf->data);
	*json_buf = (struct json_buf){ 0 };
}

/* A line is whole: straight from the input when nothing of it came before. */
static int
line_whole(struct json_lines *json_lines, const char *data, size_t len, frame_fn *on_line, void *arg)
{
	int rc;

	if (!json_lines->part.len) {
		if (len > FRAME_MAX)
			return -EMSGSIZE;
		return len ? on_line(arg, data, len) : 0;
	}
	rc = json_buf_add(&json_lines->part, data, len);
	if (rc < 0)
		return rc;
	rc = on_line(arg, json_lines->part.data, json_lines->part.len);
	json_buf_reset(&json_lines->part);
	return rc;
}

int
json_lines_feed(struct json_lines *json_lines, const char *data, size_t len, frame_fn *on_line, void *arg)
{
	while (len) {
		const char *end = memchr(data, '\n', len);
		size_t n = end ? (size_t)(end - data) : len;
		int rc;

		if (!end)
			return json_buf_add(&json_lines->part, data, n);
		rc = line_whole(json_lines, data, n, on_line, arg);
		if (rc < 0)
			return rc;
		data += n + 1;
		len -= n + 1;
	}
	return 0;
}

void
json_lines_done(struct json_lines *json_lines)
{
	json_buf_done(&json_lines->part);
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
is_item_byte(const struct json_items *json_items, char c)
{
	if (!json_items->in_items)
		return false;
	return json_items->json_scan.depth > IN_ITEMS || !(is_blank(c) || c == ',' || c == ']');
}

static void
string_opens(struct json_items *json_items)
{
	json_items->json_scan.in_string = true;
	if (json_items->json_scan.depth == IN_LIST)
		json_items->string_at = json_items->frame.len;
}

static void
string_closes(struct json_items *json_items)
{
	static const char name[] = "\"items";

	json_items->json_scan.in_string = false;
	if (json_items->json_scan.depth == IN_LIST)
		json_items->key_is_items = json_items->frame.len - json_items->string_at == strlen(name) &&
		    memcmp(json_items->frame.data + json_items->string_at, name, strlen(name)) == 0;
}

/* Follow what is around the items by one byte, which is not yet in a buffer. */
static void
follow(struct json_items *json_items, char c)
{
	if (json_items->json_scan.in_string) {
		if (json_items->json_scan.escaped)
			json_items->json_scan.escaped = false;
		else if (c == '\\')
			json_items->json_scan.escaped = true;
		else if (c == '"')
			string_closes(json_items);
		return;
	}
	switch (c) {
	case '"':
		string_opens(json_items);
		break;
	case '[':
	case '{':
		if (c == '[' && json_items->json_scan.depth == IN_LIST && json_items->key_is_items)
			json_items->in_items = true;
		json_items->json_scan.depth++;
		break;
	case ']':
	case '}':
		json_items->json_scan.depth--;
		if (json_items->json_scan.depth == IN_LIST)
			json_items->in_items = false;
		if (json_items->json_scan.depth == 0)
			json_items->complete = true;
		break;
	case ',':
		if (json_items->json_scan.depth == IN_LIST)
			json_items->key_is_items = false;
		break;
	}
}

/*
 * Bytes that belong to an item, as many as are here: one that is whole is handed out as it lies
 * there, and only what the input cuts in two is put together.
 */
static int
item_bytes(struct json_items *json_items, const char *data, size_t len, frame_fn *on_item, void *arg,
    size_t *ret_used)
{
	size_t n;
	int rc;

	if (json_items->json_scan.depth == IN_ITEMS && *data != '{')
		return -EBADMSG; /* items are objects */
	n = json_scan_leave(&json_items->json_scan, IN_ITEMS, data, len);
	*ret_used = n;
	if (n > FRAME_MAX)
		return -EMSGSIZE;
	if (json_items->json_scan.depth == IN_ITEMS && !json_items->item.len)
		return on_item(arg, data, n);
	rc = json_buf_add(&json_items->item, data, n);
	if (rc < 0 || json_items->json_scan.depth > IN_ITEMS)
		return rc;
	rc = on_item(arg, json_items->item.data, json_items->item.len);
	json_buf_reset(&json_items->item);
	return rc;
}

int
json_items_feed(struct json_items *json_items, const char *data, size_t len, frame_fn *on_item, void *arg)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		char c = data[i];
		int rc;

		used = 1;
		if (json_items->complete || (json_items->json_scan.depth == 0 && c != '{')) {
			if (!is_blank(c))
				return -EBADMSG;
			continue;
		}
		if (is_item_byte(json_items, c)) {
			rc = item_bytes(json_items, data + i, len - i, on_item, arg, &used);
		} else if (json_items->in_items && c != ']') {
			continue; /* between items */
		} else {
			follow(json_items, c);
			rc = json_buf_add(&json_items->frame, &c, 1);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

void
json_items_done(struct json_items *json_items)
{
	json_buf_done(&json_items->frame);
	json_buf_done(&json_items->item);
	*json_items = (struct json_items){ 0 };
}
