/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

#include "arplet/reflector.h"
#include "arplet/world.h"

/* Keeps the world up to date with the API: one reflector for each kind that decisions read. */
struct client;
struct ev_loop;
struct feed;

struct feed_opts {
	const char *pool_ns;
	const char *hello_secret; /* NULL: no Secret is followed */
	int64_t relist_ms; /* Services, slices and pools wait so long for feed_relist() */
	bool keep_raw; /* Services and pools keep their JSON, for the dry run to print */
};

struct feed_ops {
	void (*on_change)(void *arg);                 /* the world has new facts */
	void (*on_listed)(void *arg, enum kind kind); /* ... and all of this kind */
	/* NULL: log it.  The state in which a kind is followed, or its reason, has changed. */
	void (*on_state)(void *arg, enum kind kind, enum reflector_state state, const char *why);
};

struct feed *feed_new(struct ev_loop *loop, struct client *client, struct world *world,
    const struct feed_opts *opts, const struct feed_ops *ops, void *arg);
void feed_free(struct feed *feed); /* NULL is fine */

/* feed_relist - list a kind anew; the on_listed that follows is of a list that began later. */
void feed_relist(struct feed *feed, enum kind kind);

/* feed_reflector - to look at; NULL: this kind is not followed. */
const struct reflector *feed_reflector(const struct feed *feed, enum kind kind);

#endif
