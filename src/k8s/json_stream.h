/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_STREAM_H
#define K8S_JSON_STREAM_H

#include "json_scan.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Cuts a stream of bytes into JSON texts while the bytes arrive, so that only one text is in
 * memory, and never the whole answer.  Pure.
 */
#define FRAME_MAX (4u << 20) /* longest watch event or list item, bytes */

/* The bytes of a JSON text that is not yet complete.  All-zero: empty. */
struct json_buf {
	char *data;
	size_t len, room;
};
/* json_buf_add - append; -EMSGSIZE beyond FRAME_MAX. */
int json_buf_add(struct json_buf *buf, const char *data, size_t len)
	__attribute__((warn_unused_result));
void json_buf_reset(struct json_buf *buf); /* empties @buf; frees a large buffer */
void json_buf_done(struct json_buf *buf);  /* empties @buf and frees its memory */

/*
 * Receives one complete text.  If the callback returns a negative value, json_*_feed() stops and
 * returns this value.
 */
typedef int json_text_fn(void *arg, const char *text, size_t len);

/* The body of a watch: one JSON text per line.  All-zero: at the start. */
struct json_lines {
	struct json_buf part;
};
/*
 * json_lines_feed - read the next piece of a watch's body.  Returns 0, -EMSGSIZE for a line longer
 * than FRAME_MAX, or the negative return value of @on_line.
 */
int json_lines_feed(struct json_lines *lines, const char *data, size_t len, json_text_fn *on_line,
    void *arg) __attribute__((warn_unused_result));
void json_lines_done(struct json_lines *lines);

/*
 * The body of a list: { ..., "items": [ ITEM, ... ], ... }.  The callback receives each item.  The
 * buffer frame collects all other bytes, which form a list without items.  All-zero: at the start.
 */
struct json_items {
	struct json_buf frame; /* all bytes of the list except its items */
	struct json_buf item;  /* bytes of an item that is not yet complete */
	struct json_scan scan;
	bool key_is_items; /* true if the last string outside of items was "items" */
	bool in_items;     /* inside the array "items" */
	bool complete;     /* the closing brace of the list was read */
	size_t string_at;  /* where the last string starts in frame */
};
/*
 * json_items_feed - read the next piece of a list's body.  Returns 0, -EMSGSIZE for an item longer
 * than FRAME_MAX, -EBADMSG if the text is no list, or the negative return value of @on_item.
 */
int json_items_feed(struct json_items *items, const char *data, size_t len, json_text_fn *on_item,
    void *arg) __attribute__((warn_unused_result));
void json_items_done(struct json_items *items);

#endif
