/* SPDX-License-Identifier: Apache-2.0 */
#include "svc_life.h"
#include "svc.h"

/* The tables of the three state machines that svc_life.h draws: [state][event] = next state. */

/* clang-format off */
static const enum svc_alloc alloc_next[SVC_ALLOC_STATES][SVC_ALLOC_EVENTS] = {
	/* on EV_PROBE   EV_REFUSE      EV_SERVE      EV_RELEASE      EV_NOT_OURS      EV_FOLLOW */
	[ALLOC_FOLLOWING] =
	{ ALLOC_PROBING, ALLOC_WAITING, ALLOC_SERVED, ALLOC_RELEASED, ALLOC_FOLLOWING, ALLOC_FOLLOWING },
	[ALLOC_PROBING] =
	{ ALLOC_PROBING, ALLOC_WAITING, ALLOC_SERVED, ALLOC_RELEASED, ALLOC_RELEASED,  ALLOC_FOLLOWING },
	[ALLOC_WAITING] =
	{ ALLOC_PROBING, ALLOC_WAITING, ALLOC_SERVED, ALLOC_RELEASED, ALLOC_RELEASED,  ALLOC_FOLLOWING },
	[ALLOC_SERVED] =
	{ ALLOC_PROBING, ALLOC_WAITING, ALLOC_SERVED, ALLOC_RELEASED, ALLOC_RELEASED,  ALLOC_FOLLOWING },
	[ALLOC_RELEASED] =
	{ ALLOC_PROBING, ALLOC_WAITING, ALLOC_SERVED, ALLOC_RELEASED, ALLOC_RELEASED,  ALLOC_FOLLOWING },
};

/*
 * In every state, the event SVC_EV_NO_ADDRESS, SVC_EV_NO_ENDPOINT or SVC_EV_NO_NODE leads to the
 * state of the same name.
 */
#define NOT_ELIGIBLE                                                                            \
	[SVC_EV_NO_ADDRESS] = SVC_NO_ADDRESS, [SVC_EV_NO_ENDPOINT] = SVC_NO_ENDPOINT,           \
	[SVC_EV_NO_NODE] = SVC_NO_NODE

static const enum svc_ann ann_next[SVC_ANN_STATES][SVC_ANN_EVENTS] = {
	/*                   on EV_ELIGIBLE             EV_NO_HOLDER     EV_HERE                EV_ELSEWHERE */
	[SVC_NO_ADDRESS]          = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_NO_HOLDER,           SVC_NO_ADDRESS,  SVC_NO_ADDRESS,        SVC_NO_ADDRESS },
	[SVC_NO_ENDPOINT]         = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_NO_HOLDER,           SVC_NO_ENDPOINT, SVC_NO_ENDPOINT,       SVC_NO_ENDPOINT },
	[SVC_NO_NODE]             = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_NO_HOLDER,           SVC_NO_NODE,     SVC_NO_NODE,           SVC_NO_NODE },
	[SVC_NO_HOLDER]           = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_NO_HOLDER,           SVC_NO_HOLDER,   SVC_ANNOUNCED_HERE,    SVC_ANNOUNCED_ELSEWHERE },
	[SVC_ANNOUNCED_HERE]      = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_ANNOUNCED_HERE,      SVC_NO_HOLDER,   SVC_ANNOUNCED_HERE,    SVC_ANNOUNCED_ELSEWHERE },
	[SVC_ANNOUNCED_ELSEWHERE] = { NOT_ELIGIBLE, [SVC_EV_ELIGIBLE] =
	    SVC_ANNOUNCED_ELSEWHERE, SVC_NO_HOLDER,   SVC_ANNOUNCED_HERE,    SVC_ANNOUNCED_ELSEWHERE },
};

static const enum svc_l2 l2_next[SVC_L2_STATES][SVC_L2_EVENTS] = {
	/* in             on EV_CREATE    EV_SEEN     EV_LOST     EV_LEFT */
	[L2_ABSENT]    = { L2_CREATING,  L2_PRESENT, L2_ABSENT,  L2_ABSENT },
	[L2_CREATING]  = { L2_CREATING,  L2_PRESENT, L2_ABSENT,  L2_ABSENT },
	[L2_PRESENT]   = { L2_REPLACING, L2_PRESENT, L2_PRESENT, L2_ABSENT },
	[L2_REPLACING] = { L2_REPLACING, L2_PRESENT, L2_PRESENT, L2_ABSENT },
};
/* clang-format on */

bool
svc_alloc_on(struct svc *svc, enum svc_alloc_event event)
{
	enum svc_alloc before = svc->alloc;

	svc->alloc = alloc_next[before][event];
	if (svc->alloc == ALLOC_FOLLOWING)
		svc->write_sent = false;
	return svc->alloc != before;
}

bool
svc_ann_on(struct svc *svc, enum svc_ann_event event)
{
	enum svc_ann before = svc->ann;

	svc->ann = ann_next[before][event];
	return svc->ann != before;
}

bool
svc_l2_on(struct svc *svc, enum svc_l2_event event)
{
	enum svc_l2 before = svc->l2;

	svc->l2 = l2_next[before][event];
	return svc->l2 != before;
}
