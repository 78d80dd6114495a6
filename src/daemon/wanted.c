/* SPDX-License-Identifier: Apache-2.0 */
#include "wanted.h"

#include "arplet/encode.h"

#include <stdlib.h>
#include <string.h>

struct wanted {
	RB_ENTRY(wanted) link;
	char *ns, *name;
	struct ip ips[2];
	size_t n_ips;
	char *pool;
	bool holds;
};

static int
wanted_cmp(const struct wanted *a, const struct wanted *b)
{
	int order = strcmp(a->ns, b->ns);

	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(wanteds, wanted, link, wanted_cmp)
RB_GENERATE(wanteds, wanted, link, wanted_cmp)

static struct wanted *
find(struct wanteds *all, const struct meta *meta)
{
	struct wanted key = { .ns = (char *)meta->ns, .name = (char *)meta->name };

	return RB_FIND(wanteds, all, &key);
}

static void
wanted_free(struct wanteds *all, struct wanted *wanted)
{
	RB_REMOVE(wanteds, all, wanted);
	free(wanted->ns);
	free(wanted->name);
	free(wanted->pool);
	free(wanted);
}

void
wanted_note(struct wanteds *all, const struct action *act)
{
	struct wanted *wanted = xcalloc(1, sizeof(*wanted)), *old;

	wanted->ns = xstrdup(act->on.ns);
	wanted->name = xstrdup(act->on.name);
	memcpy(wanted->ips, act->u.service_status.ips, sizeof(wanted->ips));
	wanted->n_ips = act->u.service_status.n;
	wanted->pool = xstrdup(act->u.service_status.pool);
	old = RB_FIND(wanteds, all, wanted);
	if (old)
		wanted_free(all, old);
	RB_INSERT(wanteds, all, wanted);
}

static void
confirm(void *arg, const struct service_view *view)
{
	struct wanted *wanted = find(arg, &view->obj->meta);

	if (!wanted)
		return;
	wanted->holds = wanted->n_ips == view->n_ips;
	for (size_t i = 0; wanted->holds && i < view->n_ips; i++)
		wanted->holds = ip_equal(&wanted->ips[i], &view->ips[i]);
}

/*
 * Where nothing is written yet, no action says that it is not to be any more: a Service may be gone
 * or another's now, or its pool.  One that is not ours may still have had its address taken away.
 */
void
wanted_settle(struct wanteds *all, const struct world *world)
{
	struct wanted *wanted, *next;

	RB_FOREACH(wanted, wanteds, all)
		wanted->holds = !wanted->n_ips &&
		    world_get(world, KIND_SERVICE, wanted->ns, wanted->name);
	world_each_service(world, confirm, all);
	RB_FOREACH_SAFE(wanted, wanteds, all, next) {
		if (!wanted->holds)
			wanted_free(all, wanted);
	}
}

char *
wanted_patch(struct wanteds *all, const struct object *service)
{
	const struct wanted *wanted = find(all, &service->meta);

	return wanted ? encode_service_patch(&(struct service_patch){
		.version = service->meta.version,
		.ips = wanted->ips, .n_ips = wanted->n_ips, .pool = wanted->pool }) : NULL;
}

void
wanted_done(struct wanteds *all)
{
	while (!RB_EMPTY(all))
		wanted_free(all, RB_ROOT(all));
}
