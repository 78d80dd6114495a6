/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_H
#define CORE_STATE_SVC_H

#include "addrs.h"
#include "core/base/ips.h"
#include "store.h"
#include "svc_life.h"
#include "svc_messages.h"
#include <bsd/sys/queue.h>

struct link_vip;
struct world;

enum {
	MARK_ALLOC = 1,
	MARK_ANNOUNCE = 2, /* who may announce it */
	MARK_REPORT = 4,   /* who does */
	MARK_CONDITIONS = 8, /* what is said of both in its status */
};

/* There are tens of thousands of them: what is small lies together, so that nothing is padding. */
struct svc {
	struct entry e;
	unsigned int marks;
	unsigned int n_vips;
	bool ours : 1;        /* of type LoadBalancer, and of the class that arplet serves */
	bool unshareable : 1; /* changed, so that it does not fit beside the others on its address */
	bool write_sent : 1;  /* a write of the decision is under way */
	bool recheck : 1;     /* in world.recheck, until recheck_ms */
	enum svc_alloc alloc : 4;
	enum svc_ann ann : 4;
	enum svc_l2 l2 : 4;
	uint8_t probation;  /* bits of families whose address was given unasked (trial.c) ... */
	uint8_t failed; /* ... and is another host's, so that it is to leave it */
	uint8_t moves;  /* how often it did */
	struct ips have; /* in status */
	struct ips want; /* decided; what status is to become */
	struct ips named; /* asked for by name: whether they are free is to be known while it waits */
	TAILQ_ENTRY(svc) marked, waits, in_recheck;
	SLIST_HEAD(, addr_use) uses;
	struct svc_message *messages; /* svc_message() */

	/* the allocator's side */
	int64_t probation_ms; /* since when it is announced; INT64_MAX: it is not yet */
	uint64_t last_written; /* mark of the conditions that have gone out since it was seen; 0: none */

	/* the announcer's side */
	const char *holder;    /* the node that answers, by world_name(); NULL: none */
	struct strings ifaces; /* that the advertisements name here; v and its texts are one block */
	union {
		struct link_vip *one;   /* with n_vips of 1 */
		struct link_vip **many; /* with more */
	} link_vips; /* of this Service on the links of this node: svc_vip() */
	int64_t no_holder_ms; /* since when it is SVC_NO_HOLDER */
	int64_t recheck_ms;
	int64_t l2_ms; /* when the last ServiceL2Status was asked for */
};
TAILQ_HEAD(svcs, svc);

static inline const struct service *
svc_spec(const struct svc *svc)
{
	return &svc->e.obj->u.service;
}

static inline struct link_vip *
svc_vip(const struct svc *svc, size_t i)
{
	return svc->n_vips == 1 ? svc->link_vips.one : svc->link_vips.many[i];
}

/* svc_requests_ips - does it ask for addresses by name? */
static inline bool
svc_requests_ips(const struct svc *svc)
{
	return svc_spec(svc)->lb_ip || svc_spec(svc)->ann_ips;
}

/* svc_is_decided - true while a decision of this daemon holds: svc.want counts, not svc.have alone. */
static inline bool
svc_is_decided(const struct svc *svc)
{
	return svc->alloc != ALLOC_FOLLOWING;
}

/* svc_is_waiting - true while it is in world.waiting. */
static inline bool
svc_is_waiting(const struct svc *svc)
{
	return svc->alloc == ALLOC_PROBING || svc->alloc == ALLOC_WAITING;
}

/* svc_wants_holder - true while a node is eligible to announce it. */
static inline bool
svc_wants_holder(const struct svc *svc)
{
	return svc->ann >= SVC_NO_HOLDER;
}

/* svc_alloc_event - svc_alloc_on(), and keep world.waiting. */
void svc_alloc_event(struct world *world, struct svc *svc, enum svc_alloc_event event);

void world_mark(struct world *world, struct svc *svc, unsigned int marks);
void world_mark_all(struct world *world, unsigned int marks);
void world_mark_ns(struct world *world, const char *ns, unsigned int marks);

/* svc_ips - the addresses that count as the Service's: in status, or decided in the dry run. */
const struct ips *svc_ips(const struct world *world, const struct svc *svc);
/* svc_self - the node that this pass speaks for, of all that could hold the Service's address. */
const char *svc_self(const struct world *world, const struct svc *svc);

/* svc_is_ours - true for a Service of type LoadBalancer with the loadBalancerClass that arplet serves. */
bool svc_is_ours(const struct world *world, const struct object *obj);

#endif
