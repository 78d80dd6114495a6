/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest_files.h"

#include "arplet/decode.h"
#include "arplet/yaml.h"
#include "util/printable.h"
#include "placeholders.h"
#include "read_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/sys/tree.h>

/* Where an object came from; obj is NULL once the world has it. */
struct file_object {
	RB_ENTRY(file_object) link;
	enum kind kind;
	char *ns, *name;
	char *where; /* "FILE: document N" */
	unsigned int line;
	unsigned int *lines; /* of a pool: of what a world may complain about, as pool_field() has it */
	struct object *obj;
};
RB_HEAD(file_objects, file_object);

/* A kind that is left out, and how many there are. */
struct foreign {
	char *kind;
	size_t n;
};

struct manifest_files {
	struct file_objects objects;
	const char *pool_ns;
	FILE *notes;
	const char *file; /* the one being read */
	size_t n_errors;
	struct foreign *foreign;
	size_t n_foreign;
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
complain(struct manifest_files *manifest_files, const char *where, unsigned int line, const struct object *obj,
    const char *why)
{
	char *what = title(obj->kind, obj->meta.ns, obj->meta.name);

	manifest_files->n_errors++;
	fprintf(manifest_files->notes, "%s, line %u (%s): %s\n", where, line, what, why);
	free(what);
}

/* "FILE: document 2, item 3"; the item only in a List. */
static char *
where(const struct manifest_files *manifest_files, const struct yaml_doc *doc)
{
	char item[32] = "", *text;

	if (doc->item)
		snprintf(item, sizeof(item), ", item %u", doc->item);
	if (asprintf(&text, "%s: document %u%s", manifest_files->file, doc->number, item) < 0)
		abort();
	return text;
}

/* The field that a complaint about a pool begins with: an entry of addresses, or an annotation. */
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

/* The documents are gone when the world complains about a pool: where its fields are is kept. */
static void
keep_lines(struct file_object *fo, const struct yaml_doc *doc)
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
default_ns(const struct manifest_files *manifest_files, const struct object *obj)
{
	if (!kind_info[obj->kind].namespaced)
		return "";
	if (obj->meta.ns[0])
		return obj->meta.ns;
	return obj->kind == KIND_SERVICE || obj->kind == KIND_SLICE ? "default" : manifest_files->pool_ns;
}

/* Keeps the object; one of the same name that was read before goes. */
static void
keep(struct manifest_files *manifest_files, const struct yaml_doc *doc, struct object *obj)
{
	struct file_object *fo = xcalloc(1, sizeof(*fo)), *old;

	*fo = (struct file_object){ .kind = obj->kind, .ns = xstrdup(obj->meta.ns),
		.name = xstrdup(obj->meta.name), .where = where(manifest_files, doc), .line = doc->line,
		.obj = obj };
	if (obj->kind == KIND_POOL)
		keep_lines(fo, doc);
	old = RB_INSERT(file_objects, &manifest_files->objects, fo);
	if (!old)
		return;
	fprintf(manifest_files->notes, "note: %s, line %u replaces %s/%s of %s, line %u\n", fo->where,
	    fo->line, kind_info[fo->kind].kind, fo->name, old->where, old->line);
	RB_REMOVE(file_objects, &manifest_files->objects, old);
	file_object_free(old);
	RB_INSERT(file_objects, &manifest_files->objects, fo);
}

struct stray {
	struct manifest_files *manifest_files;
	const struct yaml_doc *doc;
	const struct object *obj;
};

static void
on_unknown_field(void *arg, const char *path)
{
	const struct stray *stray = arg;
	char *its_where = where(stray->manifest_files, stray->doc);

	fprintf(stray->manifest_files->notes, "note: %s, line %u: %s/%s: %s is no field of it and does "
	    "nothing\n", its_where, yaml_line_of(stray->doc, path),
	    kind_info[stray->obj->kind].kind, stray->obj->meta.name, path);
	free(its_where);
}

/* Completes a decoded object as the API server would, and keeps it if it can be used. */
static void
take_object(struct manifest_files *manifest_files, const struct yaml_doc *doc, struct object *obj)
{
	bool config = obj->kind == KIND_POOL || obj->kind == KIND_L2ADV;
	char *its_where = where(manifest_files, doc);

	obj->meta.ns = arena_strdup(&obj->mem, default_ns(manifest_files, obj));
	decode_unknown_fields(obj, on_unknown_field, &(struct stray){ manifest_files, doc, obj });
	if (obj->bad) {
		complain(manifest_files, its_where, yaml_line_of(doc, obj->bad), obj, obj->bad);
		object_free(obj);
	} else if (config && strcmp(obj->meta.ns, manifest_files->pool_ns) != 0) {
		fprintf(manifest_files->notes, "note: %s, line %u: %s/%s is left out: only namespace %s is "
		    "read for it (--namespace)\n", its_where, doc->line,
		    kind_info[obj->kind].kind, obj->meta.name, manifest_files->pool_ns);
		object_free(obj);
	} else {
		if (obj->kind == KIND_NODE && !obj->u.node.ready_known)
			obj->u.node.ready = true;
		keep(manifest_files, doc, obj);
	}
	free(its_where);
}

/* Counts an object of a kind of others: "Deployment of apps/v1". */
static void
leave_out(struct manifest_files *manifest_files, const char *text)
{
	char *kind = printable_copy(text);
	struct foreign *foreign = manifest_files->foreign;
	size_t i = 0;

	while (i < manifest_files->n_foreign && strcmp(foreign[i].kind, kind) != 0)
		i++;
	if (i == manifest_files->n_foreign) {
		foreign = xrealloc(foreign, ++manifest_files->n_foreign, sizeof(*foreign));
		foreign[i] = (struct foreign){ .kind = kind };
		manifest_files->foreign = foreign;
	} else {
		free(kind);
	}
	foreign[i].n++;
}

static void
tell_left_out(const struct manifest_files *manifest_files)
{
	if (manifest_files->n_foreign)
		fputs("note: other kinds are left out:", manifest_files->notes);
	for (size_t i = 0; i < manifest_files->n_foreign; i++)
		fprintf(manifest_files->notes, "%s %s (%zu)", i ? "," : "", manifest_files->foreign[i].kind,
		    manifest_files->foreign[i].n);
	if (manifest_files->n_foreign)
		fputc('\n', manifest_files->notes);
}

/* What is no object that decisions read: @rc is decode_object()'s, and @why. */
static void
refuse_doc(struct manifest_files *manifest_files, const struct yaml_doc *doc, int rc, const char *why)
{
	unsigned int line = doc->error ? doc->line : yaml_line_of(doc, why);
	char *its_where;

	if (rc == -ENOTSUP) {
		leave_out(manifest_files, why);
		return;
	}
	its_where = where(manifest_files, doc);
	if (rc == -ENOENT)
		fprintf(manifest_files->notes, "note: %s, line %u is left out: %s\n", its_where, line, why);
	else
		fprintf(manifest_files->notes, "%s, line %u: %s\n", its_where, line, why);
	manifest_files->n_errors += rc != -ENOENT;
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
		rc = err_set(&err, -EBADMSG, "must be an object, with apiVersion, kind and metadata");
	else
		rc = decode_object(doc->json, strlen(doc->json), DECODE_KEEP_RAW, &obj, &err);
	if (rc >= 0)
		take_object(arg, doc, obj);
	else
		refuse_doc(arg, doc, rc, err.text);
}

static void
on_text(void *arg, const char *file, const char *text, size_t len)
{
	struct manifest_files *manifest_files = arg;

	manifest_files->file = file;
	yaml_read(text, len, on_doc, manifest_files);
	manifest_files->file = NULL;
}

static void
on_conflict(void *arg, const char *file, const char *why)
{
	struct manifest_files *manifest_files = arg;

	manifest_files->n_errors++;
	fprintf(manifest_files->notes, "%s: %s\n", file, why);
}

struct manifest_files *
manifest_files_read(const struct option_list *names, const char *pool_ns, FILE *notes)
{
	static const struct read_files_ops ops = { on_text, on_conflict };
	struct manifest_files *manifest_files = xcalloc(1, sizeof(*manifest_files));

	manifest_files->pool_ns = pool_ns;
	manifest_files->notes = notes;
	for (size_t i = 0; i < names->n; i++)
		read_files(names->v[i], &ops, manifest_files);
	tell_left_out(manifest_files);
	return manifest_files;
}

void
manifest_files_free(struct manifest_files *manifest_files)
{
	struct file_object *fo, *next;

	if (!manifest_files)
		return;
	RB_FOREACH_SAFE(fo, file_objects, &manifest_files->objects, next) {
		RB_REMOVE(file_objects, &manifest_files->objects, fo);
		file_object_free(fo);
	}
	for (size_t i = 0; i < manifest_files->n_foreign; i++)
		free(manifest_files->foreign[i].kind);
	free(manifest_files->foreign);
	free(manifest_files);
}

size_t
manifest_files_errors(const struct manifest_files *manifest_files)
{
	return manifest_files->n_errors;
}

const char *
manifest_files_put(struct manifest_files *manifest_files, struct world *world)
{
	struct file_object *fo;
	const char *made_up;

	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_begin(world, kind);
	RB_FOREACH(fo, file_objects, &manifest_files->objects) {
		if (fo->kind == KIND_NAMESPACE)
			placeholder_label(fo->obj);
		world_put(world, fo->obj);
		fo->obj = NULL;
	}
	made_up = placeholders_put(world);
	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_end(world, kind);
	return made_up;
}

void
manifest_files_complain(struct manifest_files *manifest_files, const struct object *obj, const char *why)
{
	struct file_object key = { .kind = obj->kind, .ns = (char *)obj->meta.ns,
		.name = (char *)obj->meta.name };
	struct file_object *fo = RB_FIND(file_objects, &manifest_files->objects, &key);

	complain(manifest_files, fo->where, line_of(fo, &obj->u.pool, why), obj, why);
}
