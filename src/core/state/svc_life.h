/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_LIFE_H
#define CORE_STATE_SVC_LIFE_H

#include <stdbool.h>

/*
 * The life of a Service, as three state machines.  The machines react to different events, so every
 * combination of their states can occur.
 *
 * 1. Allocation: what this daemon, as the allocator, has decided about the addresses.
 *
 *                   decision: all that is requested
 *        +--------------------------------------------------> SERVED
 *        |                                                    ^    |
 *   FOLLOWING --decision: a probe must answer--> PROBING -----+    | an address or a port
 *        |                                        |   ^       |    | is missing
 *        |          decision: not all             v   |       |    v
 *        +-------------------------------------> WAITING -----+----+
 *        |
 *        +--decision: not ours any more--> RELEASED
 *
 *   A decision can lead from any state to any other state.  Every state changes to FOLLOWING when
 *   another program writes the status, or when this daemon loses the Lease.
 *   A Service in PROBING or WAITING is in world.waiting, and it may already have addresses.
 *   While a write of the status is under way, svc.write_sent is true.  In FOLLOWING,
 *   svc.write_sent is false, because each event that leads to FOLLOWING ends the write.
 *
 * 2. Announcement: which node announces the addresses, as far as this node knows.
 *
 *   NO_ADDRESS, NO_ENDPOINT, NO_NODE --a node is eligible--> NO_HOLDER --elected--> HERE, ELSEWHERE
 *         ^                                                     ^                       |
 *         +---------- no address, endpoint or node -------------+----- holder lost -----+
 *
 * 3. The ServiceL2Status by which this node reports that it announces the Service, as in MetalLB.
 *
 *   ABSENT --create sent--> CREATING --seen--> PRESENT --create sent--> REPLACING
 *     ^                        |                 |  ^                      |
 *     +--- lost, or another node is holder ------+  +------ seen, lost ----+
 */
enum svc_alloc {
	ALLOC_FOLLOWING, /* no decision is valid: only the addresses in the status count */
	ALLOC_PROBING,   /* the Service waits for the probe result of an address */
	ALLOC_WAITING,   /* the Service cannot get an address, or the requested address, now */
	ALLOC_SERVED,    /* the decision has all addresses that the Service needs */
	ALLOC_RELEASED,  /* arplet does not serve the Service any more and releases its addresses */
	SVC_ALLOC_STATES
};

enum svc_alloc_event {
	ALLOC_EV_PROBE,    /* decision: the Service must wait for a probe result */
	ALLOC_EV_REFUSE,   /* decision: a pool, a rule or another Service prevents the allocation */
	ALLOC_EV_SERVE,    /* decision: the Service gets or keeps all addresses that it needs */
	/* decision: arplet does not serve the Service and releases its addresses */
	ALLOC_EV_RELEASE,
	/* decision: arplet does not serve the Service, which has no address of arplet */
	ALLOC_EV_NOT_OURS,
	/* another program wrote the status, or this daemon lost or won the Lease */
	ALLOC_EV_FOLLOW,
	SVC_ALLOC_EVENTS
};

enum svc_ann {
	SVC_NO_ADDRESS,  /* no address; or the Service is invalid or not a Service of arplet */
	SVC_NO_ENDPOINT, /* no node is eligible, because no endpoint is ready */
	SVC_NO_NODE,     /* no node is eligible, because of the L2Advertisements or the nodes */
	SVC_NO_HOLDER,   /* nodes are eligible, but since svc.no_holder_ms no holder is known */
	SVC_ANNOUNCED_HERE,        /* this node announces the Service on at least one link */
	SVC_ANNOUNCED_ELSEWHERE,   /* another node announces the Service */
	SVC_ANN_STATES
};

enum svc_ann_event {
	SVC_EV_NO_ADDRESS,
	SVC_EV_NO_ENDPOINT,
	SVC_EV_NO_NODE,
	SVC_EV_ELIGIBLE,  /* a node is eligible */
	SVC_EV_NO_HOLDER, /* no node announces the Service */
	SVC_EV_HERE,      /* this node announces the Service */
	SVC_EV_ELSEWHERE, /* another node announces the Service */
	SVC_ANN_EVENTS
};

enum svc_l2 {
	L2_ABSENT,    /* this node knows of no ServiceL2Status of its own */
	L2_CREATING,  /* a create was sent, and the ServiceL2Status was not seen yet */
	L2_PRESENT,   /* the ServiceL2Status was seen while this node was the holder */
	L2_REPLACING, /* the ServiceL2Status was seen, and a second create was sent */
	SVC_L2_STATES
};

enum svc_l2_event {
	L2_EV_CREATE, /* a create of a ServiceL2Status is sent */
	L2_EV_SEEN,   /* the ServiceL2Status was seen, and this node is the holder */
	/* a list lacks the ServiceL2Status; or it was seen, but this node is not the holder */
	L2_EV_LOST,
	L2_EV_LEFT,   /* this node is not the holder */
	SVC_L2_EVENTS
};

struct svc;

/*
 * svc_alloc_on, svc_ann_on, svc_l2_on - apply @event to @svc; true if the state of @svc has
 * changed.
 */
bool svc_alloc_on(struct svc *svc, enum svc_alloc_event event);
bool svc_ann_on(struct svc *svc, enum svc_ann_event event);
bool svc_l2_on(struct svc *svc, enum svc_l2_event event);

#endif
