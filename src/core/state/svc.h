/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_H
#define CORE_STATE_SVC_H

#include "addrs.h"
#include "core/base/contention.h"
#include "core/base/ips.h"
#include "store.h"
#include "svc_life.h"
#include "svc_messages.h"
#include <bsd/sys/queue.h>

struct link_vip;
struct serving_nodes;
struct world;

/* What world_decide() must decide again about a Service, as bits of svc.marks. */
enum {
	MARK_ALLOC = 1,      /* the addresses of the Service */
	MARK_ANNOUNCE = 2,   /* the nodes that are eligible to announce the Service's addresses */
	MARK_REPORT = 4,     /* the reports about the holder of the Service's addresses */
	MARK_CONDITIONS = 8, /* the conditions in the status of the Service */
};

/*
 * A Service.  A cluster may have tens of thousands of Services, so this struct is small.  The
 * bit-fields save 16 of 312 bytes.  The union saves an allocation of 32 bytes for a Service with
 * one VIP, which is the usual case.
 */
struct svc {
	struct entry e;
	unsigned int marks;
	uint8_t batched; /* the marks of the batches that contain the Service (batches.h) */
	unsigned int n_vips;
	bool ours : 1;        /* svc_is_ours() of the object */
	bool unshareable : 1; /* a user changed the Service, so it cannot share its address now */
	bool deleted : 1;     /* the Service was deleted, and waits for the end of its batches */
	bool write_conflicts : 1; /* world_set_write_conflicts() was called, and no Event was posted */
	bool write_sent : 1;  /* a write of the decision is under way */
	bool deferred : 1;     /* the Service is in world.deferred, until deferred_until_ms */
	enum svc_alloc alloc : 4;
	enum svc_ann ann : 4;
	enum svc_l2 l2 : 4;
	uint8_t probation; /* families whose address is on probation (addr_probation.h), as bits */
	uint8_t failed;    /* families whose address has failed its probation, as bits */
	uint8_t moves;     /* how often an address of the Service failed its probation */
	struct ips have;   /* the addresses in the status */
	struct ips want;   /* the addresses of the decision */
	struct ips probe_ips; /* requested addresses whose probe result the Service needs */
	TAILQ_ENTRY(svc) marked, waits, in_deferred;
	SLIST_HEAD(, addr_use) uses;
	struct svc_message *messages;

	/* the allocator's side */
	int64_t probation_ms; /* start of the probation, monotonic ms; INT64_MAX: not started yet */
	/* hash of the conditions written since the Service was last seen; 0: none */
	uint64_t last_written;
	struct contention overwrites; /* how often another program replaced what arplet wrote */

	/* the announcer's side */
	const char *holder; /* the node that announces the Service, by world_name(); NULL: none */
	struct strings ifaces; /* interfaces that the L2Advertisements name; one block of memory */
	union {
		struct link_vip *one;   /* if n_vips is 1 */
		struct link_vip **many; /* if n_vips is more */
	} link_vips; /* the VIPs of the Service on the links of this node; svc_vip() returns one */
	struct serving_nodes *serving; /* kept by serving_nodes.c; NULL: nothing */
	int64_t no_holder_ms; /* start of the state SVC_NO_HOLDER, monotonic ms */
	int64_t deferred_until_ms;
	struct contention l2_creates; /* creates of this node's ServiceL2Status, which others delete */
	struct contention l2_deletes; /* deletes of ServiceL2Statuses, which others create again */
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

/*
 * svc_had_first - true if @a has precedence over @b at an address that both have in their statuses:
 * @a got its addresses before @b, or at the same time and @a is older.  Tenants can write neither
 * the condition Allocated, which has this time, nor metadata.creationTimestamp.  A Service without
 * the condition got its address from another program, such as MetalLB, before arplet ran.
 */
bool svc_had_first(const struct svc *a, const struct svc *b);

/*
 * svc_requests_ips - true if @svc requests addresses (spec.loadBalancerIP or
 * metallb.io/loadBalancerIPs).
 */
static inline bool
svc_requests_ips(const struct svc *svc)
{
	return svc_spec(svc)->lb_ip || svc_spec(svc)->ann_ips;
}

/*
 * svc_is_decided - true while a decision of this daemon is valid, so that the addresses in svc.want
 * count as well as those in svc.have.
 */
static inline bool
svc_is_decided(const struct svc *svc)
{
	return svc->alloc != ALLOC_FOLLOWING;
}

/*
 * svc_is_waiting - true while @svc is in world.waiting, because it lacks an address or a probe
 * result.
 */
static inline bool
svc_is_waiting(const struct svc *svc)
{
	return svc->alloc == ALLOC_PROBING || svc->alloc == ALLOC_WAITING;
}

/* svc_wants_holder - true while a node is eligible to announce @svc. */
static inline bool
svc_wants_holder(const struct svc *svc)
{
	return svc->ann >= SVC_NO_HOLDER;
}

/*
 * svc_alloc_event - call svc_alloc_on() with @event, and add @svc to world.waiting, or remove @svc
 * from world.waiting.
 */
void svc_alloc_event(struct world *world, struct svc *svc, enum svc_alloc_event event);

/*
 * world_mark - add @marks to @svc, so that the next world_decide() decides @svc again.
 * world_mark_all - add @marks to all Services. world_mark_ns - add @marks to the Services of a
 * namespace.
 */
void world_mark(struct world *world, struct svc *svc, unsigned int marks);
void world_mark_all(struct world *world, unsigned int marks);
void world_mark_ns(struct world *world, const char *ns, unsigned int marks);

/* svc_ips - the addresses of @svc: those in its status; in the dry run, those of the decision. */
const struct ips *svc_ips(const struct world *world, const struct svc *svc);
/*
 * svc_self - the node for which this process decides: this node; in the dry run, the holder of
 * @svc.
 */
const char *svc_self(const struct world *world, const struct svc *svc);

/* svc_is_ours - true if @obj has type LoadBalancer and the loadBalancerClass of this daemon. */
bool svc_is_ours(const struct world *world, const struct object *obj);

#endif
