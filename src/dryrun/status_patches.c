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
	bool valid; /* the patch agrees with the world's present decision */
};

static int
status_patch_cmp(const struct status_patch *a, const struct status_patch *b)
{
	int order = strcmp(a->ns, b->ns);

	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(status_patches, status_patch, link, status_patch_cmp)
RB_GENERATE(status_patches, status_patch, link, status_patch_cmp)

static struct status_patch *
find(struct status_patches *all, const struct meta *meta)
{
	struct status_patch key = { .ns = (char *)meta->ns, .name = (char *)meta->name };

	return RB_FIND(status_patches, all, &key);
}

static void
status_patch_free(struct status_patches *all, struct status_patch *patch)
{
	RB_REMOVE(status_patches, all, patch);
	free(patch->ns);
	free(patch->name);
	free(patch->pool);
	free(patch);
}

void
status_patches_add(struct status_patches *all, const struct action *act)
{
	struct status_patch *patch = xcalloc(1, sizeof(*patch)), *old;

	patch->ns = xstrdup(act->on.ns);
	patch->name = xstrdup(act->on.name);
	memcpy(patch->ips, act->u.service_status.ips, sizeof(patch->ips));
	patch->n_ips = act->u.service_status.n;
	patch->pool = xstrdup(act->u.service_status.pool);
	old = RB_FIND(status_patches, all, patch);
	if (old)
		status_patch_free(all, old);
	RB_INSERT(status_patches, all, patch);
}

static void
validate(void *arg, const struct service_view *view)
{
	struct status_patch *patch = find(arg, &view->obj->meta);

	if (!patch)
		return;
	patch->valid = patch->n_ips == view->n_ips;
	for (size_t i = 0; patch->valid && i < view->n_ips; i++)
		patch->valid = ip_equal(&patch->ips[i], &view->ips[i]);
}

/*
 * The API server never received the patch, so the world plans no action that revokes the patch if
 * its Service or pool is deleted, or if the Service's class changes.  Therefore this function drops
 * each patch that differs from the world's present decision.  A patch that clears an address stays
 * as long as its Service exists, even if arplet no longer serves this Service.
 */
void
status_patches_drop_stale(struct status_patches *all, const struct world *world)
{
	struct status_patch *patch, *next;

	RB_FOREACH(patch, status_patches, all)
		patch->valid = !patch->n_ips &&
		    world_get(world, KIND_SERVICE, patch->ns, patch->name);
	world_each_service(world, validate, all);
	RB_FOREACH_SAFE(patch, status_patches, all, next) {
		if (!patch->valid)
			status_patch_free(all, patch);
	}
}

char *
status_patches_get(struct status_patches *all, const struct object *service)
{
	const struct status_patch *patch = find(all, &service->meta);

	return patch ? encode_service_patch(&(struct service_patch){
		.version = service->meta.version,
		.ips = patch->ips, .n_ips = patch->n_ips, .pool = patch->pool }) : NULL;
}

void
status_patches_done(struct status_patches *all)
{
	while (!RB_EMPTY(all))
		status_patch_free(all, RB_ROOT(all));
}
