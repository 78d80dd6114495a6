/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_FRAMES_H
#define ARPLET_FRAMES_H

#include "nest.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Cutting a stream of bytes into JSON texts, as it arrives, so that memory holds one text and
 * never the whole answer.  Pure.
 */
#define FRAME_MAX (4u << 20) /* bytes of one watch event, or of one item of a list */

/* Bytes kept until the rest arrives.  All-zero is empty; big ones are given back when used. */
struct gather {
	char *data;
	size_t len, room;
};
/* gather_add - -EMSGSIZE when it would exceed FRAME_MAX. */
int gather_add(struct gather *gather, const char *data, size_t len)
	__attribute__((warn_unused_result));
void gather_reset(struct gather *gather); /* empty; keeps a small buffer */
void gather_done(struct gather *gather);  /* empty; frees it */

/* One text was cut out.  A negative return ends the feeding and is passed on. */
typedef int frame_fn(void *arg, const char *text, size_t len);

/* A watch: one JSON text a line.  All-zero is the start. */
struct lines {
	struct gather part;
};
/* lines_feed - 0, -EMSGSIZE for a line beyond FRAME_MAX, or what @on_line returned. */
int lines_feed(struct lines *lines, const char *data, size_t len, frame_fn *on_line, void *arg)
	__attribute__((warn_unused_result));
void lines_done(struct lines *lines);

/*
 * A list: { ..., "items": [ ITEM, ... ], ... }.  Items are handed out one by one; what is around
 * them stays in frame, a small list without items.  All-zero is the start.
 */
struct items {
	struct gather frame; /* everything but the items */
	struct gather item;  /* the one that is being read */
	struct nest nest;
	bool key_is_items; /* the last string at depth 1 was "items" */
	bool in_items;     /* inside its array */
	bool complete;     /* the closing brace was seen */
	size_t string_at;  /* in frame: where the string at depth 1 began */
};
/* items_feed - 0, -EMSGSIZE, -EBADMSG for what cannot be a list, or what @on_item returned. */
int items_feed(struct items *items, const char *data, size_t len, frame_fn *on_item, void *arg)
	__attribute__((warn_unused_result));
void items_done(struct items *items);

#endif
