/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_REFLECTOR_H
#define ARPLET_REFLECTOR_H

#include "arplet/object.h"

/*
 * Keeps a caller up to date with all objects of one kind: a consistent list in pages, then a
 * watch from there on, for ever.  What goes wrong is retried with growing pauses.
 */
struct reflector;
struct client;
struct ev_loop;

enum reflector_state {
	REFLECTOR_STARTING,      /* nothing heard yet */
	REFLECTOR_SYNCED,        /* listed, and the watch is open or being resumed in due course */
	REFLECTOR_RETRYING,      /* the API server or the way to it fails */
	REFLECTOR_NOT_INSTALLED, /* 404: the CRD is missing */
	REFLECTOR_FORBIDDEN,     /* 401 or 403 */
	REFLECTOR_HOLDING,       /* followed, but what seems to be gone is not taken for gone yet */
	REFLECTOR_STATES
};

/* All may make calls (client.h), and none may cancel one or touch a reflector. */
struct reflector_ops {
	/*
	 * A list begins: what is put until list_end is all there is.  May begin again before it,
	 * and with @confirm_deletes what a watch says may come before it, too.
	 */
	void (*list_begin)(void *arg);
	void (*put)(void *arg, struct object *obj); /* new or changed; yours from now on */
	void (*del)(void *arg, const char *ns, const char *name);
	void (*list_end)(void *arg);
	/*
	 * That object (@name NULL: all that was not put in this list) seems to be gone; see @confirm_deletes.
	 */
	void (*pending_delete)(void *arg, const char *ns, const char *name);
	/* The state changed, or its reason did: @why is a sentence, "" when synced. */
	void (*state)(void *arg, enum reflector_state state, const char *why);
};

struct reflector_opts {
	enum kind kind;
	const char *ns;    /* NULL: all namespaces */
	const char *query; /* NULL, or "fieldSelector=metadata.name%3Dx&..." (percent-encoded) */
	bool keep_raw;     /* objects keep their JSON */
	int64_t start_ms;  /* the first list waits so long for a reflector_relist() */
	bool cached;       /* the first list may be as old as what a watch tells */
	bool confirm_deletes;         /* a deletion counts once it is sure that not the CRD is going */
};

/*
 * reflector_new - starts with the next turn of the loop, or after start_ms.  Copies @opts and @ops.
 */
struct reflector *reflector_new(struct ev_loop *loop, struct client *client,
    const struct reflector_opts *opts, const struct reflector_ops *ops, void *arg);
void reflector_free(struct reflector *reflector); /* NULL is fine; not from its own callback */

/*
 * reflector_relist - list anew, and consistently, from now: the list_end that follows stands for
 * a state that is not older than this call (but for the first list, with @cached).  Not from its
 * own callback.
 */
void reflector_relist(struct reflector *reflector);

enum reflector_state reflector_state(const struct reflector *reflector);

struct reflector_stats {
	uint64_t lists;    /* lists begun */
	uint64_t watches;  /* watches opened */
	uint64_t failures; /* answers or silences that led to a pause */
	uint64_t bad;      /* objects that were not understood at all (dropped) */
};
const struct reflector_stats *reflector_stats(const struct reflector *reflector);

#endif
