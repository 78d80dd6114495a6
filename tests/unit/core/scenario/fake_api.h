/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_API_H
#define FAKE_API_H

#include "action_text.h"
#include "arplet/world.h"
#include "core/pools/pool_rules.h"

#include <bsd/sys/queue.h>

/*
 * A small API server in memory.  The server stores objects as lines (see object_text.h), sets their
 * resourceVersion and generation, and carries out the API writes of an action plan.
 */
struct stored {
	TAILQ_ENTRY(stored) link;
	char *key;    /* kind and name: "svc d/a" */
	char *spec;   /* the fields that users write */
	char *status; /* "status=IP,IP" or "counts=...", or empty */
	char *from;   /* "from=POOL", or empty */
	/* hashes of conditions; pools and advertisements have only conditions[0] */
	uint64_t conditions[CONDITIONS];
	int version, generation, created;
	int since; /* lastTransitionTime of the condition Allocated; 0: absent */
};

struct fake_api {
	TAILQ_HEAD(storeds, stored) objects;
	int version;
	struct ip used[16]; /* addresses that hosts outside the cluster use */
	size_t n_used;
	/* which Services of different namespaces may share addresses, in all pools */
	enum share_namespaces share_namespaces;
	/* called after each change; @event: the line of the object, or "del KIND NAME" */
	void (*on_change)(void *arg, const char *event);
	void *arg;
};

void fake_api_init(struct fake_api *api, void (*on_change)(void *arg, const char *event),
    void *arg);
void fake_api_done(struct fake_api *api);

/*
 * fake_api_put - writes an object as a user.  If @line does not contain "status=", the object keeps
 * its status; "status=none" clears the status.
 */
void fake_api_put(struct fake_api *api, const char *line);
void fake_api_delete(struct fake_api *api, const char *key);
struct stored *fake_api_find(struct fake_api *api, const char *key);

/* fake_api_line - describes @obj as a line in @buf (OBJECT_TEXT_MAX bytes); returns @buf. */
const char *fake_api_line(const struct stored *obj, char *buf);

/*
 * fake_api_write - carries out the API write @act of the daemon on @node.  Returns -EAGAIN if @act
 * has an old resourceVersion, and -ENOENT if the object does not exist.  If @act is not an API
 * write, fake_api_write() does nothing and returns 0.
 */
int fake_api_write(struct fake_api *api, const struct action *act, const char *node);

/* fake_api_deliver - passes a watch event (@event as in on_change) to @world. */
void fake_api_deliver(struct world *world, const char *event);

#endif
