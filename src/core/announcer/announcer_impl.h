/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANNOUNCE_IMPL_H
#define ANNOUNCE_IMPL_H

/* The inside of an announcer, for announce.c, defend.c and hear.c. */

#include "ann_link.h"
#include "ann_tx.h"

struct announcer {
	struct ann_tx ann_tx;
	struct announcer_opts opts;
	struct ann_links ann_links;
};

/* What happens to an address on a link; the table in announce.c says what follows. */
enum ann_event {
	EV_LINK_UP, /* or it has a new MAC */
	EV_LINK_DOWN,
	EV_ROUND, /* a round is due, and the link's pace allows it */
	EV_LAST_ROUND,
	EV_PROBE, /* there is a quarrel: look whether it goes on */
	EV_CONFLICT,       /* another host claims it, and may be told that it is ours */
	EV_CONFLICT_AGAIN, /* it went on after that, within ANNOUNCER_DEFEND_MS */
	EV_CONFLICT_YIELD,  /* the same, where the policy is to yield */
	EV_PEER_ANNOUNCED,      /* a fellow node told the LAN that it has it */
	EV_REANNOUNCE,      /* the link was cut, and is whole again */
	EV_PEER_KERNEL,      /* a fellow node answered our question about it */
	ANN_EVENTS
};

typedef void ann_act(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms);

#define CONFLICT_PROBE_MS 5000 /* from one question to the next in a quarrel: two a defence */

/*
 * One claim is often several frames: those of the first second after a defence count as the one
 * that caused it.
 */
#define SAME_CLAIM_MS 1000

/* announce.c */
void announcer_fire(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, enum ann_event event,
    int64_t now_ms);

/* defend.c */
ann_act act_probe_conflict, act_defend, act_report_conflict, act_yield, act_probe, act_note_peer_kernel, act_reannounce_after_peer,
	act_reannounce;

/* conflict_probe - ask who else has it, and remember when. */
void conflict_probe(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms);

/* conflict_forget - the link has gone: whoever was on it may be gone, too. */
void conflict_forget(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip);

/* conflict_probed_all - a yielded address has been asked about often enough. */
bool conflict_probed_all(const struct ann_vip *ann_vip);

#endif
