/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/iface.h"
#include "trouble.h"
#include "world_impl.h"

#include <stdlib.h>
#include <string.h>

/* The kinds that decisions wait for; the others only add to what is known. */
static const enum kind awaited[] = {
	KIND_SERVICE, KIND_POOL, KIND_NAMESPACE, KIND_L2ADV, KIND_NODE, KIND_SLICE,
};

int
entry_cmp(const struct entry *a, const struct entry *b)
{
	int rc = strcmp(a->obj->meta.ns, b->obj->meta.ns);

	return rc ? rc : strcmp(a->obj->meta.name, b->obj->meta.name);
}
RB_GENERATE(store, entry, link, entry_cmp)

/* The Service that an EndpointSlice or a ServiceL2Status is about. */
static void
part_service(const struct object *obj, const char **ret_ns, const char **ret_name)
{
	if (obj->kind == KIND_SLICE) {
		*ret_ns = obj->meta.ns;
		*ret_name = obj->u.slice.service;
	} else {
		*ret_ns = obj->u.l2status.service_ns;
		*ret_name = obj->u.l2status.service;
	}
	*ret_ns = *ret_ns ? *ret_ns : "";
	*ret_name = *ret_name ? *ret_name : "";
}

int
part_cmp(const struct part *a, const struct part *b)
{
	const char *a_ns, *b_ns, *a_name, *b_name;
	int rc;

	part_service(a->e.obj, &a_ns, &a_name);
	part_service(b->e.obj, &b_ns, &b_name);
	rc = strcmp(a_ns, b_ns);
	if (!rc)
		rc = strcmp(a_name, b_name);
	return rc ? rc : entry_cmp(&a->e, &b->e);
}
RB_GENERATE(parts, part, by_service, part_cmp)

struct part *
parts_of(struct parts *parts, const char *ns, const char *service)
{
	struct part *part = RB_ROOT(parts), *found = NULL;

	while (part) {
		const char *its_ns, *its_name;
		int rc;

		part_service(part->e.obj, &its_ns, &its_name);
		rc = strcmp(ns, its_ns);
		if (!rc)
			rc = strcmp(service, its_name);
		if (rc == 0)
			found = part;
		part = rc <= 0 ? RB_LEFT(part, by_service) : RB_RIGHT(part, by_service);
	}
	return found;
}

struct part *
parts_next(struct part *part)
{
	struct part *next = RB_NEXT(parts, NULL, part);
	const char *ns, *name, *next_ns, *next_name;

	if (!next)
		return NULL;
	part_service(part->e.obj, &ns, &name);
	part_service(next->e.obj, &next_ns, &next_name);
	return strcmp(ns, next_ns) == 0 && strcmp(name, next_name) == 0 ? next : NULL;
}

struct entry *
world_find(const struct world *world, enum kind kind, const char *ns, const char *name)
{
	struct object obj = { .meta = { .ns = ns, .name = name } };
	struct entry key = { .obj = &obj };

	return RB_FIND(store, (struct store *)&world->store[kind], &key);
}

void
world_mark(struct world *world, struct svc *svc, unsigned int marks)
{
	if (!world->allocator)
		marks &= ~(unsigned int)(MARK_ALLOC | MARK_CONDITIONS); /* becoming one marks all */
	if (marks && !svc->marks)
		TAILQ_INSERT_TAIL(&world->marked, svc, marked);
	svc->marks |= marks;
}

void
world_mark_ns(struct world *world, const char *ns, unsigned int marks)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[KIND_SERVICE]) {
		if (!ns || strcmp(e->obj->meta.ns, ns) == 0)
			world_mark(world, (struct svc *)e, marks);
	}
}

void
world_mark_all(struct world *world, unsigned int marks)
{
	world_mark_ns(world, NULL, marks);
}

struct world *
world_new(const struct world_opts *opts)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->opts = *opts;
	world->opts.node_name = xstrdup(opts->node_name);
	world->opts.pool_ns = xstrdup(opts->pool_ns);
	world->opts.lb_class = xstrdup(opts->lb_class);
	world->opts.hello_secret = xstrdup(opts->hello_secret);
	TAILQ_INIT(&world->marked);
	TAILQ_INIT(&world->waiting);
	TAILQ_INIT(&world->later);
	STAILQ_INIT(&world->lost);
	TAILQ_INIT(&world->vips_changed);
	return world;
}

/* Could what happens on @link change a decision? */
static bool
link_concerns(struct world *world, const struct link *link)
{
	struct entry *e;

	if (link_is_candidate(link))
		return true;
	RB_FOREACH(e, store, &world->store[KIND_L2ADV]) {
		const struct object *adv = ((struct config *)e)->good;

		if (adv && strings_contain(&adv->u.l2adv.interfaces, link->name))
			return true;
	}
	return false;
}

/* The next link from @i on that concerns us; @n: none. */
static size_t
next_concerned(struct world *world, const struct link *links, size_t n, size_t i)
{
	while (i < n && !link_concerns(world, &links[i]))
		i++;
	return i;
}

static bool
links_changed(struct world *world, const struct link *links, size_t n)
{
	for (size_t i = 0, j = 0;; i++, j++) {
		i = next_concerned(world, world->links, world->n_links, i);
		j = next_concerned(world, links, n, j);
		if (i == world->n_links || j == n)
			return i != world->n_links || j != n;
		if (memcmp(&world->links[i], &links[j], sizeof(*links)) != 0)
			return true;
	}
}

void
world_set_links(struct world *world, const struct link *links, size_t n)
{
	if (links_changed(world, links, n)) {
		world->meets_changed = true;
		world_mark_all(world, MARK_ANNOUNCE);
	}
	trouble_mark_own(world, world->links, world->n_links);
	trouble_mark_own(world, links, n);
	free(world->links);
	world->links = xcalloc(n, sizeof(*links));
	if (n)
		memcpy(world->links, links, n * sizeof(*links));
	world->n_links = n;
	world->infra_changed = true;
}

void
world_set_allocator(struct world *world, bool allocator)
{
	struct entry *e;

	if (world->allocator == allocator)
		return;
	world->allocator = allocator;
	world->key_asked = false;
	world->orphans |= allocator; /* those of nodes that are gone fall to it */
	RB_FOREACH(e, store, &world->store[KIND_SERVICE]) {
		struct svc *svc = (struct svc *)e;

		svc->decided = svc->sent = svc->intrudes = false;
		svc->wished = 0;
		claims_settled(svc); /* what went out has landed or died: see lease.h */
		set_text(&svc->unserved, NULL);
		claims_update(world, svc);
	}
	for (size_t i = 0; i < world->n_pools; i++)
		world->pools[i]->sent = false;
	world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
}

void
world_stop(struct world *world)
{
	world->stopping = true;
}

void
world_touch_all(struct world *world)
{
	world->pools_changed = world->meets_changed = true;
	world_mark_all(world, MARK_ALLOC | MARK_ANNOUNCE);
}

void
world_set_now(struct world *world, int64_t now_ms)
{
	world->now_ms = now_ms;
}

int64_t
world_next_ms(const struct world *world)
{
	int64_t rests_ms = rests_next_ms(world), later_ms = later_next_ms(world);

	return rests_ms < later_ms ? rests_ms : later_ms;
}

const char *
world_synced(const struct world *world)
{
	for (size_t i = 0; i < sizeof(awaited) / sizeof(*awaited); i++) {
		if (!world->listed[awaited[i]])
			return kind_info[awaited[i]].resource;
	}
	return NULL;
}
