/* SPDX-License-Identifier: Apache-2.0 */
#include "svc.h"
#include "world_state.h"

#include <string.h>

bool
svc_is_ours(const struct world *world, const struct object *obj)
{
	const struct service *spec = &obj->u.service;
	const char *ours = world->opts.lb_class;

	if (!spec->load_balancer)
		return false;
	if (!ours || !spec->lb_class)
		return !ours && !spec->lb_class;
	return strcmp(ours, spec->lb_class) == 0;
}

bool
svc_had_first(const struct svc *a, const struct svc *b)
{
	const struct service *sa = svc_spec(a), *sb = svc_spec(b);

	if (sa->allocated_s != sb->allocated_s)
		return sa->allocated_s < sb->allocated_s;
	if (a->e.obj->meta.created_s != b->e.obj->meta.created_s)
		return a->e.obj->meta.created_s < b->e.obj->meta.created_s;
	return entry_cmp(&a->e, &b->e) < 0;
}

void
world_mark(struct world *world, struct svc *svc, unsigned int marks)
{
	/* a daemon that becomes the allocator marks all Services with these marks */
	if (!world->allocator)
		marks &= ~(unsigned int)(MARK_ALLOC | MARK_CONDITIONS);
	if (marks && !svc->marks)
		TAILQ_INSERT_TAIL(&world->marked, svc, marked);
	svc->marks |= marks;
}

void
world_mark_ns(struct world *world, const char *ns, unsigned int marks)
{
	struct entry *e;
	struct object key = { .meta = { .ns = ns, .name = "" } };

	e = RB_NFIND(store, &world->store[KIND_SERVICE], &(struct entry){ .obj = &key });
	for (; e && strcmp(e->obj->meta.ns, ns) == 0; e = RB_NEXT(store, NULL, e))
		world_mark(world, (struct svc *)e, marks);
}

void
world_mark_all(struct world *world, unsigned int marks)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[KIND_SERVICE])
		world_mark(world, (struct svc *)e, marks);
}

const struct ips *
svc_ips(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_written && svc_is_decided(svc) ? &svc->want : &svc->have;
}

const char *
svc_self(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_everywhere && svc->holder ? svc->holder : world->opts.node_name;
}

void
svc_alloc_event(struct world *world, struct svc *svc, enum svc_alloc_event event)
{
	bool before = svc_is_waiting(svc);

	svc_alloc_on(svc, event);
	if (svc_is_waiting(svc) == before)
		return;
	world->probes_changed = true;
	if (before)
		TAILQ_REMOVE(&world->waiting, svc, waits);
	else
		TAILQ_INSERT_TAIL(&world->waiting, svc, waits);
}
