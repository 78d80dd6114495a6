/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_FILTER_H
#define K8S_JSON_FILTER_H

#include "json_buf.h"
#include "json_skip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Copies the wanted members of a JSON text, while the text arrives in pieces.  All other members
 * are only scanned.  So the memory that an object needs depends on its wanted members, and not on
 * its size.  Each byte is read once.  Pure.
 *
 * Each repeated part has its own limit, and the copy stays valid JSON if a limit is exceeded: the
 * filter omits further members and elements, and the end of a long string.  The code that decodes
 * the copy has lower limits, so it notices that something is missing.
 *
 * In the wanted members, the filter checks the order of keys, values, commas and brackets.  In the
 * other members, it checks only that each bracket is closed by a bracket of its type.
 */
#define FILTER_DEPTH 64     /* wanted values that are nested more deeply are omitted */
#define FILTER_KEY_MAX 512  /* members with a longer key are omitted, bytes */
#define FILTER_TEXT_MAX 1025 /* longest string if json_want.max_text is 0, characters and escapes */

/*
 * A wanted member of an object.  A list of wanted members ends with a zeroed struct.  The first
 * struct that fits the key of a member counts.
 */
struct json_want {
	const char *key; /* key of the member, as written in JSON; "": every key */
	/*
	 * wanted members of the value, if the value is an object or a list of objects; NULL: the
	 * whole value
	 */
	const struct json_want *in;
	enum json_want_how {
		WANT_MEMBER,
		WANT_PREFIX, /* all members whose keys start with @key */
		WANT_FIRST,  /* the first member whose key starts with @key; of its text, one byte */
		WANT_DROP,   /* not wanted; for an exception from "" */
		/* a list whose elements are objects: each is passed to the callback */
		WANT_ITEMS,
	} how;
	uint32_t max_text; /* longest string, in characters and escapes; 0: FILTER_TEXT_MAX */
	uint32_t max_n;    /* most elements or members of the value; 0: no limit */
	/*
	 * Omit the object that contains this member, unless the text of the member starts with
	 * @must.  A quote at the end of @must stands for the end of the text.  NULL: no condition.
	 */
	const char *must;
};

/*
 * Receives one text, which is a list's item or a watch's event.  @cut is true if the text lacks
 * wanted members, because it would be longer than the limit.  If the callback returns a negative
 * value, json_filter_feed() stops and returns this value.
 */
typedef int json_filter_fn(void *arg, const char *text, size_t len, bool cut);

enum json_filter_state {
	FILTER_VALUE,      /* a value must begin */
	FILTER_ELEMENT,    /* after '[': a value, or ']' */
	FILTER_MEMBER,     /* after '{': a key, or '}' */
	FILTER_KEY,        /* after ',' in an object: a key */
	FILTER_COLON,      /* after a key */
	FILTER_COMMA,      /* after a value: ',' or a closing bracket */
	FILTER_END,        /* after the end of a list */
	FILTER_IN_KEY,     /* the states from here on are inside of a key or a value */
	FILTER_IN_STRING,  /* in a wanted string */
	FILTER_CUT_STRING, /* in the part of a wanted string that is longer than its limit */
	FILTER_IN_SCALAR,  /* in a wanted number, true, false or null */
	FILTER_SKIP,       /* in a value that is not wanted */
};

struct json_level {
	const struct json_want *want; /* the value that this level is in */
	size_t undo;     /* length of the copy before the value */
	uint32_t n;      /* copied members or elements */
	bool undo_cut;   /* json_filter.cut before the value */
	bool array;
	bool got_first;  /* a member WANT_FIRST was copied */
	bool drop;       /* a member lacks its json_want.must */
};

struct json_filter {
	const struct json_want *root; /* describes the whole text */
	bool lines;                   /* the text is a sequence of objects (a watch) */
	size_t max_len;               /* longest copy of an object, bytes */
	json_filter_fn *on_text;
	void *arg;

	struct json_buf out; /* the copy; after a list, all of the list except its items */
	bool cut;
	bool complete; /* the closing bracket of a list was read */
	enum json_filter_state state;
	const struct json_want *want; /* the present value; NULL: it is not wanted */
	unsigned int depth;
	struct json_level levels[FILTER_DEPTH];
	size_t item_at;   /* where the present item starts in out */
	size_t string_at; /* where the present string or scalar starts in out */
	uint32_t text_left; /* rest of the limit of the present string, characters and escapes */
	uint8_t escape;     /* bytes of an escape sequence that are still to come */
	bool escape_starts; /* a backslash was read */
	bool key_bad;       /* the present key has an escape, or is too long */
	size_t key_len;
	char key[FILTER_KEY_MAX];
	struct json_skip skip;
};

/*
 * json_filter_init - prepare to read a list (@lines is false) or the body of a watch.  The filter
 * keeps @root, whose member in has the wanted members of the text.
 */
void json_filter_init(struct json_filter *filter, const struct json_want *root, bool lines,
    size_t max_len, json_filter_fn *on_text, void *arg);
/* json_filter_feed - read the next piece.  -EBADMSG: the text is not JSON, or not a list. */
int json_filter_feed(struct json_filter *filter, const char *data, size_t len)
	__attribute__((warn_unused_result));
void json_filter_reset(struct json_filter *filter); /* back to the start of a text */
void json_filter_done(struct json_filter *filter);

#endif
