/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include "arplet/decode.h"
#include "arplet/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bsd/sys/tree.h>

#define FILE_MAX (64u << 20)
#define NODE_NAME "this-node"
#define NS_LABEL "kubernetes.io/metadata.name" /* which the API server gives to Namespaces */

/* Where an object came from; obj is NULL once the world has it. */
struct file_object {
	RB_ENTRY(file_object) link;
	enum kind kind;
	char *ns, *name;
	char *where; /* "FILE: document N, line L" */
	struct object *obj;
};
RB_HEAD(file_objects, file_object);

struct files {
	struct file_objects objects;
	const char *pool_ns;
	FILE *notes;
	const char *file; /* the one being read */
	size_t n_errors, n_foreign;
};

static int
file_object_cmp(const struct file_object *a, const struct file_object *b)
{
	int order = (int)a->kind - (int)b->kind;

	if (!order)
		order = strcmp(a->ns, b->ns);
	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(file_objects, file_object, link, file_object_cmp)
RB_GENERATE(file_objects, file_object, link, file_object_cmp)

static void
file_object_free(struct file_object *fo)
{
	object_free(fo->obj);
	free(fo->ns);
	free(fo->name);
	free(fo->where);
	free(fo);
}

/* "Kind ns/name" or "Kind name", as kubectl's users read it. */
static char *
title(enum kind kind, const char *ns, const char *name)
{
	char *text;

	if (asprintf(&text, "%s %s%s%s", kind_info[kind].kind, ns, *ns ? "/" : "", name) < 0)
		abort();
	return text;
}

static void
complain(struct files *files, const char *where, enum kind kind, const char *ns,
    const char *name, const char *why)
{
	char *what = title(kind, ns, name);

	files->n_errors++;
	fprintf(files->notes, "%s (%s): %s\n", where, what, why);
	free(what);
}

/* "FILE: document 2, item 3, line 14"; the item only in a List. */
static char *
where(const struct files *files, const struct yaml_doc *doc, unsigned int line)
{
	char item[32] = "", *text;

	if (doc->item)
		snprintf(item, sizeof(item), ", item %u", doc->item);
	if (asprintf(&text, "%s: document %u%s, line %u", files->file, doc->number, item, line) < 0)
		abort();
	return text;
}

static const char *
default_ns(const struct files *files, const struct object *obj)
{
	if (!kind_info[obj->kind].namespaced)
		return "";
	if (obj->meta.ns[0])
		return obj->meta.ns;
	return obj->kind == KIND_SERVICE || obj->kind == KIND_SLICE ? "default" : files->pool_ns;
}

/* Keeps the object; one of the same name that was read before goes. */
static void
keep(struct files *files, struct object *obj, char *its_where)
{
	struct file_object *fo = xcalloc(1, sizeof(*fo)), *old;

	*fo = (struct file_object){ .kind = obj->kind, .ns = xstrdup(obj->meta.ns),
		.name = xstrdup(obj->meta.name), .where = its_where, .obj = obj };
	old = RB_INSERT(file_objects, &files->objects, fo);
	if (!old)
		return;
	fprintf(files->notes, "note: %s replaces %s/%s of %s\n", fo->where,
	    kind_info[fo->kind].kind, fo->name, old->where);
	RB_REMOVE(file_objects, &files->objects, old);
	file_object_free(old);
	RB_INSERT(file_objects, &files->objects, fo);
}

/* Completes a decoded object as the API server would, and keeps it if it can be used. */
static void
take_object(struct files *files, const struct yaml_doc *doc, struct object *obj)
{
	bool config = obj->kind == KIND_POOL || obj->kind == KIND_L2ADV;
	char *its_where;

	obj->meta.ns = arena_strdup(&obj->mem, default_ns(files, obj));
	its_where = where(files, doc, obj->bad ? yaml_line_of(doc, obj->bad) : doc->line);
	if (obj->bad) {
		complain(files, its_where, obj->kind, obj->meta.ns, obj->meta.name, obj->bad);
	} else if (config && strcmp(obj->meta.ns, files->pool_ns) != 0) {
		fprintf(files->notes, "note: %s: %s/%s is left out: only namespace %s is read for "
		    "it (--namespace)\n", its_where, kind_info[obj->kind].kind, obj->meta.name,
		    files->pool_ns);
	} else {
		if (obj->kind == KIND_NODE && !obj->u.node.ready_known)
			obj->u.node.ready = true;
		keep(files, obj, its_where);
		return;
	}
	free(its_where);
	object_free(obj);
}

static void
on_doc(void *arg, const struct yaml_doc *doc)
{
	struct files *files = arg;
	struct object *obj;
	struct err err = { "" };
	char *its_where;
	int rc;

	if (doc->error) {
		rc = err_set(&err, -EBADMSG, "%s", doc->error);
	} else if (doc->json[0] != '{') {
		rc = err_set(&err, -EBADMSG, "must be an object, with apiVersion, kind and metadata");
	} else {
		rc = decode_object(doc->json, strlen(doc->json), DECODE_KEEP_RAW, &obj, &err);
		if (rc >= 0) {
			take_object(files, doc, obj);
			return;
		}
	}
	if (rc == -ENOTSUP) {
		files->n_foreign++;
		return;
	}
	its_where = where(files, doc, doc->error ? doc->line : yaml_line_of(doc, err.text));
	files->n_errors++;
	fprintf(files->notes, "%s: %s\n", its_where, err.text);
	free(its_where);
}

static void
cannot_read(struct files *files, const char *why)
{
	files->n_errors++;
	fprintf(files->notes, "%s: %s\n", files->file, why);
}

static void
read_stream(struct files *files, FILE *in)
{
	size_t room = 0, len = 0, got;
	char *text = NULL;

	do {
		if (len == room) {
			room = room ? room * 2 : 65536;
			text = xrealloc(text, room, 1);
		}
		got = fread(text + len, 1, room - len, in);
		len += got;
	} while (got && len <= FILE_MAX);
	if (ferror(in))
		cannot_read(files, strerror(errno));
	else if (len > FILE_MAX)
		cannot_read(files, "is larger than 64 MiB");
	else
		yaml_read(text, len, on_doc, files);
	free(text);
}

static void
read_file(struct files *files, const char *name)
{
	FILE *in = fopen(name, "re");

	files->file = name;
	if (!in) {
		cannot_read(files, strerror(errno));
		return;
	}
	read_stream(files, in);
	fclose(in);
}

static int
is_manifest(const struct dirent *entry)
{
	const char *suffix = strrchr(entry->d_name, '.');

	return suffix && (!strcmp(suffix, ".yaml") || !strcmp(suffix, ".yml") ||
	    !strcmp(suffix, ".json"));
}

static void
read_folder(struct files *files, const char *name)
{
	struct dirent **entries;
	int n = scandir(name, &entries, is_manifest, alphasort);

	files->file = name;
	if (n <= 0)
		cannot_read(files, n ? strerror(errno) : "the folder has no *.yaml, *.yml or *.json");
	for (int i = 0; i < n; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", name, entries[i]->d_name) < 0)
			abort();
		read_file(files, path);
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void
read_name(struct files *files, const char *name)
{
	struct stat st;

	if (strcmp(name, "-") == 0) {
		files->file = "standard input";
		read_stream(files, stdin);
	} else if (stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
		read_folder(files, name);
	} else {
		read_file(files, name);
	}
}

struct files *
files_read(const struct option_list *names, const char *pool_ns, FILE *notes)
{
	struct files *files = xcalloc(1, sizeof(*files));

	files->pool_ns = pool_ns;
	files->notes = notes;
	for (size_t i = 0; i < names->n; i++)
		read_name(files, names->v[i]);
	files->file = NULL;
	if (files->n_foreign)
		fprintf(notes, "note: objects of other kinds are left out: %zu\n",
		    files->n_foreign);
	return files;
}

void
files_free(struct files *files)
{
	struct file_object *fo, *next;

	if (!files)
		return;
	RB_FOREACH_SAFE(fo, file_objects, &files->objects, next) {
		RB_REMOVE(file_objects, &files->objects, fo);
		file_object_free(fo);
	}
	free(files);
}

size_t
files_errors(const struct files *files)
{
	return files->n_errors;
}

static bool
has(struct files *files, enum kind kind, const char *ns, const char *name)
{
	struct file_object key = { .kind = kind, .ns = (char *)ns, .name = (char *)name };

	return RB_FIND(file_objects, &files->objects, &key);
}

static struct object *
stand_in(enum kind kind, const char *name)
{
	struct object *obj = object_new(kind, 0);

	obj->meta.name = arena_strdup(&obj->mem, name);
	return obj;
}

/* The label by which namespaceSelectors find a Namespace by its name. */
static void
add_ns_label(struct object *obj)
{
	struct labels *labels = &obj->meta.labels;
	struct label *all = arena_calloc(&obj->mem, labels->n + 1, sizeof(*all));

	if (labels_get(labels, NS_LABEL))
		return;
	for (size_t i = 0; i < labels->n; i++)
		all[i] = labels->v[i];
	all[labels->n] = (struct label){ NS_LABEL, obj->meta.name };
	*labels = (struct labels){ all, labels->n + 1 };
}

/* What every cluster has, and a folder of manifests may not.  As files_put. */
static const char *
put_stand_ins(struct files *files, struct world *world)
{
	struct file_object *fo;
	struct object *node;
	bool any_node = false;

	RB_FOREACH(fo, file_objects, &files->objects) {
		any_node |= fo->kind == KIND_NODE;
		if (fo->kind == KIND_SERVICE && !has(files, KIND_NAMESPACE, "", fo->ns) &&
		    !world_get(world, KIND_NAMESPACE, "", fo->ns)) {
			struct object *ns = stand_in(KIND_NAMESPACE, fo->ns);

			add_ns_label(ns);
			world_put(world, ns);
		}
	}
	if (any_node)
		return NULL;
	node = stand_in(KIND_NODE, NODE_NAME);
	node->u.node.ready = true;
	world_put(world, node);
	return NODE_NAME;
}

const char *
files_put(struct files *files, struct world *world)
{
	struct file_object *fo;
	const char *made_up;

	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_begin(world, kind);
	made_up = put_stand_ins(files, world);
	RB_FOREACH(fo, file_objects, &files->objects) {
		if (fo->kind == KIND_NAMESPACE)
			add_ns_label(fo->obj);
		world_put(world, fo->obj);
		fo->obj = NULL;
	}
	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_end(world, kind);
	return made_up;
}

void
files_complain(struct files *files, const struct object *obj, const char *why)
{
	struct file_object key = { .kind = obj->kind, .ns = (char *)obj->meta.ns,
		.name = (char *)obj->meta.name };
	struct file_object *fo = RB_FIND(file_objects, &files->objects, &key);

	complain(files, fo ? fo->where : "files", obj->kind, obj->meta.ns, obj->meta.name, why);
}
