/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PLAN_H
#define ARPLET_PLAN_H

#include "arplet/object.h"

/*
 * The actions that world_decide() wants, in order.  A plan owns its memory.  Strings in it may also
 * point into the world, and are valid until the world changes: copy an action to keep it.
 */
enum action_kind {
	ACT_SERVICE_STATUS,     /* write the addresses of a Service and its pool annotation */
	ACT_POOL_STATUS,        /* write the counts of an IPAddressPool */
	ACT_SERVICE_CONDITIONS, /* write the conditions of a Service, whose addresses stay */
	ACT_CONFIG_CONDITION,   /* write the condition of a pool or an advertisement */
	ACT_EVENT,              /* post an Event */
	ACT_L2STATUS_CREATE,    /* create the ServiceL2Status of a Service for this node */
	ACT_L2STATUS_DELETE,    /* delete a ServiceL2Status by name */
	ACT_SECRET_CREATE,      /* create the Secret with the key of hellos */
	ACT_VIP_WITHDRAW,       /* no node shall hold a VIP on a link any more */
	ACT_VIP_ELECT,          /* the nodes shall elect a holder; or the eligible nodes have changed */
	ACT_HELLO_LINK,         /* start or stop hellos on a link */
	ACTIONS
};

/* The object of an action, as the API names it. */
struct object_ref {
	enum kind kind;
	const char *ns, *name, *uid;
	const char *version; /* the resourceVersion that the action was decided from */
};

/* How a condition in the status of an object changes. */
struct condition_change {
	enum { CONDITION_KEEP, CONDITION_SET, CONDITION_DROP } op;
	bool status;     /* True or False */
	bool transition; /* the status changes: lastTransitionTime is now */
	const char *reason, *message;
};

struct action {
	enum action_kind kind;
	struct object_ref on;
	struct condition_change conditions[CONDITIONS]; /* of a Service */
	union {
		struct {
			struct ip ips[2]; /* IPv4 first */
			size_t n;         /* 0: remove all */
			const char *pool; /* of the first address; NULL: remove the annotation */
		} service_status;
		struct pool_counts pool_status;
		struct {
			struct condition_change change;
			const char *since; /* its lastTransitionTime before; NULL: unknown */
			const struct pool_counts *counts; /* of a pool; NULL: an advertisement */
		} config_condition;
		struct {
			bool warning;
			const char *reason;  /* CamelCase, or the name that MetalLB uses */
			const char *message; /* one or two sentences */
		} event;
		struct {
			const char *service_ns, *service;
			struct strings interfaces; /* empty: all */
			const char *conflict; /* the annotation (conflicts.h); NULL: none */
		} l2status;
		struct {
			const char *name; /* in the namespace of the pools */
		} secret;
		struct {
			struct ip ip;
			struct ip key; /* the address that nodes are ranked by (rank.h) */
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

/* plan_add - append a zeroed action about @on (NULL: none); valid until the next plan_add(). */
struct action *plan_add(struct plan *plan, enum action_kind kind, const struct object *on);
/* plan_event - append an ACT_EVENT about @on; cut its message to the 1,024 bytes of the API. */
void plan_event(struct plan *plan, const struct object *on, bool warning, const char *reason,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void plan_done(struct plan *plan); /* free all; the plan is empty and may be used again */

#endif
