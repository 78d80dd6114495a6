/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

#include "arplet/reflector.h"
#include "arplet/world.h"

/* Keeps the world up to date with the API: one reflector for each kind that decisions read. */
struct client;
struct ev_loop;
struct informers;

struct informers_opts {
	const char *pool_ns;
	const char *hello_secret; /* NULL: no Secret is followed */
	int64_t relist_ms; /* Services, slices and pools wait so long for informers_relist() */
	bool keep_raw; /* Services and pools keep their JSON, for the dry run to print */
};

struct informers_ops {
	void (*on_change)(void *arg);                 /* the world has new facts */
	void (*on_listed)(void *arg, enum kind kind); /* ... and all of this kind */
	/* NULL: log it.  The state in which a kind is followed, or its reason, has changed. */
	void (*on_state)(void *arg, enum kind kind, enum reflector_state state, const char *why);
};

struct informers *informers_new(struct ev_loop *loop, struct client *client, struct world *world,
    const struct informers_opts *opts, const struct informers_ops *ops, void *arg);
void informers_free(struct informers *informers); /* NULL is fine */

/* informers_relist - list a kind anew; the on_listed that follows is of a list that began later. */
void informers_relist(struct informers *informers, enum kind kind);

/* informers_reflector - to look at; NULL: this kind is not followed. */
const struct reflector *informers_reflector(const struct informers *informers, enum kind kind);

#endif
