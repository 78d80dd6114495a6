/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ACTION_PLAN_H
#define ARPLET_ACTION_PLAN_H

#include "arplet/object.h"

/*
 * A plan: the actions that world_decide() has decided, in the order in which the caller must run
 * them.  A plan owns its memory.  Some strings of a plan point into the memory of the world, so all
 * strings of the plan are valid only until the world changes.  A caller that keeps an action for
 * longer must copy the strings of the action.
 */
enum action_kind {
	ACT_SERVICE_STATUS,     /* write the addresses of a Service and its pool annotation */
	ACT_POOL_STATUS,        /* write the address counts of an IPAddressPool */
	ACT_SERVICE_CONDITIONS, /* write the conditions of a Service, but not its addresses */
	ACT_CONFIG_CONDITION,   /* write the condition of a pool or an advertisement */
	ACT_EVENT,              /* post an Event */
	ACT_L2STATUS_CREATE,    /* create the ServiceL2Status of a Service for this node */
	ACT_L2STATUS_DELETE,    /* delete a ServiceL2Status by name */
	ACT_SECRET_KEY,         /* write a new key that signs hellos into the empty Secret */
	ACT_VIP_WITHDRAW,       /* withdraw a VIP: no node may hold it on the link any more */
	ACT_VIP_ELECT,          /* elect a holder of a VIP, or replace its eligible nodes */
	ACT_HELLO_LINK,         /* start or stop sending and receiving hellos on a link */
	ACTIONS
};

/* Identifies the API object that an action changes, or that an Event is about. */
struct object_ref {
	enum kind kind;
	const char *ns, *name, *uid;
	const char *version; /* resourceVersion of the object when the action was decided */
};

/* A change of one condition in the status of an API object. */
struct condition_change {
	enum { CONDITION_KEEP, CONDITION_SET, CONDITION_DROP } op;
	bool status;     /* True or False */
	bool transition; /* the condition's status changes, so set lastTransitionTime to now */
	const char *reason, *message;
};

struct action {
	enum action_kind kind;
	struct object_ref on;
	/*
	 * the caller sends the write only after this time, because another program changes the
	 * object against this daemon; a newer action about the object replaces the waiting write;
	 * 0: no pause
	 */
	int64_t pause_ms;
	struct condition_change conditions[CONDITIONS]; /* of a Service */
	union {
		struct {
			struct ip ips[2]; /* IPv4 first */
			size_t n;         /* 0: remove all addresses */
			/* the first address's pool, to annotate; NULL: remove the annotation */
			const char *pool;
		} service_status;
		struct pool_counts pool_status;
		struct {
			struct condition_change change;
			/* lastTransitionTime of the condition before this change; NULL: unknown */
			const char *since;
			/* the pool's address counts; NULL: the object is an advertisement */
			const struct pool_counts *counts;
		} config_condition;
		struct {
			bool warning;
			/* reason of the Event, in CamelCase or as in MetalLB */
			const char *reason;
			const char *message; /* one or two sentences */
		} event;
		struct {
			const char *service_ns, *service; /* NULL if the object names none */
			struct strings interfaces; /* of a create; empty: all */
			/* value of the annotation arplet.io/conflict; NULL: no annotation */
			const char *conflict;
		} l2status;
		struct {
			struct ip ip;
			/* a node's rank is a hash of its name and this address (node_rank.h) */
			struct ip key;
			int ifindex;
		} vip;
		struct {
			int ifindex;
			bool enabled;
		} hello_link;
	} u;
};

struct plan {
	struct action *v;
	size_t n;
	struct arena mem;
	size_t room; /* private */
};

/*
 * plan_add - append a zeroed action about the object @on (NULL: no object).  Returns the action,
 * which is valid until the next plan_add().
 */
struct action *plan_add(struct plan *plan, enum action_kind kind, const struct object *on);
/* plan_event - append an ACT_EVENT about @on; a message over 1,024 bytes (API limit) is cut. */
void plan_event(struct plan *plan, const struct object *on, bool warning, const char *reason,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void plan_done(struct plan *plan); /* free the plan's memory; the plan may be used again */

#endif
