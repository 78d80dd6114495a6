/* SPDX-License-Identifier: Apache-2.0 */
#include "status_patches.h"

#include "arplet/encode.h"

#include <stdlib.h>
#include <string.h>

struct status_patch {
	RB_ENTRY(status_patch) link;
	char *ns, *name;
	struct ip ips[2];
	size_t n_ips;
	char *pool;
	bool holds;
};

static int
wanted_cmp(const struct status_patch *a, const struct status_patch *b)
{
	int order = strcmp(a->ns, b->ns);

	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(status_patches, status_patch, link, wanted_cmp)
RB_GENERATE(status_patches, status_patch, link, wanted_cmp)

static struct status_patch *
find(struct status_patches *all, const struct meta *meta)
{
	struct status_patch key = { .ns = (char *)meta->ns, .name = (char *)meta->name };

	return RB_FIND(status_patches, all, &key);
}

static void
wanted_free(struct status_patches *all, struct status_patch *status_patch)
{
	RB_REMOVE(status_patches, all, status_patch);
	free(status_patch->ns);
	free(status_patch->name);
	free(status_patch->pool);
	free(status_patch);
}

void
status_patches_note(struct status_patches *all, const struct action *act)
{
	struct status_patch *status_patch = xcalloc(1, sizeof(*status_patch)), *old;

	status_patch->ns = xstrdup(act->on.ns);
	status_patch->name = xstrdup(act->on.name);
	memcpy(status_patch->ips, act->u.service_status.ips, sizeof(status_patch->ips));
	status_patch->n_ips = act->u.service_status.n;
	status_patch->pool = xstrdup(act->u.service_status.pool);
	old = RB_FIND(status_patches, all, status_patch);
	if (old)
		wanted_free(all, old);
	RB_INSERT(status_patches, all, status_patch);
}

static void
confirm(void *arg, const struct service_view *view)
{
	struct status_patch *status_patch = find(arg, &view->obj->meta);

	if (!status_patch)
		return;
	status_patch->holds = status_patch->n_ips == view->n_ips;
	for (size_t i = 0; status_patch->holds && i < view->n_ips; i++)
		status_patch->holds = ip_equal(&status_patch->ips[i], &view->ips[i]);
}

/*
 * Where nothing is written yet, no action says that it is not to be any more: a Service may be gone
 * or another's now, or its pool.  One that is not ours may still have had its address taken away.
 */
void
status_patches_settle(struct status_patches *all, const struct world *world)
{
	struct status_patch *status_patch, *next;

	RB_FOREACH(status_patch, status_patches, all)
		status_patch->holds = !status_patch->n_ips &&
		    world_get(world, KIND_SERVICE, status_patch->ns, status_patch->name);
	world_each_service(world, confirm, all);
	RB_FOREACH_SAFE(status_patch, status_patches, all, next) {
		if (!status_patch->holds)
			wanted_free(all, status_patch);
	}
}

char *
status_patches_get(struct status_patches *all, const struct object *service)
{
	const struct status_patch *status_patch = find(all, &service->meta);

	return status_patch ? encode_service_patch(&(struct service_patch){
		.version = service->meta.version,
		.ips = status_patch->ips, .n_ips = status_patch->n_ips, .pool = status_patch->pool }) : NULL;
}

void
status_patches_done(struct status_patches *all)
{
	while (!RB_EMPTY(all))
		wanted_free(all, RB_ROOT(all));
}
