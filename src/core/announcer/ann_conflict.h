/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANN_CONFLICT_H
#define ANN_CONFLICT_H

/*
 * Conflicts about an address of this node (RFC 5227 2.4; for IPv6 the same, with unsolicited NAs).
 *
 * A host that has the address configured rarely announces it, so the announcer probes the LAN: with
 * the first and last round of a claim, with every refresh, and while a conflict is open.
 *
 * A conflict is reported only if it lasts longer than SAME_CLAIM_MS.  A single frame during our
 * claim may be the last one of the node that held the address before.
 */

#include "announcer_state.h"

#define CONFLICT_PROBE_MS 5000 /* between probes while a conflict is open: two for each defence */
#define SAME_CLAIM_MS     1000 /* a claim is often several frames: the first second counts as one */

/* What a transition of the state machine does; ann_fsm.c lists when. */
typedef void ann_act(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* act_defend - defend the address; report the conflict if this node has defended it before. */
ann_act act_defend;

/* act_report_conflict - report a host that claims the address again after a defence. */
ann_act act_report_conflict;

/* act_yield - leave the address to the conflicting host for yield_ms, and report that. */
ann_act act_yield;

/* act_probe_conflict - probe whether the conflict is still there; end it after silence. */
ann_act act_probe_conflict;

/* act_probe_yielded - probe whether the conflicting host still uses the yielded address. */
ann_act act_probe_yielded;

/* act_note_peer_answer - report a peer that still answers a second after its first answer. */
ann_act act_note_peer_answer;

/* act_reannounce - let a round be due in 300 ms. */
ann_act act_reannounce;

/* act_reannounce_after_peer - the same, unless this node may be the isolated one. */
ann_act act_reannounce_after_peer;

/* conflict_probe - probe for other hosts that have the address. */
void conflict_probe(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* conflict_end - end the conflict, and report that if it was reported. */
void conflict_end(struct announcer *a, const struct ann_link *link, struct ann_vip *vip);

/* conflict_probed_all - true if a yielded address was probed often enough. */
bool conflict_probed_all(const struct ann_vip *vip);

#endif
