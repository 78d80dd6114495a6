/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANNOUNCE_IMPL_H
#define ANNOUNCE_IMPL_H

/* The inside of an announcer, for announce.c, defend.c and hear.c. */

#include "lan.h"
#include "say.h"

struct announcer {
	struct mouth mouth;
	struct announcer_opts opts;
	struct lans lans;
};

/* What happens to an address on a link; the table in announce.c says what follows. */
enum ann_event {
	EV_LINK_UP, /* or it has a new MAC */
	EV_LINK_DOWN,
	EV_ROUND, /* a round is due, and the link's pace allows it */
	EV_LAST_ROUND,
	EV_ASK, /* there is a quarrel: look whether it goes on */
	EV_RIVAL,       /* another host claims it, and may be told that it is ours */
	EV_RIVAL_STAYS, /* it went on after that, within ANNOUNCER_DEFEND_MS */
	EV_RIVAL_WINS,  /* the same, where the policy is to yield */
	EV_FELLOW,      /* a fellow node told the LAN that it has it */
	EV_REMIND,      /* the link was cut, and is whole again */
	EV_KERNEL,      /* a fellow node answered our question about it */
	ANN_EVENTS
};

typedef void ann_act(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms);

#define DEFEND_ASK_MS 5000 /* from one question to the next in a quarrel: two a defence */

/*
 * One claim is often several frames: those of the first second after a defence count as the one
 * that caused it.
 */
#define SAME_CLAIM_MS 1000

/* announce.c */
void announcer_fire(struct announcer *a, struct lan *lan, struct vip *vip, enum ann_event event,
    int64_t now_ms);

/* defend.c */
ann_act act_ask, act_defend, act_bear, act_yield, act_probe, act_suspect, act_again,
	act_remind;

/* defend_ask - ask who else has it, and remember when. */
void defend_ask(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms);

/* defend_forget - the link has gone: whoever was on it may be gone, too. */
void defend_forget(struct announcer *a, struct lan *lan, struct vip *vip);

/* defend_asked_all - a yielded address has been asked about often enough. */
bool defend_asked_all(const struct vip *vip);

#endif
