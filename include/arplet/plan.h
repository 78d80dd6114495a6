/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PLAN_H
#define ARPLET_PLAN_H

#include "arplet/object.h"

/*
 * What a pass over the world wants done, in order.  A plan owns its memory; strings in it may
 * also point into the world and hold until the world is next changed: whoever keeps an action
 * copies it.
 */
enum action_kind {
	ACT_SERVICE_STATUS, /* write (or clear) a Service's address and its pool annotation */
	ACT_POOL_STATUS,    /* write an IPAddressPool's counts */
	ACT_SERVICE_CONDITIONS,     /* write what a Service's conditions say, where its address stays */
	ACT_CONFIG_CONDITION,          /* write whether a pool's or advertisement's specification is in force */
	ACT_EVENT,          /* post an Event */
	ACT_L2STATUS_CREATE,   /* create the ServiceL2Status of a Service for this node */
	ACT_L2STATUS_DELETE,   /* delete a ServiceL2Status by name */
	ACT_SECRET_CREATE,     /* create the Secret with a key for hellos */
	ACT_VIP_WITHDRAW,       /* nobody is to answer for an address on an interface any more */
	ACT_VIP_ELECT,          /* somebody is, who has to be elected; or who may has changed */
	ACT_HELLO_LINK,           /* say hello to other daemons on an interface, or no more */
	ACTIONS
};

/* The object an action is about, as the API names it. */
struct ref {
	enum kind kind;
	const char *ns, *name, *uid;
	const char *version; /* the resourceVersion that the action was decided from */
};

/* What is to become of a condition in the status of a Service. */
struct condition_change {
	enum { CONDITION_KEEP, CONDITION_SET, CONDITION_DROP } what;
	bool is;     /* True or False */
	bool turned; /* it was not so before: the time of the transition is now */
	const char *reason, *message;
};

struct action {
	enum action_kind kind;
	struct ref on;
	struct condition_change conditions[CONDITIONS]; /* of ACT_SERVICE_STATUS and ACT_SERVICE_CONDITIONS */
	union {
		struct {
			struct ip ips[2]; /* IPv4 first */
			size_t n;         /* 0: clear */
			const char *pool; /* of the first address; NULL: remove the annotation */
		} service_status;
		struct pool_counts pool_status;
		struct {
			struct condition_change wish;
			const char *since; /* of the condition that is there; NULL: unknown */
			const struct pool_counts *counts; /* that the pool has; NULL: it is no pool */
		} valid;
		struct {
			bool warning;
			const char *reason;  /* CamelCase or as MetalLB's users know it */
			const char *message; /* one or two sentences */
		} event;
		struct {
			const char *service_ns, *service;
			struct strings interfaces; /* none: all */
			const char *conflict; /* NULL: none */
		} l2status;
		struct {
			const char *name; /* in the namespace of the pools */
		} secret;
		struct {
			struct ip ip, key; /* key: what nodes are ranked by */
			int ifindex;
		} vip;
		struct {
			int ifindex;
			bool meet;
		} meet;
	} u;
};

struct plan {
	struct action *v;
	size_t n;
	struct arena mem;
	size_t room; /* private */
};

/* plan_add - a zeroed action at the end; valid until the next plan_add. */
struct action *plan_add(struct plan *plan, enum action_kind kind, const struct object *on);
/* plan_event - append an ACT_EVENT about @on; cut its message to the 1,024 bytes of the API. */
void plan_event(struct plan *plan, const struct object *on, bool warning, const char *reason,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void plan_done(struct plan *plan); /* frees; the plan is empty and may be used again */

#endif
