/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_INFORMERS_H
#define ARPLET_INFORMERS_H

#include "arplet/reflector.h"
#include "arplet/world.h"

/*
 * Informers keep the world up to date with the API server.  Informers have one reflector for
 * each kind of object that decisions read.
 */
struct client;
struct ev_loop;
struct informers;

struct informers_opts {
	const char *pool_ns;
	const char *hello_secret; /* name of the Secret to watch; NULL: watch no Secret */
	/*
	 * delay of the first list of Services, slices and pools, ms; informers_relist() ends the
	 * delay
	 */
	int64_t relist_ms;
	bool keep_raw; /* Services and pools keep their JSON, so that the dry run can print it */
};

struct informers_ops {
	void (*on_change)(void *arg);                 /* an object of the world has changed */
	void (*on_listed)(void *arg, enum kind kind); /* a list of @kind is complete */
	/*
	 * The state of @kind's reflector, or only the reason of the state, has changed.  NULL: log
	 * the change.
	 */
	void (*on_state)(void *arg, enum kind kind, enum reflector_state state, const char *reason);
};

struct informers *informers_new(struct ev_loop *loop, struct client *client, struct world *world,
    const struct informers_opts *opts, const struct informers_ops *ops, void *arg);
void informers_free(struct informers *informers); /* NULL is fine */

/*
 * informers_relist - list the objects of @kind again.  The next call of on_listed reports a list
 * that began after this call.
 */
void informers_relist(struct informers *informers, enum kind kind);

/* informers_reflector - return the reflector of @kind, to read its state; NULL: there is none. */
const struct reflector *informers_reflector(const struct informers *informers, enum kind kind);

#endif
