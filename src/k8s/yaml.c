/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/yaml.h"

#include "yaml_compose.h"

#include <stdlib.h>
#include <string.h>

/*
 * Maximum size of the JSON of a YAML stream of @len bytes.  Without this limit, nested aliases
 * could fill the memory.
 */
#define EXPANSION(len) ((len) * 10 + (1 << 20))

struct yaml_reader {
	struct composer composer;
	struct yaml_doc doc;
	size_t budget; /* bytes of JSON that may still be written */
	void (*on_doc)(void *arg, const struct yaml_doc *doc);
	void *arg;
};

static void
report_error(struct yaml_reader *r, unsigned int line, const struct err *err)
{
	r->doc.line = line;
	r->doc.error = err->text;
	r->on_doc(r->arg, &r->doc);
}

/* Pass @obj to on_doc as JSON. */
static void
report_object(struct yaml_reader *r, struct yaml_node *obj)
{
	struct err err;
	char *json = NULL;
	size_t len;
	FILE *out = open_memstream(&json, &len);
	int rc;

	if (!out)
		abort();
	r->doc.root = obj;
	rc = yaml_write_json(obj, out, &r->budget, &err);
	if (fclose(out) != 0)
		abort();
	if (rc < 0) {
		report_error(r, obj->line, &err);
	} else {
		r->doc.line = obj->line;
		r->doc.json = json;
		r->on_doc(r->arg, &r->doc);
	}
	free(json);
	r->doc.json = r->doc.error = NULL;
}

static void
put_string(struct composer *c, struct yaml_node *map, const char *key, const char *text, size_t len)
{
	struct yaml_entry *entry = arena_alloc(&c->mem, sizeof(*entry));
	struct yaml_node *node = arena_alloc(&c->mem, sizeof(*node));

	node->type = YAML_STRING;
	node->line = map->line;
	node->text = text;
	node->len = len;
	*entry = (struct yaml_entry){ .key = key, .key_len = strlen(key), .value = node };
	/* if @map already has this key, RB_INSERT() keeps the old entry */
	RB_INSERT(yaml_entries, &map->entries, entry);
}

/* The API server omits kind and apiVersion in the items of a ServiceList: add both. */
static void
report_list(struct yaml_reader *r, struct yaml_node *list, struct yaml_node *items)
{
	struct yaml_node *kind = yaml_get(list, "kind"), *version = yaml_get(list, "apiVersion");
	struct yaml_entry *item;

	r->doc.item = 0;
	STAILQ_FOREACH(item, &items->items, next) {
		struct yaml_node *obj = item->value;

		r->doc.item++;
		if (obj->type == YAML_MAP && kind->len > strlen("List") && version) {
			put_string(&r->composer, obj, "apiVersion", version->text, version->len);
			put_string(&r->composer, obj, "kind", kind->text,
			    kind->len - strlen("List"));
		}
		report_object(r, obj);
	}
	r->doc.item = 0;
}

/* The items of a List, or of any kind that ends in "List"; NULL if @root has no such items. */
static struct yaml_node *
list_items(struct yaml_node *root)
{
	struct yaml_node *kind = yaml_get(root, "kind"), *items = yaml_get(root, "items");
	size_t n = strlen("List");

	if (!kind || kind->type != YAML_STRING || kind->len < n || !items ||
	    items->type != YAML_SEQ || memcmp(kind->text + kind->len - n, "List", n) != 0)
		return NULL;
	return items;
}

static bool
is_empty(const struct yaml_node *root)
{
	return root->type == YAML_LITERAL && strcmp(root->text, "null") == 0;
}

static void
read_documents(struct yaml_reader *r)
{
	for (;;) {
		struct yaml_node *root = composer_next(&r->composer), *items;

		r->doc.number++;
		if (!root && !r->composer.err.text[0])
			return;
		if (!root) {
			report_error(r, r->composer.line, &r->composer.err);
			r->doc.error = NULL;
			continue;
		}
		items = list_items(root);
		if (items)
			report_list(r, root, items);
		else if (!is_empty(root))
			report_object(r, root);
		r->doc.root = NULL;
	}
}

/* Read the escape \uXXXX at @p; false if @p is no such escape. */
static bool
read_escape(const char *p, const char *end, unsigned int *ret)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	unsigned int value = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return false;
	for (int i = 2; i < 6; i++) {
		const char *d = strchr(digits, p[i]);

		if (!d || !*d)
			return false;
		value = value * 16 + (unsigned int)(d - digits < 16 ? d - digits : d - digits - 6);
	}
	*ret = value;
	return true;
}

/*
 * JSON writes U+1F600 as a surrogate pair, \ud83d\ude00, which YAML does not have: replace each
 * pair by the same character in UTF-8.  Returns the new length.
 */
static size_t
join_surrogates(char *text, size_t len)
{
	const char *end = text + len, *p = text;
	char *to = text;

	while (p < end) {
		unsigned int high, low;

		if (read_escape(p, end, &high) && high >> 10 == 0xd800 >> 10 &&
		    read_escape(p + 6, end, &low) && low >> 10 == 0xdc00 >> 10) {
			unsigned int c = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));

			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
			*to++ = (char)(0x80 | (c >> 6 & 0x3f));
			*to++ = (char)(0x80 | (c & 0x3f));
			p += 12;
			continue;
		}
		if (*p == '\\' && p + 1 < end)
			*to++ = *p++;	/* an escaped backslash does not start an escape */
		*to++ = *p++;
	}
	return (size_t)(to - text);
}

void
yaml_read(const char *text, size_t len, void (*on_doc)(void *arg, const struct yaml_doc *doc),
    void *arg)
{
	struct yaml_reader r = { .budget = EXPANSION(len), .on_doc = on_doc, .arg = arg };
	char *copy = memcpy(xcalloc(len + 1, 1), text, len);

	if (copy[strspn(copy, " \t\r\n")] == '{')
		len = join_surrogates(copy, len);
	composer_init(&r.composer, copy, len);
	read_documents(&r);
	composer_done(&r.composer);
	free(copy);
}
