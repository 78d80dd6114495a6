/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_compose.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAG "tag:yaml.org,2002:"

struct yaml_anchor {
	SLIST_ENTRY(yaml_anchor) next;
	const char *name;
	struct yaml_node *node;
};

static struct yaml_node *compose(struct composer *c, const yaml_event_t *event, int depth);

/* Set an error in line @mark (0 is the first line); returns NULL. */
__attribute__((format(printf, 3, 4))) static struct yaml_node *
refuse(struct composer *c, size_t mark, const char *fmt, ...)
{
	va_list ap;

	c->line = (unsigned int)mark + 1;
	va_start(ap, fmt);
	vsnprintf(c->err.text, sizeof(c->err.text), fmt, ap);
	va_end(ap);
	return NULL;
}

static struct yaml_node *
node_new(struct composer *c, const yaml_event_t *event, int type)
{
	struct yaml_node *node = arena_alloc(&c->mem, sizeof(*node));

	node->type = type;
	node->line = (unsigned int)event->start_mark.line + 1;
	STAILQ_INIT(&node->items);
	RB_INIT(&node->entries);
	return node;
}

static size_t
lines_before(const char *text, size_t offset)
{
	size_t lines = 0;

	for (size_t i = 0; i < offset; i++)
		lines += text[i] == '\n';
	return lines;
}

/* Return a likely cause of a syntax error in line @mark, to append to the parser's message. */
static const char *
hint(const struct composer *c, size_t mark)
{
	const char *line = c->text, *tab, *braces, *end;

	while (mark && (line = strchr(line, '\n'))) {
		line++;
		mark--;
	}
	if (!line)
		return "";
	end = line + strcspn(line, "\n");
	tab = memchr(line, '\t', strspn(line, " \t-"));
	braces = strstr(line, "{{");
	if (tab)
		return " (YAML indentation must be spaces; this line has a tab)";
	if (braces && braces < end)
		return " ({{ looks like a template; render it first)";
	return "";
}

/*
 * Call yaml_parser_parse().  If the parser fails, set the error in @c, empty @event, and return
 * false.
 */
static bool
next_event(struct composer *c, yaml_event_t *event)
{
	const yaml_parser_t *p = &c->parser;

	if (yaml_parser_parse(&c->parser, event))
		return true;
	c->broken = true;
	if (p->error == YAML_READER_ERROR)
		refuse(c, lines_before(c->text, p->problem_offset), "not UTF-8 text: %s",
		    p->problem);
	else if (p->context)
		refuse(c, p->problem_mark.line, "%s: %s%s", p->context, p->problem,
		    hint(c, p->problem_mark.line));
	else
		refuse(c, p->problem_mark.line, "%s%s", p->problem ? p->problem : "cannot be read",
		    hint(c, p->problem_mark.line));
	return false;
}

static struct yaml_node *
find_alias(struct composer *c, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct yaml_anchor *anchor;

	SLIST_FOREACH(anchor, &c->anchors, next) {
		if (strcmp(anchor->name, name) == 0)
			return anchor->node;
	}
	return refuse(c, event->start_mark.line,
	    "the alias *%.100s has no anchor before it", name);
}

/*
 * Register the anchor of a node only when the node is complete, so that no alias inside the node
 * can refer to the node itself.
 */
static void
keep_anchor(struct composer *c, const char *name, struct yaml_node *node)
{
	struct yaml_anchor *anchor = arena_alloc(&c->mem, sizeof(*anchor));

	anchor->name = name;
	anchor->node = node;
	/* find_alias() must find the latest anchor of a name first */
	SLIST_INSERT_HEAD(&c->anchors, anchor, next);
}

static struct yaml_node *
compose_scalar(struct composer *c, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value, *json = NULL;
	const char *tag = (const char *)event->data.scalar.tag;
	size_t len = event->data.scalar.length, line = event->start_mark.line;
	struct yaml_node *node = node_new(c, event, YAML_STRING);
	bool typed = false;

	if (tag && strncmp(tag, TAG, strlen(TAG)) == 0) {
		tag += strlen(TAG);
		typed = !strcmp(tag, "int") || !strcmp(tag, "float") || !strcmp(tag, "bool") ||
		    !strcmp(tag, "null");
		if (!typed && strcmp(tag, "str") != 0)
			return refuse(c, line, "the tag !!%.100s is not supported in a manifest",
			    tag);
	}
	if (typed || event->data.scalar.plain_implicit)
		json = yaml_resolve(text, len, &c->mem);
	if (json ? !*json : typed)
		return refuse(c, line, "\"%.100s\" is not a value that JSON can represent", text);
	if (json) {
		node->type = YAML_LITERAL;
		node->text = json;
		node->len = strlen(json);
		return node;
	}
	node->text = memcpy(arena_alloc(&c->mem, len + 1), text, len);
	node->len = len;
	return node;
}

static struct yaml_node *
compose_sequence(struct composer *c, struct yaml_node *seq, int depth)
{
	yaml_event_t event;

	for (;;) {
		struct yaml_entry *item;
		struct yaml_node *value;

		if (!next_event(c, &event))
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		value = compose(c, &event, depth);
		yaml_event_delete(&event);
		if (!value)
			return NULL;
		item = arena_alloc(&c->mem, sizeof(*item));
		item->value = value;
		STAILQ_INSERT_TAIL(&seq->items, item, next);
	}
	yaml_event_delete(&event);
	return seq;
}

/* Copy the entries of @from to @map, except those whose key @map already has.  NULL: error. */
static struct yaml_node *
merge_one(struct composer *c, struct yaml_node *map, struct yaml_node *from, unsigned int line)
{
	struct yaml_entry *entry;

	if (from->type != YAML_MAP)
		return refuse(c, line - 1,
		    "the value of << must be a mapping or a list of mappings");
	RB_FOREACH(entry, yaml_entries, &from->entries) {
		struct yaml_entry *copy;

		if (c->merges++ == YAML_MERGES_MAX)
			return refuse(c, line - 1,
			    "its merge keys (<<) expand to too many entries");
		copy = arena_alloc(&c->mem, sizeof(*copy));
		*copy = *entry;
		/* RB_INSERT() keeps an existing entry */
		RB_INSERT(yaml_entries, &map->entries, copy);
	}
	return map;
}

static struct yaml_node *
merge(struct composer *c, struct yaml_node *map, struct yaml_node *from)
{
	struct yaml_entry *item;

	if (from->type != YAML_SEQ)
		return merge_one(c, map, from, from->line);
	STAILQ_FOREACH(item, &from->items, next) {
		if (!merge_one(c, map, item->value, from->line))
			return NULL;
	}
	return map;
}

/* Read the key of a mapping's entry: a string, or the text of a number or boolean.  NULL: error. */
static struct yaml_node *
compose_key(struct composer *c, const yaml_event_t *event)
{
	struct yaml_node *key = NULL;

	if (event->type == YAML_SCALAR_EVENT || event->type == YAML_ALIAS_EVENT) {
		key = compose(c, event, 0);
		if (!key)
			return NULL;
	}
	if (!key || key->type > YAML_STRING ||
	    (key->type == YAML_LITERAL && strcmp(key->text, "null") == 0))
		return refuse(c, event->start_mark.line, "a key must be a string%s",
		    hint(c, event->start_mark.line));
	return key;
}

static bool
is_merge_key(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT && event->data.scalar.plain_implicit &&
	    strcmp((const char *)event->data.scalar.value, "<<") == 0;
}

/*
 * Read the key in @event and its value, and add both to @map.  The value of the key `<<` is stored
 * in *@ret_merge instead.  False: error.
 */
static bool
compose_entry(struct composer *c, struct yaml_node *map, const yaml_event_t *event, int depth,
    struct yaml_node **ret_merge)
{
	struct yaml_node *key = compose_key(c, event), *value;
	struct yaml_entry *entry;
	yaml_event_t next;

	if (!key || !next_event(c, &next))
		return false;
	value = compose(c, &next, depth);
	yaml_event_delete(&next);
	if (!value)
		return false;
	if (is_merge_key(event) && !*ret_merge) {
		*ret_merge = value;
		return true;
	}
	entry = arena_alloc(&c->mem, sizeof(*entry));
	*entry = (struct yaml_entry){ .key = key->text, .key_len = key->len, .value = value };
	if (!is_merge_key(event) && !RB_INSERT(yaml_entries, &map->entries, entry))
		return true;
	refuse(c, event->start_mark.line, "duplicate key \"%.100s\"", key->text);
	return false;
}

static struct yaml_node *
compose_mapping(struct composer *c, struct yaml_node *map, int depth)
{
	struct yaml_node *merged = NULL;
	yaml_event_t event;

	for (;;) {
		bool ok;

		if (!next_event(c, &event))
			return NULL;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		ok = compose_entry(c, map, &event, depth, &merged);
		yaml_event_delete(&event);
		if (!ok)
			return NULL;
	}
	yaml_event_delete(&event);
	return merged ? merge(c, map, merged) : map;
}

/* Build a node from @event, which begins the node, and from the following events.  NULL: error. */
static struct yaml_node *
compose(struct composer *c, const yaml_event_t *event, int depth)
{
	const yaml_char_t *anchor = NULL;
	struct yaml_node *node = NULL;

	if (depth == YAML_DEPTH_MAX)
		return refuse(c, event->start_mark.line, "nested deeper than %d levels",
		    YAML_DEPTH_MAX);
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return find_alias(c, event);
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		node = compose_scalar(c, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		node = compose_sequence(c, node_new(c, event, YAML_SEQ), depth + 1);
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		node = compose_mapping(c, node_new(c, event, YAML_MAP), depth + 1);
		break;
	default:
		return refuse(c, event->start_mark.line, "cannot be read");
	}
	if (node && anchor)
		keep_anchor(c, arena_strdup(&c->mem, (const char *)anchor), node);
	return node;
}

/* Skip the rest of a document that has an error. */
static void
skip_document(struct composer *c)
{
	struct err first = c->err;
	unsigned int line = c->line;
	bool end = c->broken;

	while (!end) {
		yaml_event_t event;

		end = !next_event(c, &event) || event.type == YAML_DOCUMENT_END_EVENT ||
		    event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	c->err = first;
	c->line = line;
}

struct yaml_node *
composer_next(struct composer *c)
{
	struct yaml_node *root = NULL;
	bool reading = !c->broken, found = false;
	yaml_event_t event;

	c->err.text[0] = '\0';
	arena_done(&c->mem);
	SLIST_INIT(&c->anchors);
	c->merges = 0;
	while (reading && !found && next_event(c, &event)) {
		found = event.type != YAML_STREAM_START_EVENT &&
		    event.type != YAML_DOCUMENT_START_EVENT &&
		    event.type != YAML_DOCUMENT_END_EVENT;
		reading = event.type != YAML_STREAM_END_EVENT;
		if (found && reading)
			root = compose(c, &event, 0);
		yaml_event_delete(&event);
	}
	if (c->err.text[0])
		skip_document(c);
	return root;
}

void
composer_init(struct composer *c, const char *text, size_t len)
{
	*c = (struct composer){ .text = text };
	if (!yaml_parser_initialize(&c->parser))
		abort();
	yaml_parser_set_encoding(&c->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&c->parser, (const unsigned char *)text, len);
}

void
composer_done(struct composer *c)
{
	arena_done(&c->mem);
	yaml_parser_delete(&c->parser);
}
