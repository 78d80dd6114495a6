/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"
#include "world_state.h"

#include <string.h>

int
entry_cmp(const struct entry *a, const struct entry *b)
{
	int rc = strcmp(a->obj->meta.ns, b->obj->meta.ns);

	return rc ? rc : strcmp(a->obj->meta.name, b->obj->meta.name);
}
RB_GENERATE(store, entry, link, entry_cmp)

/* The namespace and name of the Service that a dependent belongs to; "" if they are missing. */
static void
dependent_service(const struct object *obj, const char **ret_ns, const char **ret_name)
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
dependent_cmp(const struct dependent *a, const struct dependent *b)
{
	const char *a_ns, *b_ns, *a_name, *b_name;
	int rc;

	dependent_service(a->e.obj, &a_ns, &a_name);
	dependent_service(b->e.obj, &b_ns, &b_name);
	rc = strcmp(a_ns, b_ns);
	if (!rc)
		rc = strcmp(a_name, b_name);
	return rc ? rc : entry_cmp(&a->e, &b->e);
}
RB_GENERATE(dependents, dependent, by_service, dependent_cmp)

struct dependent *
dependents_of(struct dependents *dependents, const char *ns, const char *service)
{
	struct dependent *dependent = RB_ROOT(dependents), *found = NULL;

	while (dependent) {
		const char *its_ns, *its_name;
		int rc;

		dependent_service(dependent->e.obj, &its_ns, &its_name);
		rc = strcmp(ns, its_ns);
		if (!rc)
			rc = strcmp(service, its_name);
		if (rc == 0)
			found = dependent;
		dependent =
		    rc <= 0 ? RB_LEFT(dependent, by_service) : RB_RIGHT(dependent, by_service);
	}
	return found;
}

struct dependent *
dependents_next(struct dependent *dependent)
{
	struct dependent *next = RB_NEXT(dependents, NULL, dependent);
	const char *ns, *name, *next_ns, *next_name;

	if (!next)
		return NULL;
	dependent_service(dependent->e.obj, &ns, &name);
	dependent_service(next->e.obj, &next_ns, &next_name);
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
config_enforce(struct config *config, struct object *obj)
{
	if (config->in_force != obj && config->in_force != config->e.obj)
		object_free(config->in_force);
	config->in_force = obj;
}
