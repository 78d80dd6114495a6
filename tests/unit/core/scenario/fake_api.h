/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_API_H
#define FAKE_API_H

#include "action_text.h"
#include "arplet/world.h"

#include <bsd/sys/queue.h>

/*
 * A small API server in memory.  It stores objects as lines (see object_text.h), manages their
 * resourceVersion and generation, and accepts the writes of a plan.
 */
struct stored {
	TAILQ_ENTRY(stored) link;
	char *key;    /* kind and name: "svc d/a" */
	char *spec;   /* the fields that users write */
	char *status; /* "status=IP,IP" or "counts=...", or empty */
	char *from;   /* "from=POOL", or empty */
	uint64_t conditions[CONDITIONS]; /* hashes; a pool or an adv has only the first */
	int version, generation, created;
};

struct fake_api {
	TAILQ_HEAD(storeds, stored) objects;
	int version;
	struct ip used[16]; /* addresses that hosts outside the cluster use */
	size_t n_used;
	/* Receives each change: the line of the object, or "del KIND NAME". */
	void (*on_change)(void *arg, const char *event);
	void *arg;
};

void fake_api_init(struct fake_api *api, void (*on_change)(void *arg, const char *event),
    void *arg);
void fake_api_done(struct fake_api *api);

/*
 * fake_api_put - writes an object as a user.  Without "status=" in @line the object keeps its
 * status; "status=none" clears the status.
 */
void fake_api_put(struct fake_api *api, const char *line);
void fake_api_delete(struct fake_api *api, const char *key);
struct stored *fake_api_find(struct fake_api *api, const char *key);

/* fake_api_line - writes the line of an object into @buf (OBJECT_TEXT_MAX bytes); returns @buf. */
const char *fake_api_line(const struct stored *obj, char *buf);

/*
 * fake_api_write - carries out the API write of an action of the daemon on @node.  Returns -EAGAIN
 * if the action has an old resourceVersion, and -ENOENT if the object does not exist.  Ignores
 * actions that are not API writes, and returns 0.
 */
int fake_api_write(struct fake_api *api, const struct action *act, const char *node);

/* fake_api_deliver - passes an event, or the line of an object, to @world. */
void fake_api_deliver(struct world *world, const char *event);

#endif
