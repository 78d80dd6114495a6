/* SPDX-License-Identifier: Apache-2.0 */
#include "l2status_orphans.h"
#include "arplet/action_plan.h"
#include "l2status_delete.h"
#include "core/state/world_state.h"

#include <stdlib.h>
#include <string.h>

/* A deleted Service, whose ServiceL2Statuses may still exist. */
struct deleted_service {
	STAILQ_ENTRY(deleted_service) next;
	char *ns, *name;
};

/* The ServiceL2Statuses that must be checked, because their Service or node may be deleted. */
struct orphans {
	bool any; /* true: check all ServiceL2Statuses; false: only those of deleted Services */
	STAILQ_HEAD(, deleted_service) deleted;
};

struct orphans *
orphans_new(void)
{
	struct orphans *orphans = xcalloc(1, sizeof(*orphans));

	STAILQ_INIT(&orphans->deleted);
	return orphans;
}

void
orphans_check_all(struct world *world)
{
	world->orphans->any = true;
}

void
orphans_service_deleted(struct world *world, const char *ns, const char *name)
{
	struct deleted_service *service = xcalloc(1, sizeof(*service));

	service->ns = xstrdup(ns);
	service->name = xstrdup(name);
	STAILQ_INSERT_TAIL(&world->orphans->deleted, service, next);
}

static void
forget_deleted(struct world *world)
{
	struct deleted_service *service;

	while ((service = STAILQ_FIRST(&world->orphans->deleted))) {
		STAILQ_REMOVE_HEAD(&world->orphans->deleted, next);
		free(service->ns);
		free(service->name);
		free(service);
	}
}

void
orphans_free(struct world *world)
{
	forget_deleted(world);
	free(world->orphans);
}

/*
 * Deletes the ServiceL2Status of a deleted Service if the ServiceL2Status names this node.  If the
 * named node is deleted too, the allocator deletes the ServiceL2Status.  A ServiceL2Status that
 * cannot be read stays.
 */
static void
delete_if_orphan(const struct world *world, const struct dependent *dependent, struct plan *plan)
{
	const struct l2status *l2 = &dependent->e.obj->u.l2status;
	bool mine;

	if (dependent->e.obj->bad || world_find(world, KIND_SERVICE, l2->service_ns, l2->service))
		return;
	mine = strcmp(l2->node, world->opts.node_name) == 0;
	if (mine || (world->allocator && !world_find(world, KIND_NODE, "", l2->node)))
		l2status_delete(dependent->e.obj, plan);
}

void
orphans_delete(struct world *world, struct plan *plan)
{
	struct dependent *dependent;
	struct deleted_service *service;

	if (world->orphans->any) {
		RB_FOREACH(dependent, dependents, &world->l2statuses)
			delete_if_orphan(world, dependent, plan);
	} else {
		STAILQ_FOREACH(service, &world->orphans->deleted, next) {
			dependent = dependents_of(&world->l2statuses, service->ns, service->name);
			for (; dependent; dependent = dependents_next(dependent))
				delete_if_orphan(world, dependent, plan);
		}
	}
	forget_deleted(world);
	world->orphans->any = false;
}
