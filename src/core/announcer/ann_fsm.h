/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANNOUNCER_ANN_FSM_H
#define CORE_ANNOUNCER_ANN_FSM_H

/* The state machine of an address on a link. */

#include "announcer_state.h"

enum ann_event {
	EV_LINK_UP,        /* the link is up, or has a new MAC */
	EV_LINK_DOWN,      /* the link is down or missing, or has no socket */
	EV_DUE,            /* an announcement or a probe is due, and the rate limit allows it */
	EV_DUE_LAST,       /* the last round of a claim is due; or no host answered any probe */
	EV_DUE_CONFLICT,   /* a probe is due during a conflict */
	EV_CONFLICT,       /* a host claims the address for the first time in ANNOUNCER_DEFEND_MS */
	EV_CONFLICT_AGAIN, /* a host claims the address again soon after a defence */
	EV_CONFLICT_YIELD, /* a host claims the address soon after a defence; policy "yield" */
	EV_PEER_ANNOUNCED, /* a peer announced the address to all hosts */
	EV_PEER_ANSWERED,  /* a peer answered our probe of the address */
	EV_REANNOUNCE,     /* a partition has ended */
	EV_PROXY_HOST,     /* the conflicting host turned out to be a proxy host */
	ANN_EVENTS
};

/* ann_fsm_fire - make the transition for @event, if the table in ann_fsm.c has one. */
void ann_fsm_fire(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    enum ann_event event, int64_t now_ms);

/* ann_fsm_fire_due - make the transition for the announcement or probe that is due. */
void ann_fsm_fire_due(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

#endif
