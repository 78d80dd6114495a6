/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest_files.h"

#include "arplet/decode.h"
#include "arplet/yaml.h"
#include "assumed_objects.h"
#include "find_manifests.h"
#include "util/printable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/sys/tree.h>

/* A Kubernetes object that a file contains, and its position in the file. */
struct file_object {
	RB_ENTRY(file_object) link;
	enum kind kind;
	char *ns, *name;
	char *where; /* "FILE: document N" */
	unsigned int line;
	unsigned int *lines; /* line number of each field of pool_field(); NULL: no pool */
	struct object *obj;  /* NULL after the object was put into the world */
};
RB_HEAD(file_objects, file_object);

/* A kind that arplet does not read, and the number of its objects in the files. */
struct ignored_kind {
	char *kind;
	size_t n;
};

struct manifest_files {
	struct file_objects objects;
	const char *pool_ns;
	FILE *notes;
	const char *file; /* name of the file that is being read; NULL: none */
	size_t n_errors;
	struct ignored_kind *ignored;
	size_t n_ignored;
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
	free(fo->lines);
	free(fo);
}

/* Returns "KIND NAMESPACE/NAME" or "KIND NAME", malloc'd. */
static char *
title(enum kind kind, const char *ns, const char *name)
{
	char *text;

	if (asprintf(&text, "%s %s%s%s", kind_info[kind].kind, ns, *ns ? "/" : "", name) < 0)
		abort();
	return text;
}

static void
report_error(struct manifest_files *files, const char *where, unsigned int line,
    const struct object *obj, const char *why)
{
	char *what = title(obj->kind, obj->meta.ns, obj->meta.name);

	files->n_errors++;
	fprintf(files->notes, "%s, line %u (%s): %s\n", where, line, what, why);
	free(what);
}

/* Returns a position, malloc'd: "FILE: document 2", or in a List "FILE: document 2, item 3". */
static char *
where(const struct manifest_files *files, const struct yaml_doc *doc)
{
	char item[32] = "", *text;

	if (doc->item)
		snprintf(item, sizeof(item), ", item %u", doc->item);
	if (asprintf(&text, "%s: document %u%s", files->file, doc->number, item) < 0)
		abort();
	return text;
}

/* Returns the prefix of errors about field @i of @pool: an address range or an annotation. */
static const char *
pool_field(const struct pool *pool, size_t i, char buf[64])
{
	if (i < pool->addresses.n)
		snprintf(buf, 64, "spec.addresses[%zu]:", i);
	else
		snprintf(buf, 64, "metadata.annotations[\"%s\"]:",
		    pool_annotation_keys[i - pool->addresses.n]);
	return buf;
}

/*
 * Store the line number of each field of the pool, because the world reports errors of the pool
 * after the YAML document was freed.
 */
static void
store_lines(struct file_object *fo, const struct yaml_doc *doc)
{
	const struct pool *pool = &fo->obj->u.pool;
	char field[64];

	fo->lines = xcalloc(pool->addresses.n + POOL_ANNOTATIONS, sizeof(*fo->lines));
	for (size_t i = 0; i < pool->addresses.n + POOL_ANNOTATIONS; i++)
		fo->lines[i] = yaml_line_of(doc, pool_field(pool, i, field));
}

static unsigned int
line_of(const struct file_object *fo, const struct pool *pool, const char *why)
{
	char field[64];

	for (size_t i = 0; i < pool->addresses.n + POOL_ANNOTATIONS; i++) {
		pool_field(pool, i, field);
		if (strncmp(why, field, strlen(field)) == 0)
			return fo->lines[i];
	}
	return fo->line;
}

static const char *
default_ns(const struct manifest_files *files, const struct object *obj)
{
	if (!kind_info[obj->kind].namespaced)
		return "";
	if (obj->meta.ns[0])
		return obj->meta.ns;
	return obj->kind == KIND_SERVICE || obj->kind == KIND_SLICE ? "default" : files->pool_ns;
}

/* Store the object; replace an earlier object that has the same kind, namespace and name. */
static void
store(struct manifest_files *files, const struct yaml_doc *doc, struct object *obj)
{
	struct file_object *fo = xcalloc(1, sizeof(*fo)), *old;

	*fo = (struct file_object){ .kind = obj->kind, .ns = xstrdup(obj->meta.ns),
		.name = xstrdup(obj->meta.name), .where = where(files, doc), .line = doc->line,
		.obj = obj };
	if (obj->kind == KIND_POOL)
		store_lines(fo, doc);
	old = RB_INSERT(file_objects, &files->objects, fo);
	if (!old)
		return;
	fprintf(files->notes, "note: %s, line %u replaces %s/%s of %s, line %u\n", fo->where,
	    fo->line, kind_info[fo->kind].kind, fo->name, old->where, old->line);
	RB_REMOVE(file_objects, &files->objects, old);
	file_object_free(old);
	RB_INSERT(file_objects, &files->objects, fo);
}

struct unknown_field_arg {
	struct manifest_files *files;
	const struct yaml_doc *doc;
	const struct object *obj;
};

static void
on_unknown_field(void *arg, const char *path)
{
	const struct unknown_field_arg *at = arg;
	char *its_where = where(at->files, at->doc);

	fprintf(at->files->notes, "note: %s, line %u: %s/%s: unknown field \"%s\" has no effect\n",
	    its_where, yaml_line_of(at->doc, path), kind_info[at->obj->kind].kind,
	    at->obj->meta.name, path);
	free(its_where);
}

/* Set the defaults that the API server would set, and store the object if it is valid. */
static void
add_object(struct manifest_files *files, const struct yaml_doc *doc, struct object *obj)
{
	bool config = obj->kind == KIND_POOL || obj->kind == KIND_L2ADV;
	char *its_where = where(files, doc);

	obj->meta.ns = arena_strdup(&obj->mem, default_ns(files, obj));
	decode_unknown_fields(
	    obj, on_unknown_field, &(struct unknown_field_arg){ files, doc, obj });
	if (obj->bad) {
		report_error(files, its_where, yaml_line_of(doc, obj->bad), obj, obj->bad);
		object_free(obj);
	} else if (config && strcmp(obj->meta.ns, files->pool_ns) != 0) {
		fprintf(files->notes, "note: %s, line %u: %s/%s is ignored: arplet reads this kind "
		    "only in namespace %s (--namespace)\n", its_where, doc->line,
		    kind_info[obj->kind].kind, obj->meta.name, files->pool_ns);
		object_free(obj);
	} else {
		if (obj->kind == KIND_NODE && !obj->u.node.ready_known)
			obj->u.node.ready = true;
		store(files, doc, obj);
	}
	free(its_where);
}

/* Count an object of a kind that arplet does not read, such as "Deployment of apps/v1". */
static void
count_ignored(struct manifest_files *files, const char *text)
{
	char *kind = printable_copy(text);
	struct ignored_kind *ignored = files->ignored;
	size_t i = 0;

	while (i < files->n_ignored && strcmp(ignored[i].kind, kind) != 0)
		i++;
	if (i == files->n_ignored) {
		ignored = xrealloc(ignored, ++files->n_ignored, sizeof(*ignored));
		ignored[i] = (struct ignored_kind){ .kind = kind };
		files->ignored = ignored;
	} else {
		free(kind);
	}
	ignored[i].n++;
}

static void
note_ignored(const struct manifest_files *files)
{
	if (files->n_ignored)
		fputs("note: ignored, because arplet does not read these kinds:", files->notes);
	for (size_t i = 0; i < files->n_ignored; i++)
		fprintf(files->notes, "%s %s (%zu)", i ? "," : "", files->ignored[i].kind,
		    files->ignored[i].n);
	if (files->n_ignored)
		fputc('\n', files->notes);
}

/* Report a YAML document that contains no valid object; @rc and @why describe the error. */
static void
report_doc(struct manifest_files *files, const struct yaml_doc *doc, int rc, const char *why)
{
	unsigned int line = doc->error ? doc->line : yaml_line_of(doc, why);
	char *its_where;

	if (rc == -ENOTSUP) {
		count_ignored(files, why);
		return;
	}
	its_where = where(files, doc);
	if (rc == -ENOENT)
		fprintf(files->notes, "note: %s, line %u is ignored: %s\n", its_where, line, why);
	else
		fprintf(files->notes, "%s, line %u: %s\n", its_where, line, why);
	files->n_errors += rc != -ENOENT;
	free(its_where);
}

static void
on_doc(void *arg, const struct yaml_doc *doc)
{
	struct object *obj;
	struct err err = { "" };
	int rc;

	if (doc->error)
		rc = err_set(&err, -EBADMSG, "%s", doc->error);
	else if (doc->json[0] != '{')
		rc = err_set(
		    &err, -EBADMSG, "must be an object with apiVersion, kind and metadata");
	else
		rc = decode_object(doc->json, strlen(doc->json), DECODE_KEEP_RAW, &obj, &err);
	if (rc >= 0)
		add_object(arg, doc, obj);
	else
		report_doc(arg, doc, rc, err.text);
}

static void
on_text(void *arg, const char *file, const char *text, size_t len)
{
	struct manifest_files *files = arg;

	files->file = file;
	yaml_read(text, len, on_doc, files);
	files->file = NULL;
}

static void
on_error(void *arg, const char *file, const char *why)
{
	struct manifest_files *files = arg;

	files->n_errors++;
	fprintf(files->notes, "%s: %s\n", file, why);
}

struct manifest_files *
manifest_files_read(const struct option_list *names, const char *pool_ns, FILE *notes)
{
	static const struct find_manifests_ops ops = { on_text, on_error };
	struct manifest_files *files = xcalloc(1, sizeof(*files));

	files->pool_ns = pool_ns;
	files->notes = notes;
	for (size_t i = 0; i < names->n; i++)
		find_manifests(names->v[i], &ops, files);
	note_ignored(files);
	return files;
}

void
manifest_files_free(struct manifest_files *files)
{
	struct file_object *fo, *next;

	if (!files)
		return;
	RB_FOREACH_SAFE(fo, file_objects, &files->objects, next) {
		RB_REMOVE(file_objects, &files->objects, fo);
		file_object_free(fo);
	}
	for (size_t i = 0; i < files->n_ignored; i++)
		free(files->ignored[i].kind);
	free(files->ignored);
	free(files);
}

size_t
manifest_files_errors(const struct manifest_files *files)
{
	return files->n_errors;
}

const char *
manifest_files_put(struct manifest_files *files, struct world *world)
{
	struct file_object *fo;
	const char *node;

	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_begin(world, kind);
	RB_FOREACH(fo, file_objects, &files->objects) {
		if (fo->kind == KIND_NAMESPACE)
			assumed_namespace_label(fo->obj);
		world_put(world, fo->obj);
		fo->obj = NULL;
	}
	node = assumed_objects_put(world);
	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_end(world, kind);
	return node;
}

void
manifest_files_report(struct manifest_files *files, const struct object *obj, const char *why)
{
	struct file_object key = { .kind = obj->kind, .ns = (char *)obj->meta.ns,
		.name = (char *)obj->meta.name };
	struct file_object *fo = RB_FIND(file_objects, &files->objects, &key);

	report_error(files, fo->where, line_of(fo, &obj->u.pool, why), obj, why);
}
