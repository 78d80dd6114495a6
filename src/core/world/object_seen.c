/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/world.h"
#include "batches.h"
#include "core/eligibility/link_vips.h"
#include "core/eligibility/serving_nodes.h"
#include "core/pools/cooldown.h"
#include "core/pools/node_gateway.h"
#include "core/pools/pool_config.h"
#include "core/pools/pools.h"
#include "core/report/key_secret.h"
#include "core/report/l2status.h"
#include "core/report/l2status_orphans.h"
#include "core/state/world_state.h"
#include "node_seen.h"
#include "object_seen.h"
#include "svc_seen.h"

#include <stdlib.h>
#include <string.h>

/*
 * Marks the Services that must be decided again when an object is seen or deleted.  A change that
 * no decision reads, such as the heartbeat of a Node or a status that arplet wrote, marks no
 * Service.
 */

static const size_t entry_size[KINDS] = {
	[KIND_SERVICE] = sizeof(struct svc),
	[KIND_POOL] = sizeof(struct pool_entry),
	[KIND_L2ADV] = sizeof(struct config),
	[KIND_SLICE] = sizeof(struct dependent),
	[KIND_NODE] = sizeof(struct entry),
	[KIND_NAMESPACE] = sizeof(struct entry),
	[KIND_LEASE] = sizeof(struct entry),
	[KIND_L2STATUS] = sizeof(struct dependent),
	[KIND_SECRET] = sizeof(struct entry),
};

static struct dependents *
dependents_for(struct world *world, enum kind kind)
{
	if (kind == KIND_SLICE)
		return &world->slices;
	return kind == KIND_L2STATUS ? &world->l2statuses : NULL;
}

/* Marks the Service that a dependent belongs to. */
static void
mark_owner(struct world *world, const struct object *obj)
{
	bool slice = obj->kind == KIND_SLICE;
	const char *ns = slice ? obj->meta.ns : obj->u.l2status.service_ns;
	const char *name = slice ? obj->u.slice.service : obj->u.l2status.service;
	struct entry *e = ns && name ? world_find(world, KIND_SERVICE, ns, name) : NULL;

	if (e && slice)
		serving_forget((struct svc *)e);
	if (e && !slice && ((struct svc *)e)->probation)
		world_mark(world, (struct svc *)e, MARK_REPORT | MARK_ALLOC);
	else if (e)
		world_mark(world, (struct svc *)e, slice ? MARK_ANNOUNCE : MARK_REPORT);
	else if (!slice && ns && name && world->listed[KIND_SERVICE])
		orphans_service_deleted(world, ns, name);
	else if (!slice)
		orphans_check_all(world);
}

/*
 * The API server increases metadata.generation with each change of a custom resource's spec.  In
 * manifest files, metadata.generation is 0, so the specification always counts as changed.
 */
static bool
spec_changed(const struct object *a, const struct object *b)
{
	return !a->meta.generation || a->meta.generation != b->meta.generation ||
	    strcmp(a->meta.uid, b->meta.uid) != 0 || a->bad || b->bad;
}

/*
 * A change of annotations does not increase metadata.generation, so the annotations are compared.
 */
static bool
annotations_changed(const struct object *a, const struct object *b)
{
	for (enum pool_annotation note = 0; note < POOL_ANNOTATIONS; note++) {
		const char *one = a->u.pool.annotations[note], *other = b->u.pool.annotations[note];

		if (!one != !other || (one && strcmp(one, other) != 0))
			return true;
	}
	return false;
}

/*
 * Handles a write of the pool's status by arplet or by a user.  If the counts in the status are
 * wrong, arplet writes the right counts again.
 */
static void
pool_status_seen(struct pool_entry *pool)
{
	pool->counts_written =
	    memcmp(&pool->c.e.obj->u.pool.status, &pool->counts, sizeof(pool->counts)) == 0;
}

static void
pool_seen(struct world *world, struct pool_entry *pool, struct object *before)
{
	struct object *obj = pool->c.e.obj;

	if (before && before == pool->c.in_force && !spec_changed(before, obj) &&
	    !annotations_changed(before, obj)) {
		bool relabelled = !labels_equal(&before->meta.labels, &obj->meta.labels);

		pool->c.in_force = obj;
		object_free(before);
		pool_status_seen(pool);
		if (relabelled) {
			world->hello_links_changed = true;
			world_mark_all(world, MARK_ANNOUNCE);
		}
		return;
	}
	if (before != pool->c.in_force)
		object_free(before);
	pool->counts_written = false;
	world->pools->changed = true;
}

static void
adv_seen(struct world *world, struct config *adv, struct object *before)
{
	struct object *obj = adv->e.obj;

	if (before != adv->in_force)
		object_free(before);
	if (!obj->bad)
		config_enforce(adv, obj);
	world->config_changed |= set_text(&adv->error, obj->bad);
	world->hello_links_changed = true;
	world_mark_all(world, MARK_ANNOUNCE);
}

/*
 * Handles a new or changed object.  Frees @before, the previous version of the object (NULL: none),
 * unless it is a specification still in force.
 */
static void
object_seen(struct world *world, struct entry *e, struct object *before)
{
	struct object *obj = e->obj;

	switch (obj->kind) {
	case KIND_SERVICE:
		svc_seen(world, (struct svc *)e, before);
		break;
	case KIND_POOL:
		pool_seen(world, (struct pool_entry *)e, before);
		return;
	case KIND_L2ADV:
		adv_seen(world, (struct config *)e, before);
		return;
	case KIND_NODE:
		node_seen(world, before, obj);
		break;
	case KIND_NAMESPACE:
		if (!before || !labels_equal(&before->meta.labels, &obj->meta.labels))
			world_mark_ns(world, obj->meta.name, MARK_ALLOC);
		break;
	case KIND_SLICE:
	case KIND_L2STATUS:
		if (before)
			mark_owner(world, before);
		mark_owner(world, obj);
		if (obj->kind == KIND_L2STATUS && obj->u.l2status.written)
			l2status_seen(world, obj);
		break;
	case KIND_SECRET:
		key_secret_seen(world);
		break;
	case KIND_LEASE:
	case KINDS:
		break;
	}
	object_free(before);
}

/*
 * An object that cannot be read does not replace its readable predecessor, so that a Service with a
 * wrong field keeps its addresses.  For pools and advertisements, struct config keeps the last good
 * specification.
 */
static bool
refuse_bad(struct world *world, struct entry *e, struct object *obj)
{
	if (!obj->bad || !e || e->obj->bad || obj->kind == KIND_POOL || obj->kind == KIND_L2ADV)
		return false;
	if (obj->kind == KIND_SERVICE)
		svc_bad_seen(world, (struct svc *)e, obj);
	object_free(obj);
	return true;
}

/*
 * True if arplet ignores the object: a pool or an advertisement outside of the namespace of the
 * option --namespace, or a Secret that is not the Secret with the key for hellos.
 */
static bool
is_in_other_namespace(const struct world *world, const struct object *obj)
{
	if (obj->kind == KIND_SECRET && (!world->opts.hello_secret ||
	    strcmp(obj->meta.name, world->opts.hello_secret) != 0))
		return true;
	return (obj->kind == KIND_SECRET || obj->kind == KIND_POOL || obj->kind == KIND_L2ADV) &&
	    strcmp(obj->meta.ns, world->opts.pool_ns) != 0;
}

/*
 * True for a Service that no decision reads: arplet does not serve it, and it has no address and no
 * annotation or condition of arplet.  Most Services of a cluster are irrelevant, so arplet does not
 * store them.  One exception: the dry run stores all Services to count them.
 */
static bool
is_irrelevant(const struct world *world, const struct object *obj)
{
	const struct service *spec = &obj->u.service;

	if (obj->kind != KIND_SERVICE || obj->bad || svc_is_ours(world, obj) ||
	    spec->n_status || spec->status_foreign || spec->from_pool)
		return false;
	for (int i = 0; i < CONDITIONS; i++) {
		if (spec->conditions[i])
			return false;
	}
	return !world->opts.assume_written;
}

static void
set_pending_delete(struct world *world, struct entry *e, bool pending_delete)
{
	if (e->obj->pending_delete != pending_delete && e->obj->kind == KIND_POOL)
		world->pools->changed = true;
	e->obj->pending_delete = pending_delete;
}

/* True if @a and @b are the same version of one object; false if they have no resourceVersion. */
static bool
same_version(const struct object *a, const struct object *b)
{
	return *a->meta.version && strcmp(a->meta.version, b->meta.version) == 0 &&
	    strcmp(a->meta.uid, b->meta.uid) == 0;
}

void
entry_remove(struct world *world, struct entry *e)
{
	struct object *obj = e->obj;
	struct dependents *dependents = dependents_for(world, obj->kind);

	if (dependents)
		RB_REMOVE(dependents, dependents, (struct dependent *)e);
	RB_REMOVE(store, &world->store[obj->kind], e);
	if (obj->kind == KIND_SERVICE) {
		svc_forget(world, (struct svc *)e);
		orphans_service_deleted(world, obj->meta.ns, obj->meta.name);
	}
	if (obj->kind == KIND_POOL)
		pool_remove(world, (struct pool_entry *)e);
	if (obj->kind == KIND_POOL || obj->kind == KIND_L2ADV) {
		config_enforce((struct config *)e, NULL);
		free(((struct config *)e)->error);
		free(((struct config *)e)->last_reported);
	}
	if (obj->kind == KIND_L2STATUS && !obj->u.l2status.written)
		l2status_seen(world, obj); /* a deleted ServiceL2Status gets no status any more */
	if (dependents)
		mark_owner(world, obj);
	if (obj->kind == KIND_L2ADV) {
		world->hello_links_changed = true;
		world_mark_all(world, MARK_ANNOUNCE);
	}
	if (obj->kind == KIND_NODE)
		node_gone(world, obj);
	if (obj->kind == KIND_SECRET)
		key_secret_seen(world);
	if (obj->kind == KIND_NAMESPACE)
		world_mark_ns(world, obj->meta.name, MARK_ALLOC);
	if (obj->kind == KIND_SERVICE)
		batches_forget((struct svc *)e);
	else
		free(e);
	object_free(obj);
}

void
world_put(struct world *world, struct object *obj)
{
	struct entry *e = world_find(world, obj->kind, obj->meta.ns, obj->meta.name);
	struct dependents *dependents = dependents_for(world, obj->kind);
	struct object *before = e ? e->obj : NULL;

	if (is_in_other_namespace(world, obj) || is_irrelevant(world, obj)) {
		if (e)
			entry_remove(world, e);
		object_free(obj);
		return;
	}
	if (e) {
		e->obj->stale = false;
		set_pending_delete(world, e, false);
	}
	if (before && same_version(before, obj)) {
		object_free(obj); /* a list repeats an object that did not change */
		return;
	}
	if (refuse_bad(world, e, obj))
		return;
	if (e && dependents)
		RB_REMOVE(dependents, dependents, (struct dependent *)e);
	if (!e) {
		e = xcalloc(1, entry_size[obj->kind]);
		e->obj = obj;
		RB_INSERT(store, &world->store[obj->kind], e);
	}
	e->obj = obj;
	if (dependents)
		RB_INSERT(dependents, dependents, (struct dependent *)e);
	object_seen(world, e, before);
}

void
world_del(struct world *world, enum kind kind, const char *ns, const char *name)
{
	struct entry *e = world_find(world, kind, ns, name);

	if (e)
		entry_remove(world, e);
}

void
world_pend_delete(struct world *world, enum kind kind, const char *ns, const char *name)
{
	struct entry *e = world_find(world, kind, ns, name);

	if (e)
		set_pending_delete(world, e, true);
}

void
world_list_pend_delete(struct world *world, enum kind kind)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[kind]) {
		if (e->obj->stale)
			set_pending_delete(world, e, true);
	}
}

void
world_list_begin(struct world *world, enum kind kind)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[kind])
		e->obj->stale = true;
}

void
world_list_end(struct world *world, enum kind kind)
{
	struct entry *e, *next;

	RB_FOREACH_SAFE(e, store, &world->store[kind], next) {
		if (e->obj->stale)
			entry_remove(world, e);
	}
	if (!world->listed[kind])
		world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
	world->listed[kind] = true;
	if (kind == KIND_L2STATUS)
		l2status_listed(world);
}
