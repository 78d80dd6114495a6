/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_LIFE_H
#define CORE_STATE_SVC_LIFE_H

#include <stdbool.h>

/*
 * The life of a Service, as three state machines.  Every combination of their states can occur,
 * because each machine reads other events.
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
 *   Every decision may lead from any state to any other.  Every state goes back to FOLLOWING when
 *   somebody else writes the status, or when this daemon stops to allocate.
 *   PROBING and WAITING Services are in world.waiting.  They may have addresses already.
 *   A write of the status is under way while svc.write_sent is set.  FOLLOWING has none: each
 *   event that leads there has ended the write.
 *
 * 2. Announcement: which node announces the addresses, as far as this node knows.
 *
 *   NO_ADDRESS, NO_ENDPOINT, NO_NODE --a node is eligible--> NO_HOLDER --elected--> HERE, ELSEWHERE
 *         ^                                                     ^                       |
 *         +---------- no address, endpoint or node -------------+----- holder lost -----+
 *
 * 3. The ServiceL2Status of this node, which MetalLB's users read.
 *
 *   ABSENT --create sent--> CREATING --seen--> PRESENT --create sent--> REPLACING
 *     ^                        |                 |  ^                      |
 *     +--- lost, or another node is holder ------+  +------ seen, lost ----+
 */
enum svc_alloc {
	ALLOC_FOLLOWING, /* no decision holds: the addresses of the status count */
	ALLOC_PROBING,   /* the decision waits for the probe of an address */
	ALLOC_WAITING,   /* an address, or the address that the Service requests, cannot be had now */
	ALLOC_SERVED,    /* the addresses of the decision are all that the Service requests */
	ALLOC_RELEASED,  /* not arplet's to serve any more: the decision is no address */
	SVC_ALLOC_STATES
};

enum svc_alloc_event {
	ALLOC_EV_PROBE,    /* decided: a probe must answer first */
	ALLOC_EV_REFUSE,   /* decided: a pool, a rule or another Service is in the way */
	ALLOC_EV_SERVE,    /* decided: all addresses are there */
	ALLOC_EV_RELEASE,  /* decided: not a Service of arplet, its addresses are released */
	ALLOC_EV_NOT_OURS, /* decided: not a Service of arplet, and no address of arplet on it */
	ALLOC_EV_FOLLOW,   /* the status was written by somebody else; or the Lease was lost or won */
	SVC_ALLOC_EVENTS
};

enum svc_ann {
	SVC_NO_ADDRESS,  /* nothing to announce; or the object cannot be read, or is not ours */
	SVC_NO_ENDPOINT, /* no node is eligible, because no endpoint is ready */
	SVC_NO_NODE,     /* no node is eligible: the advertisements or the nodes are the reason */
	SVC_NO_HOLDER,   /* nodes are eligible, and none is known to announce; since no_holder_ms */
	SVC_ANNOUNCED_HERE,        /* this node announces it on a link at least */
	SVC_ANNOUNCED_ELSEWHERE,   /* another node announces it */
	SVC_ANN_STATES
};

enum svc_ann_event {
	SVC_EV_NO_ADDRESS,
	SVC_EV_NO_ENDPOINT,
	SVC_EV_NO_NODE,
	SVC_EV_ELIGIBLE,  /* a node is eligible */
	SVC_EV_NO_HOLDER, /* nobody announces it */
	SVC_EV_HERE,      /* this node does */
	SVC_EV_ELSEWHERE, /* another node does */
	SVC_ANN_EVENTS
};

enum svc_l2 {
	L2_ABSENT,    /* there is none that this node knows of */
	L2_CREATING,  /* a create was sent, and the object was not seen yet */
	L2_PRESENT,   /* it was seen while this node was the holder */
	L2_REPLACING, /* it was seen, and a create was sent again */
	SVC_L2_STATES
};

enum svc_l2_event {
	L2_EV_CREATE, /* a create is sent */
	L2_EV_SEEN,   /* the object was seen, and this node is the holder */
	L2_EV_LOST,   /* a list does not have it; or it was seen, and this node is not the holder */
	L2_EV_LEFT,   /* another node is the holder */
	SVC_L2_EVENTS
};

struct svc;

/* svc_alloc_on, svc_ann_on, svc_l2_on - @event happens to @svc; true: its state is another one. */
bool svc_alloc_on(struct svc *svc, enum svc_alloc_event event);
bool svc_ann_on(struct svc *svc, enum svc_ann_event event);
bool svc_l2_on(struct svc *svc, enum svc_l2_event event);

#endif
