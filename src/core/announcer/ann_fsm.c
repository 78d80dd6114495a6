/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_fsm.h"
#include "ann_conflict.h"

/*
 * The time to the next announcement or probe.  In ANN_HOLDING a hash of the address shortens
 * refresh_ms by up to a quarter.  So addresses that were claimed together are announced again at
 * different times.
 */
static int64_t
interval_ms(const struct announcer *a, const struct ann_vip *vip)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (vip->status.state == ANN_CLAIMING)
		return a->opts.claim_ms;
	if (vip->conflict.kind)
		return CONFLICT_PROBE_MS;
	for (size_t i = 0; i < sizeof(vip->status.ip.b); i++)
		hash = (hash ^ vip->status.ip.b[i]) * 16777619u;
	return a->opts.refresh_ms - hash % (a->opts.refresh_ms / 4 + 1);
}

/* Starts a claim: its first announcement follows those of older claims on the link. */
static void
act_claim(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	(void)a;
	vip->rounds = 0;
	ann_vip_schedule_claim(link, vip, now_ms);
}

/* Announces the address; also probes it, except between the first and last round of a claim. */
static void
act_send_round(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	vip->status.gratuitous += ann_tx_round(&a->tx, link, &vip->status.ip);
	if (!vip->rounds || vip->conflict.kind || vip->status.state == ANN_HOLDING)
		conflict_probe(a, link, vip, now_ms);
	vip->rounds++;
	ann_vip_schedule(link, vip, now_ms + interval_ms(a, vip));
}

/* Claims the yielded address again, because no host has answered the probes. */
static void
act_reclaim(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	conflict_end(a, link, vip);
	act_claim(a, link, vip, now_ms);
}

/* Sends nothing until the link is up.  Ends the conflict, because it may be over by then. */
static void
act_wait_for_link(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	(void)now_ms;
	ann_vip_unschedule(link, vip);
	conflict_end(a, link, vip);
}

/*
 * The states of an address on a link.  Events that the table does not list are ignored.  In any
 * state, announcer_remove() frees the address, and EV_LINK_DOWN changes the state to ELECTED.
 *
 *   ELECTED --link up--> CLAIMING --last round--> HOLDING
 *                         ^  |  ^                  |   |
 *                         |  |  +--link up again---+   |
 *                         |  +--------+----------------+
 *              no host    |           | a conflicting host persists, and the policy is to yield;
 *              answers    |           v if it is a proxy host, back to CLAIMING at once
 *                      PROBING <-- YIELDED
 *                         |  yield_ms ^
 *                         +-----------+ a host answers
 */
/* clang-format off */
static const struct {
	enum ann_state next;
	ann_act *act;
} steps[ANN_STATES][ANN_EVENTS] = {
	/* in           on                       goes to       and does                  */
	[ANN_ELECTED]  [EV_LINK_UP]        = { ANN_CLAIMING, act_claim                 },
	[ANN_CLAIMING] [EV_LINK_UP]        = { ANN_CLAIMING, act_claim                 },
	[ANN_CLAIMING] [EV_LINK_DOWN]      = { ANN_ELECTED,  act_wait_for_link         },
	[ANN_CLAIMING] [EV_DUE]            = { ANN_CLAIMING, act_send_round            },
	[ANN_CLAIMING] [EV_DUE_LAST]       = { ANN_HOLDING,  act_send_round            },
	[ANN_CLAIMING] [EV_CONFLICT]       = { ANN_CLAIMING, act_defend                },
	[ANN_CLAIMING] [EV_CONFLICT_AGAIN] = { ANN_CLAIMING, act_report_conflict       },
	[ANN_CLAIMING] [EV_CONFLICT_YIELD] = { ANN_YIELDED,  act_yield                 },
	[ANN_CLAIMING] [EV_PEER_ANNOUNCED] = { ANN_CLAIMING, act_reannounce_after_peer },
	[ANN_CLAIMING] [EV_REANNOUNCE]     = { ANN_CLAIMING, act_reannounce            },
	[ANN_CLAIMING] [EV_PROXY_HOST]     = { ANN_CLAIMING, act_end_conflict          },
	[ANN_HOLDING]  [EV_LINK_UP]        = { ANN_CLAIMING, act_claim                 },
	[ANN_HOLDING]  [EV_LINK_DOWN]      = { ANN_ELECTED,  act_wait_for_link         },
	[ANN_HOLDING]  [EV_DUE]            = { ANN_HOLDING,  act_send_round            },
	[ANN_HOLDING]  [EV_DUE_CONFLICT]   = { ANN_HOLDING,  act_probe_conflict        },
	[ANN_HOLDING]  [EV_CONFLICT]       = { ANN_HOLDING,  act_defend                },
	[ANN_HOLDING]  [EV_CONFLICT_AGAIN] = { ANN_HOLDING,  act_report_conflict       },
	[ANN_HOLDING]  [EV_CONFLICT_YIELD] = { ANN_YIELDED,  act_yield                 },
	[ANN_HOLDING]  [EV_PEER_ANNOUNCED] = { ANN_HOLDING,  act_reannounce_after_peer },
	[ANN_HOLDING]  [EV_PEER_ANSWERED]  = { ANN_HOLDING,  act_note_peer_answer      },
	[ANN_HOLDING]  [EV_REANNOUNCE]     = { ANN_HOLDING,  act_reannounce            },
	[ANN_HOLDING]  [EV_PROXY_HOST]     = { ANN_HOLDING,  act_end_conflict          },
	[ANN_YIELDED]  [EV_LINK_DOWN]      = { ANN_ELECTED,  act_wait_for_link         },
	[ANN_YIELDED]  [EV_DUE]            = { ANN_PROBING,  act_probe_yielded         },
	[ANN_YIELDED]  [EV_PROXY_HOST]     = { ANN_CLAIMING, act_reclaim               },
	[ANN_PROBING]  [EV_LINK_DOWN]      = { ANN_ELECTED,  act_wait_for_link         },
	[ANN_PROBING]  [EV_DUE]            = { ANN_PROBING,  act_probe_yielded         },
	[ANN_PROBING]  [EV_DUE_LAST]       = { ANN_CLAIMING, act_reclaim               },
	[ANN_PROBING]  [EV_CONFLICT]       = { ANN_YIELDED,  act_yield                 },
	[ANN_PROBING]  [EV_PROXY_HOST]     = { ANN_CLAIMING, act_reclaim               },
};
/* clang-format on */

void
ann_fsm_fire(struct announcer *a, struct ann_link *link, struct ann_vip *vip, enum ann_event event,
    int64_t now_ms)
{
	enum ann_state from = vip->status.state;

	if (!steps[from][event].act)
		return;
	vip->status.state = steps[from][event].next;
	steps[from][event].act(a, link, vip, now_ms);
}

static enum ann_event
due_event(const struct announcer *a, const struct ann_vip *vip)
{
	switch (vip->status.state) {
	case ANN_CLAIMING:
		return vip->rounds + 1 >= a->opts.claim_rounds ? EV_DUE_LAST : EV_DUE;
	case ANN_HOLDING:
		return vip->conflict.kind ? EV_DUE_CONFLICT : EV_DUE;
	case ANN_PROBING:
		return conflict_probed_all(vip) ? EV_DUE_LAST : EV_DUE;
	default:
		return EV_DUE;
	}
}

void
ann_fsm_fire_due(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	ann_fsm_fire(a, link, vip, due_event(a, vip), now_ms);
}
