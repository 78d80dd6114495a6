/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_STREAM_H
#define K8S_JSON_STREAM_H

#include "json_scan.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Cuts a stream of bytes into JSON texts as it arrives, so that memory holds one text and never the
 * whole answer.  Pure.
 */
#define FRAME_MAX (4u << 20) /* bytes of one watch event, or of one item of a list */

/* Bytes of an incomplete text.  All-zero: empty. */
struct json_buf {
	char *data;
	size_t len, room;
};
/* json_buf_add - append; -EMSGSIZE beyond FRAME_MAX. */
int json_buf_add(struct json_buf *buf, const char *data, size_t len)
	__attribute__((warn_unused_result));
void json_buf_reset(struct json_buf *buf); /* empty it; free its memory if that is large */
void json_buf_done(struct json_buf *buf);  /* empty it and free its memory */

/* Receives one complete text.  A negative return value stops the feeding, which returns it. */
typedef int json_text_fn(void *arg, const char *text, size_t len);

/* The body of a watch: one JSON text per line.  All-zero: at the start. */
struct json_lines {
	struct json_buf part;
};
/* json_lines_feed - 0; -EMSGSIZE for a line beyond FRAME_MAX; or the return value of @on_line. */
int json_lines_feed(struct json_lines *lines, const char *data, size_t len, json_text_fn *on_line,
    void *arg) __attribute__((warn_unused_result));
void json_lines_done(struct json_lines *lines);

/*
 * The body of a list: { ..., "items": [ ITEM, ... ], ... }.  Each item goes to the callback; the
 * other bytes stay in frame, as a list without items.  All-zero: at the start.
 */
struct json_items {
	struct json_buf frame; /* all bytes except the items */
	struct json_buf item;  /* the item that is incomplete */
	struct json_scan scan;
	bool key_is_items; /* the last string at depth 1 was "items" */
	bool in_items;     /* inside the array "items" */
	bool complete;     /* the closing brace of the list was read */
	size_t string_at;  /* offset in frame of the last string at depth 1 */
};
/*
 * json_items_feed - 0; -EMSGSIZE for an item beyond FRAME_MAX; -EBADMSG if the text is no list; or
 * the return value of @on_item.
 */
int json_items_feed(struct json_items *items, const char *data, size_t len, json_text_fn *on_item,
    void *arg) __attribute__((warn_unused_result));
void json_items_done(struct json_items *items);

#endif
