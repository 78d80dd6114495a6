/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_API_H
#define FAKE_API_H

#include "action_text.h"
#include "arplet/world.h"

#include <bsd/sys/queue.h>

/*
 * A little Kubernetes API: objects as lines of text (see facts.h) with status, resourceVersion and
 * generation of its own, that accepts what a plan wants written.
 */
struct stored {
	TAILQ_ENTRY(stored) link;
	char *key;    /* the first two words: "svc d/a" */
	char *spec;   /* the rest, without what follows */
	char *status; /* as words: "status=IP,IP", "counts=..." */
	char *from;   /* "from=POOL" */
	uint64_t conditions[CONDITIONS]; /* of a Service: "conditions=HEX/HEX"; of a pool or adv, the first */
	int version, generation, created;
};

struct fake_api {
	TAILQ_HEAD(storeds, stored) objects;
	int version;
	struct ip used[16]; /* by hosts outside the cluster, as far as the LAN is asked */
	size_t n_used;
	/* Told of each change: a full line, or "del KIND NAME". */
	void (*on_change)(void *arg, const char *event);
	void *arg;
};

void fake_api_init(struct fake_api *api, void (*on_change)(void *arg, const char *event), void *arg);
void fake_api_done(struct fake_api *api);

/* fake_api_put - what a person writes; a status is kept where the line has none ("status=none"). */
void fake_api_put(struct fake_api *api, const char *line);
void fake_api_delete(struct fake_api *api, const char *key);
struct stored *fake_api_find(struct fake_api *api, const char *key);

/* fake_api_line - the object as everybody sees it, in @buf (OBJECT_TEXT_MAX bytes). */
const char *fake_api_line(const struct stored *obj, char *buf);

/*
 * fake_api_write - a daemon on @node asks for what an action says.  -EAGAIN: decided from an old
 * resourceVersion, -ENOENT: gone; 0 also for actions that are not the API's.
 */
int fake_api_write(struct fake_api *api, const struct action *act, const char *node);

/* fake_api_deliver - an event, or an object's line, reaches a world. */
void fake_api_deliver(struct world *world, const char *event);

#endif
