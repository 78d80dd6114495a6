/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANN_FSM_H
#define ANN_FSM_H

/* The state machine of an address on a link. */

#include "announcer_state.h"

enum ann_event {
	EV_LINK_UP, /* also: the link has a new MAC */
	EV_LINK_DOWN,
	EV_DUE,            /* a round or a probe is due, and the link's pace allows it */
	EV_DUE_LAST,       /* the last round of a claim is due; or no probe was answered */
	EV_DUE_CONFLICT,   /* a probe is due, because a conflict is open */
	EV_CONFLICT,       /* a conflicting host claims the address, and a defence is allowed */
	EV_CONFLICT_AGAIN, /* it is claimed within ANNOUNCER_DEFEND_MS of a defence */
	EV_CONFLICT_YIELD, /* the same, and the policy is to yield */
	EV_PEER_ANNOUNCED, /* a peer announced the address to all hosts */
	EV_PEER_ANSWERED,  /* a peer answered our probe of the address */
	EV_REANNOUNCE,     /* a partition has ended */
	ANN_EVENTS
};

/* ann_fsm_fire - make the transition in the table of ann_fsm.c; ignore @event if there is none. */
void ann_fsm_fire(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    enum ann_event event, int64_t now_ms);

/* ann_fsm_fire_due - the same for the round or probe that is due. */
void ann_fsm_fire_due(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

#endif
