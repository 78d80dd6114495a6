/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_REFLECTOR_H
#define ARPLET_REFLECTOR_H

#include "arplet/object.h"

/*
 * Keeps its user up to date with all objects of one kind, as client-go's Reflector does: a
 * consistent list in pages, then a watch that starts at the version of the list.  A failed request
 * is retried with exponential back-off.
 */
struct reflector;
struct client;
struct ev_loop;

enum reflector_state {
	REFLECTOR_STARTING,      /* no answer received yet */
	REFLECTOR_SYNCED,        /* the list is complete, and the watch is open */
	REFLECTOR_RETRYING,      /* the API server or the connection to it fails */
	REFLECTOR_NOT_INSTALLED, /* 404: the CRD is not installed */
	REFLECTOR_FORBIDDEN,     /* 401 or 403 */
	REFLECTOR_HOLDING,       /* synced, with a deletion that no list has confirmed yet */
	REFLECTOR_STATES
};

/* Each callback may make calls (client.h); none may cancel a call or call a reflector function. */
struct reflector_ops {
	/*
	 * A list begins: the objects put until list_end are all objects of the kind.  A list that
	 * fails begins again without a list_end.  With @confirm_deletes, put and pending_delete
	 * from a watch may precede the list_end.
	 */
	void (*list_begin)(void *arg);
	/* A new or changed object, which belongs to the callback. */
	void (*put)(void *arg, struct object *obj);
	void (*del)(void *arg, const char *ns, const char *name);
	void (*list_end)(void *arg);
	/*
	 * The deletion of this object is pending, see @confirm_deletes.  @name NULL: of each object
	 * that this list did not put.
	 */
	void (*pending_delete)(void *arg, const char *ns, const char *name);
	/* The state or its reason changed.  @reason is a sentence; "" for REFLECTOR_SYNCED. */
	void (*state)(void *arg, enum reflector_state state, const char *reason);
};

struct reflector_opts {
	enum kind kind;
	const char *ns;       /* NULL: all namespaces */
	const char *query;    /* percent-encoded: "fieldSelector=metadata.name%3Dx"; NULL: none */
	bool keep_raw;        /* objects keep their JSON */
	int64_t start_ms;     /* the first list starts after this, or at reflector_relist() */
	bool cached;          /* the API server may answer the first list from its watch cache */
	bool confirm_deletes; /* a deletion counts once a later list confirms it: reflector_fsm.h */
};

/*
 * reflector_new - start a reflector: its first list is sent at the next turn of the loop, or after
 * start_ms.  Copies @opts and @ops.
 */
struct reflector *reflector_new(struct ev_loop *loop, struct client *client,
    const struct reflector_opts *opts, const struct reflector_ops *ops, void *arg);
/* reflector_free - NULL is fine.  Must not be called from the reflector's own callbacks. */
void reflector_free(struct reflector *reflector);

/*
 * reflector_relist - list now.  The next list_end reports a state that is not older than this call.
 * One exception: the first list, if @cached.  Must not be called from the reflector's callbacks.
 */
void reflector_relist(struct reflector *reflector);

enum reflector_state reflector_state(const struct reflector *reflector);

struct reflector_stats {
	uint64_t lists;    /* lists begun */
	uint64_t watches;  /* watches begun */
	uint64_t failures; /* requests that failed, with or without an answer */
	uint64_t bad;      /* items dropped because they are no valid objects */
};
const struct reflector_stats *reflector_stats(const struct reflector *reflector);

#endif
