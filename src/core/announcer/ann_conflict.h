/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANNOUNCER_ANN_CONFLICT_H
#define CORE_ANNOUNCER_ANN_CONFLICT_H

/*
 * Conflicts about an address that this node holds: RFC 5227 2.4, and the equivalent for IPv6.
 *
 * A host that has the address configured rarely announces it, so the announcer probes the address:
 * with the first and last round of a claim, with each later announcement, and during a conflict.
 *
 * A conflict is reported only if it lasts at least SAME_CLAIM_MS.  A single conflicting frame
 * during a claim may be the last frame of the previous holder.
 */

#include "announcer_state.h"

#define CONFLICT_PROBE_MS 5000 /* between two probes in a conflict: ANNOUNCER_DEFEND_MS / 2 */
/* The other host's frames in this time after a defence belong to the claim that was defended. */
#define SAME_CLAIM_MS     1000

/* The action of a transition in the table of ann_fsm.c. */
typedef void ann_act(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* act_defend - defend the address; report the conflict unless this is the first defence. */
ann_act act_defend;

/* act_report_conflict - report a host that claims the address again after a defence. */
ann_act act_report_conflict;

/* act_yield - stop announcing the address for yield_ms, and report the conflicting host. */
ann_act act_yield;

/* act_probe_conflict - probe the address, or end a conflict that had no frame for OVER_MS. */
ann_act act_probe_conflict;

/* act_probe_yielded - probe the yielded address; a host that still uses the address answers. */
ann_act act_probe_yielded;

/* act_note_peer_answer - report a peer that answers our probes for more than a second. */
ann_act act_note_peer_answer;

/* act_end_conflict - end the conflict, and continue with the announcements of the address. */
ann_act act_end_conflict;

/* act_reannounce - schedule an announcement in REANNOUNCE_MS. */
ann_act act_reannounce;

/* act_reannounce_after_peer - call act_reannounce(), but not on a node without peers. */
ann_act act_reannounce_after_peer;

/*
 * conflict_defend_only - defend the address against a proxy host, at most once in
 * ANNOUNCER_DEFEND_MS, without a conflict.
 */
void conflict_defend_only(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* conflict_probe - probe for other hosts that have the address. */
void conflict_probe(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms);

/* conflict_end - end the conflict; if its start was reported, report CONFLICT_NONE. */
void conflict_end(struct announcer *a, const struct ann_link *link, struct ann_vip *vip);

/* conflict_probed_all - true if all probes of a yielded address have been sent. */
bool conflict_probed_all(const struct ann_vip *vip);

#endif
