/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANN_CONFLICT_H
#define ANN_CONFLICT_H

/*
 * Conflicts about an address of this node: RFC 5227 2.4, and its equivalent for IPv6.
 *
 * A host that has the address configured rarely announces it, so the announcer sends probes: with
 * the first and last round of a claim, with every refresh, and while there is a conflict.
 *
 * A conflict is reported only if it lasts longer than SAME_CLAIM_MS.  A single frame during a
 * claim may be the last frame of the previous holder.
 */

#include "announcer_state.h"

#define CONFLICT_PROBE_MS 5000 /* between probes during a conflict: two per ANNOUNCER_DEFEND_MS */
#define SAME_CLAIM_MS     1000 /* claims within this time after a defence count as one claim */

/* The action of a transition in the table of ann_fsm.c. */
typedef void ann_act(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* act_defend - defend the address; report the conflict unless this is the first defence. */
ann_act act_defend;

/* act_report_conflict - report a host that claims the address again after a defence. */
ann_act act_report_conflict;

/* act_yield - leave the address to the conflicting host for yield_ms, and report the conflict. */
ann_act act_yield;

/* act_probe_conflict - probe the address; end the conflict after OVER_MS without a frame. */
ann_act act_probe_conflict;

/* act_probe_yielded - probe the yielded address: a host that still uses it answers. */
ann_act act_probe_yielded;

/* act_note_peer_answer - report a peer that still answers a second after its first answer. */
ann_act act_note_peer_answer;

/* act_reannounce - schedule a round in REANNOUNCE_MS. */
ann_act act_reannounce;

/* act_reannounce_after_peer - schedule a round, unless this node may be isolated. */
ann_act act_reannounce_after_peer;

/* conflict_probe - probe for other hosts that have the address. */
void conflict_probe(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* conflict_end - end the conflict; report CONFLICT_NONE if the conflict was reported. */
void conflict_end(struct announcer *a, const struct ann_link *link, struct ann_vip *vip);

/* conflict_probed_all - true if a yielded address was probed often enough. */
bool conflict_probed_all(const struct ann_vip *vip);

#endif
