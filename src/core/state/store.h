/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_STORE_H
#define CORE_STATE_STORE_H

#include "arplet/object.h"
#include <bsd/sys/tree.h>

/* The Kubernetes objects as a list or watch last brought them, by kind, namespace and name. */

struct world;

/* An object.  A struct that keeps more about an object has its entry as the first member. */
struct entry {
	RB_ENTRY(entry) link; /* in world.store[kind] */
	struct object *obj;
};
RB_HEAD(store, entry);

/*
 * A pool or an advertisement.  A specification that is wrong does not replace the last good one: it
 * is reported, and the last good one stays in force.
 */
struct config {
	struct entry e;
	struct object *in_force; /* e.obj, or an older object, or NULL */
	char *error;             /* why e.obj is not in force; NULL: e.obj is in force */
	char *last_reported;     /* the error in the last Event */
	uint64_t last_written;   /* condition_hash() of the last condition written; 0: none */
};

/* A dependent of a Service: an EndpointSlice or a ServiceL2Status, found by its Service. */
struct dependent {
	struct entry e;
	RB_ENTRY(dependent) by_service;
};
RB_HEAD(dependents, dependent);

int entry_cmp(const struct entry *a, const struct entry *b);
RB_PROTOTYPE(store, entry, link, entry_cmp)
int dependent_cmp(const struct dependent *a, const struct dependent *b);
RB_PROTOTYPE(dependents, dependent, by_service, dependent_cmp)

/* world_find - the entry of an object, or NULL. */
struct entry *world_find(const struct world *world, enum kind kind, const char *ns,
    const char *name);
/*
 * dependents_of - the first dependent of a Service, or NULL.  dependents_next - the next dependent of
 * the same Service, or NULL.
 */
struct dependent *dependents_of(struct dependents *dependents, const char *ns, const char *service);
struct dependent *dependents_next(struct dependent *dependent);

/* config_enforce - put @obj (NULL: nothing) in force.  Frees the object before, except e.obj. */
void config_enforce(struct config *config, struct object *obj);

#endif
