/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_H
#define API_H

#include "act_text.h"
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

struct api {
	TAILQ_HEAD(storeds, stored) objects;
	int version;
	struct ip used[16]; /* by hosts outside the cluster, as far as the LAN is asked */
	size_t n_used;
	/* Told of each change: a full line, or "del KIND NAME". */
	void (*on_change)(void *arg, const char *event);
	void *arg;
};

void api_init(struct api *api, void (*on_change)(void *arg, const char *event), void *arg);
void api_done(struct api *api);

/* api_put - what a person writes; a status is kept where the line has none ("status=none"). */
void api_put(struct api *api, const char *line);
void api_del(struct api *api, const char *key);
struct stored *api_find(struct api *api, const char *key);

/* api_line - the object as everybody sees it, in @buf (FACT_LEN_MAX bytes). */
const char *api_line(const struct stored *obj, char *buf);

/*
 * api_apply - a daemon on @node asks for what an action says.  -EAGAIN: decided from an old
 * resourceVersion, -ENOENT: gone; 0 also for actions that are not the API's.
 */
int api_apply(struct api *api, const struct action *act, const char *node);

/* api_tell - an event, or an object's line, reaches a world. */
void api_tell(struct world *world, const char *event);

#endif
