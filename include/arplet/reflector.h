/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_REFLECTOR_H
#define ARPLET_REFLECTOR_H

#include "arplet/object.h"

/*
 * A reflector keeps its owner up to date with all objects of one kind, as client-go's Reflector
 * does.  The reflector requests a consistent list in pages, then a watch that starts at the
 * resourceVersion of the list.  The reflector retries a failed request with exponential back-off.
 */
struct reflector;
struct client;
struct ev_loop;

enum reflector_state {
	REFLECTOR_STARTING,      /* no answer received yet */
	REFLECTOR_SYNCED,        /* the list is complete, and the watch is open */
	REFLECTOR_RETRYING,      /* a request or the connection has failed */
	REFLECTOR_NOT_INSTALLED, /* 404: the CRD is not installed */
	REFLECTOR_FORBIDDEN,     /* 401 or 403 */
	REFLECTOR_HOLDING,       /* the watch is open, but a list must still confirm a deletion */
	REFLECTOR_STATES
};

/* A callback may send requests (client.h), but must not cancel requests or call the reflector. */
struct reflector_ops {
	/*
	 * A list begins.  The reflector puts all objects of the kind before list_end.  If a list
	 * fails, the next list_begin follows without a list_end.  If the option confirm_deletes is
	 * set, events of a watch can also cause calls of put and pending_delete before list_end.
	 */
	void (*list_begin)(void *arg);
	/* An object is new or has changed.  The callback owns @obj from now on. */
	void (*put)(void *arg, struct object *obj);
	void (*del)(void *arg, const char *ns, const char *name);
	void (*list_end)(void *arg);
	/*
	 * The deletion of an object is pending, because a list must confirm it (confirm_deletes).
	 * @name NULL: the deletion of each object that this list did not put is pending.
	 */
	void (*pending_delete)(void *arg, const char *ns, const char *name);
	/* The state, or its reason, has changed.  @reason: a sentence; "" if REFLECTOR_SYNCED. */
	void (*state)(void *arg, enum reflector_state state, const char *reason);
};

struct reflector_opts {
	enum kind kind;
	const char *ns;       /* NULL: all namespaces */
	/* URL query, percent-encoded: "fieldSelector=metadata.name%3Dx"; NULL: none */
	const char *query;
	bool keep_raw;        /* objects keep their JSON */
	int64_t start_ms;     /* delay of the first list; reflector_relist() ends the delay */
	bool cached;          /* the API server may answer the first list from its watch cache */
	bool confirm_deletes; /* a later list must confirm a deletion (pending_delete.h) */
};

/*
 * reflector_new - start a reflector.  The reflector requests the first list at the next turn of
 * the event loop, or after start_ms.  reflector_new() copies @opts and @ops.
 */
struct reflector *reflector_new(struct ev_loop *loop, struct client *client,
    const struct reflector_opts *opts, const struct reflector_ops *ops, void *arg);
/*
 * reflector_free - free @reflector (NULL is fine).  The reflector's callbacks must not call
 * reflector_free().
 */
void reflector_free(struct reflector *reflector);

/*
 * reflector_relist - list all objects again now.  The objects that the reflector puts before the
 * next list_end are not older than this call.  One exception: if the option cached is set, the
 * objects of the first list can be older.  The reflector's callbacks must not call
 * reflector_relist().
 */
void reflector_relist(struct reflector *reflector);

enum reflector_state reflector_state(const struct reflector *reflector);

struct reflector_stats {
	uint64_t lists;    /* lists begun */
	uint64_t watches;  /* watches begun */
	uint64_t failures; /* failed requests, with or without an answer */
	uint64_t bad;      /* items that were dropped, because they are no valid objects */
};
const struct reflector_stats *reflector_stats(const struct reflector *reflector);

#endif
