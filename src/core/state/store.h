/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_STORE_H
#define CORE_STATE_STORE_H

#include "arplet/object.h"
#include <bsd/sys/tree.h>

/* The newest Kubernetes objects from lists and watches, by kind, namespace and name. */

struct world;

/* An object.  A struct that extends struct entry has the entry as its first member. */
struct entry {
	RB_ENTRY(entry) link; /* in world.store[kind] */
	struct object *obj;
};
RB_HEAD(store, entry);

/*
 * A pool or an advertisement.  A wrong specification is reported and does not replace the last good
 * specification, which stays in force.
 */
struct config {
	struct entry e;
	struct object *in_force; /* the object in force: e.obj, an older one, or NULL */
	char *error;             /* what is wrong with e.obj; NULL: nothing */
	char *last_reported;     /* the error that the last Event reported */
	uint64_t last_written;   /* condition_hash() of the last condition written; 0: none */
};

/* A dependent of a Service: an EndpointSlice or a ServiceL2Status, in a tree by Service. */
struct dependent {
	struct entry e;
	RB_ENTRY(dependent) by_service;
	bool delete_counted; /* a ServiceL2Status whose delete is counted in svc.l2_deletes */
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
 * dependents_of - the first dependent of a Service, or NULL.
 * dependents_next - the next dependent of the same Service, or NULL.
 */
struct dependent *dependents_of(struct dependents *dependents, const char *ns, const char *service);
struct dependent *dependents_next(struct dependent *dependent);

/*
 * config_enforce - put @obj in force; NULL: no object.  Frees the object that was in force, unless
 * it is e.obj.
 */
void config_enforce(struct config *config, struct object *obj);

#endif
