/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_STORE_H
#define CORE_STATE_STORE_H

#include "arplet/object.h"
#include <bsd/sys/tree.h>

/* Objects as last seen, found by name; and the dependents of a Service, found by the Service. */

struct world;

/* An object as last seen; the first member of what is kept about it. */
struct entry {
	RB_ENTRY(entry) link; /* in world.store[kind], by namespace and name */
	struct object *obj;
};
RB_HEAD(store, entry);

/*
 * Configuration that a person wrote: a specification that cannot be used does not replace the last
 * good one; it is only reported.
 */
struct config {
	struct entry e;
	struct object *in_force; /* in force: e.obj, or an older one, or NULL */
	char *error;         /* why e.obj is not in force; NULL: it is */
	char *last_reported;          /* the error that an Event has told */
	uint64_t last_written;     /* mark of the condition that has gone out; 0: none */
};

/* An EndpointSlice or ServiceL2Status: found by the Service that it is about. */
struct dependent {
	struct entry e;
	RB_ENTRY(dependent) by_service;
};
RB_HEAD(dependents, dependent);

int entry_cmp(const struct entry *a, const struct entry *b);
RB_PROTOTYPE(store, entry, link, entry_cmp)
int dependent_cmp(const struct dependent *a, const struct dependent *b);
RB_PROTOTYPE(dependents, dependent, by_service, dependent_cmp)

struct entry *world_find(const struct world *world, enum kind kind, const char *ns,
    const char *name);
/* dependents_of - the first part about the Service, or NULL; dependents_next - the one after it. */
struct dependent *dependents_of(struct dependents *dependents, const char *ns, const char *service);
struct dependent *dependents_next(struct dependent *dependent);

/* config_enforce - put @obj (NULL: nothing) in force; frees what was, unless it is e.obj. */
void config_enforce(struct config *config, struct object *obj);

#endif
