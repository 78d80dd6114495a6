/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_STREAM_H
#define K8S_JSON_STREAM_H

#include "json_scan.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Cutting a stream of bytes into JSON texts, as it arrives, so that memory holds one text and
 * never the whole answer.  Pure.
 */
#define FRAME_MAX (4u << 20) /* bytes of one watch event, or of one item of a list */

/* Bytes kept until the rest arrives.  All-zero is empty; big ones are given back when used. */
struct json_buf {
	char *data;
	size_t len, room;
};
/* json_buf_add - -EMSGSIZE when it would exceed FRAME_MAX. */
int json_buf_add(struct json_buf *buf, const char *data, size_t len)
	__attribute__((warn_unused_result));
void json_buf_reset(struct json_buf *buf); /* empty; keeps a small buffer */
void json_buf_done(struct json_buf *buf);  /* empty; frees it */

/* One text was cut out.  A negative return ends the feeding and is passed on. */
typedef int frame_fn(void *arg, const char *text, size_t len);

/* A watch: one JSON text a line.  All-zero is the start. */
struct json_lines {
	struct json_buf part;
};
/* json_lines_feed - 0, -EMSGSIZE for a line beyond FRAME_MAX, or what @on_line returned. */
int json_lines_feed(struct json_lines *lines, const char *data, size_t len, frame_fn *on_line, void *arg)
	__attribute__((warn_unused_result));
void json_lines_done(struct json_lines *lines);

/*
 * A list: { ..., "items": [ ITEM, ... ], ... }.  Items are handed out one by one; what is around
 * them stays in frame, a small list without items.  All-zero is the start.
 */
struct json_items {
	struct json_buf frame; /* everything but the items */
	struct json_buf item;  /* the one that is being read */
	struct json_scan scan;
	bool key_is_items; /* the last string at depth 1 was "items" */
	bool in_items;     /* inside its array */
	bool complete;     /* the closing brace was seen */
	size_t string_at;  /* in frame: where the string at depth 1 began */
};
/* json_items_feed - 0, -EMSGSIZE, -EBADMSG for what cannot be a list, or what @on_item returned. */
int json_items_feed(struct json_items *items, const char *data, size_t len, frame_fn *on_item, void *arg)
	__attribute__((warn_unused_result));
void json_items_done(struct json_items *items);

#endif
