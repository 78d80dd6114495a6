/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_node.h"

#include "arplet/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
yaml_entry_cmp(const struct yaml_entry *a, const struct yaml_entry *b)
{
	size_t len = a->key_len < b->key_len ? a->key_len : b->key_len;
	int order = memcmp(a->key, b->key, len);

	return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

RB_GENERATE(yaml_entries, yaml_entry, by_key, yaml_entry_cmp)

struct yaml_node *
yaml_get(struct yaml_node *map, const char *key)
{
	struct yaml_entry want = { .key = key, .key_len = strlen(key) }, *found;

	if (!map || map->type != YAML_MAP)
		return NULL;
	found = RB_FIND(yaml_entries, &map->entries, &want);
	return found ? found->value : NULL;
}

bool
yaml_is(struct yaml_node *node, const char *text)
{
	return node && node->type == YAML_STRING && node->len == strlen(text) &&
	    memcmp(node->text, text, node->len) == 0;
}

void
yaml_write_string(const char *text, size_t len, FILE *out)
{
	putc('"', out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			putc('\\', out);
		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

/* Subtract @n bytes from the budget; false if the budget is too small. */
static bool
spend(size_t *budget, size_t n)
{
	if (*budget < n)
		return false;
	*budget -= n;
	return true;
}

static int write_node(struct yaml_node *node, FILE *out, size_t *budget, int depth);

static int
write_entries(struct yaml_node *map, FILE *out, size_t *budget, int depth)
{
	struct yaml_entry *entry;
	const char *comma = "";
	int rc = 0;

	RB_FOREACH(entry, yaml_entries, &map->entries) {
		if (!spend(budget, entry->key_len))
			return -E2BIG;
		fputs(comma, out);
		comma = ",";
		yaml_write_string(entry->key, entry->key_len, out);
		putc(':', out);
		rc = write_node(entry->value, out, budget, depth);
		if (rc < 0)
			break;
	}
	return rc;
}

static int
write_items(struct yaml_node *seq, FILE *out, size_t *budget, int depth)
{
	struct yaml_entry *item;
	const char *comma = "";
	int rc = 0;

	STAILQ_FOREACH(item, &seq->items, next) {
		fputs(comma, out);
		comma = ",";
		rc = write_node(item->value, out, budget, depth);
		if (rc < 0)
			break;
	}
	return rc;
}

static int
write_node(struct yaml_node *node, FILE *out, size_t *budget, int depth)
{
	int rc = 0;

	if (depth == YAML_DEPTH_MAX)
		return -ELOOP;
	if (!spend(budget, 1 + node->len))
		return -E2BIG;
	switch (node->type) {
	case YAML_LITERAL:
		fputs(node->text, out);
		break;
	case YAML_STRING:
		yaml_write_string(node->text, node->len, out);
		break;
	case YAML_SEQ:
		putc('[', out);
		rc = write_items(node, out, budget, depth + 1);
		putc(']', out);
		break;
	case YAML_MAP:
		putc('{', out);
		rc = write_entries(node, out, budget, depth + 1);
		putc('}', out);
		break;
	}
	return rc;
}

int
yaml_write_json(struct yaml_node *node, FILE *out, size_t *budget, struct err *err)
{
	int rc = write_node(node, out, budget, 0);

	if (rc == -ELOOP)
		return err_set(err, rc, "nested deeper than %d levels", YAML_DEPTH_MAX);
	if (rc < 0)
		return err_set(err, rc, "its aliases expand to too much text");
	return 0;
}

/*
 * Return the item of @seq for "[INDEX]" at the start of @path; NULL: none.  *@ret_end points to the
 * rest of @path.
 */
static struct yaml_node *
item_at(struct yaml_node *seq, const char *path, const char **ret_end)
{
	char *end;
	unsigned long index = strtoul(path + 1, &end, 10);
	struct yaml_entry *item;

	if (seq->type != YAML_SEQ || *end != ']')
		return NULL;
	*ret_end = end + 1;
	STAILQ_FOREACH(item, &seq->items, next) {
		if (index-- == 0)
			return item->value;
	}
	return NULL;
}

/*
 * Return the value whose key is the start of @path.  Several keys can match, because keys can
 * contain dots; then the longest matching key counts.
 */
static struct yaml_node *
entry_at(struct yaml_node *map, const char *path, const char **ret_end)
{
	struct yaml_entry *entry;
	size_t longest = 0;
	struct yaml_node *found = NULL;

	if (map->type != YAML_MAP)
		return NULL;
	path += *path == '.';
	RB_FOREACH(entry, yaml_entries, &map->entries) {
		size_t n = entry->key_len;

		if (n > longest && strncmp(path, entry->key, n) == 0 && strchr(".[: ", path[n])) {
			longest = n;
			found = entry->value;
			*ret_end = path + n;
		}
	}
	return found;
}

/* Return the value whose quoted key, such as ["a.b/c"], is the start of @path. */
static struct yaml_node *
quoted_at(struct yaml_node *map, const char *path, const char **ret_end)
{
	const char *key = path + 2, *end = strstr(key, "\"]");
	struct yaml_entry *entry;

	if (map->type != YAML_MAP || !end)
		return NULL;
	RB_FOREACH(entry, yaml_entries, &map->entries) {
		if (entry->key_len == (size_t)(end - key) &&
		    !memcmp(entry->key, key, entry->key_len)) {
			*ret_end = end + 2;
			return entry->value;
		}
	}
	return NULL;
}

unsigned int
yaml_line_of(const struct yaml_doc *doc, const char *path)
{
	struct yaml_node *node = doc->root;
	unsigned int line = doc->line;

	while (node) {
		line = node->line;
		if (strncmp(path, "[\"", 2) == 0)
			node = quoted_at(node, path, &path);
		else if (*path == '[')
			node = item_at(node, path, &path);
		else
			node = entry_at(node, path, &path);
	}
	return line;
}
