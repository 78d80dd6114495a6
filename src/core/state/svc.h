/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_H
#define CORE_STATE_SVC_H

#include "addrs.h"
#include "core/base/ips.h"
#include "store.h"
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
	bool ours : 1, waiting : 1;
	bool awaits_probe : 1;   /* waits until the LAN has been asked for an address */
	bool unshareable : 1; /* changed, so that it fits no more beside others on its address */
	bool decided : 1;  /* want holds; otherwise it follows status */
	bool sent : 1;     /* want has gone out in an action since either changed */
	bool wants_holder : 1;   /* some node may announce it */
	bool no_endpoint : 1;     /* none may, for it has no ready endpoint: daily life */
	bool here : 1;     /* this node is the holder */
	bool unannounced : 1;     /* some node may announce it, none is known to; since unannounced_ms */
	bool recheck : 1;    /* the report is looked at again at recheck_ms */
	bool l2_existed : 1;   /* a ServiceL2Status of this node, since it became the holder */
	bool l2_requested : 1; /* a ServiceL2Status has been asked for and not been seen */
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
	int64_t unannounced_ms, recheck_ms;
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
