/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_YAML_NODE_H
#define K8S_YAML_NODE_H

#include "arplet/arena.h"
#include "arplet/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#define YAML_DEPTH_MAX 64 /* maximum nesting; the same limit as DECODE_DEPTH_MAX */

/*
 * A YAML document in an arena.  An alias shares the node of its anchor.  A document has no cycles.
 */
struct yaml_node {
	enum {
		YAML_LITERAL, /* a number, true, false or null; its text is valid JSON */
		YAML_STRING,
		YAML_SEQ,
		YAML_MAP,
	} type;
	unsigned int line; /* from 1 */
	const char *text;
	size_t len;
	STAILQ_HEAD(yaml_items, yaml_entry) items;  /* of a sequence */
	RB_HEAD(yaml_entries, yaml_entry) entries; /* of a mapping, by key */
};

struct yaml_entry {
	STAILQ_ENTRY(yaml_entry) next;
	RB_ENTRY(yaml_entry) by_key;
	const char *key; /* NULL in a sequence */
	size_t key_len;
	struct yaml_node *value;
};

RB_PROTOTYPE(yaml_entries, yaml_entry, by_key, yaml_entry_cmp)

/* yaml_get - return the value of @key; NULL if @map is no mapping or has no such key. */
struct yaml_node *yaml_get(struct yaml_node *map, const char *key);

/* yaml_is - true if @node is the string @text. */
bool yaml_is(struct yaml_node *node, const char *text);

/*
 * yaml_write_json - write @node as JSON, and subtract the size of the JSON from *@budget.  Returns
 * a negative errno, with the reason in @err, if the size exceeds *@budget or if the nesting is too
 * deep.
 */
int yaml_write_json(struct yaml_node *node, FILE *out, size_t *budget, struct err *err)
	__attribute__((warn_unused_result));

/* yaml_write_string - write @text as a JSON string in quotes. */
void yaml_write_string(const char *text, size_t len, FILE *out);

/*
 * yaml_resolve - return the JSON of an unquoted scalar, allocated in @mem.  NULL: the scalar is a
 * string.  "": the scalar is infinity or NaN, which JSON does not have.
 */
const char *yaml_resolve(const char *text, size_t len, struct arena *mem);

#endif
