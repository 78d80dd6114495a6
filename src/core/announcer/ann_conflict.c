/* SPDX-License-Identifier: Apache-2.0 */
#include "announcer_impl.h"

/*
 * Who else is there where an address of ours is (RFC 5227 2.4; for IPv6 the same, with unsolicited
 * advertisements that override).  Most hosts that have an address never say so unasked, so the LAN
 * is asked: at a claim, at every refresh, and as long as there is a quarrel.
 *
 * A quarrel is told once it has outlasted SAME_CLAIM_MS: what a host says once while we are still
 * claiming may be a last word of the node that had the address before us.
 */
#define PROBE_SOON_MS   1100  /* after a defence: does it go on? */
#define OVER_MS       20000 /* silence that ends a quarrel: four questions without an answer */
#define REANNOUNCE_MS      300   /* by then who has to leave the address to a fellow has dropped it */
#define PROBES        3     /* RFC 5227's PROBE_NUM ... */
#define PROBE_MS      1000  /* ... and PROBE_MIN */

static void
report(struct announcer *a, const struct ann_link *ann_link, struct ann_vip *ann_vip, enum ann_conflict trouble)
{
	if (ann_vip->status.trouble == trouble)
		return;
	ann_vip->status.trouble = trouble;
	a->ann_tx.ops->on_conflict(a->ann_tx.arg, ann_link->ifindex, &ann_vip->status.ip, trouble,
	    &ann_vip->conflict.mac);
}

static void
end_conflict(struct announcer *a, const struct ann_link *ann_link, struct ann_vip *ann_vip)
{
	ann_vip->conflict.kind = CONFLICT_NONE;
	report(a, ann_link, ann_vip, CONFLICT_NONE);
}

/* While holding, the next thing is to ask; while claiming, rounds go on, and each asks. */
static void
probe_in(struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t due_ms)
{
	if (ann_vip->status.state == ANN_HOLDING)
		ann_vip_schedule(ann_link, ann_vip, due_ms);
}

void
conflict_probe(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	(void)ann_tx_probe(&a->ann_tx, ann_link, &ann_vip->status.ip);
	ann_vip->probed_ms = now_ms;
}

void
act_probe_conflict(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	struct conflict *q = &ann_vip->conflict;
	bool met = q->kind == CONFLICT_DEFENDED && ann_links_have_peer(&a->ann_links, &q->mac);

	if (met || now_ms - q->heard_ms >= OVER_MS) { /* its first hello came after its claim */
		end_conflict(a, ann_link, ann_vip);
		ann_vip_schedule(ann_link, ann_vip, now_ms); /* the round that the quarrel held up */
		return;
	}
	if (q->report_next)
		report(a, ann_link, ann_vip, q->kind);
	conflict_probe(a, ann_link, ann_vip, now_ms);
	ann_vip_schedule(ann_link, ann_vip, now_ms + CONFLICT_PROBE_MS);
}

void
act_defend(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	struct conflict *q = &ann_vip->conflict;

	if (q->kind == CONFLICT_DEFENDED)
		report(a, ann_link, ann_vip, CONFLICT_DEFENDED);
	q->kind = CONFLICT_DEFENDED;
	q->report_next = ann_vip->status.state == ANN_HOLDING;
	q->defended_ms = now_ms;
	(void)ann_tx_defense(&a->ann_tx, ann_link, &ann_vip->status.ip);
	probe_in(ann_link, ann_vip, now_ms + PROBE_SOON_MS);
}

void
act_report_conflict(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	(void)now_ms;
	report(a, ann_link, ann_vip, CONFLICT_DEFENDED);
}

void
act_yield(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	ann_vip->rounds = 0;
	ann_vip->conflict.kind = CONFLICT_YIELDED;
	report(a, ann_link, ann_vip, CONFLICT_YIELDED);
	ann_vip_schedule(ann_link, ann_vip, now_ms + a->opts.yield_ms);
}

void
act_probe(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	conflict_probe(a, ann_link, ann_vip, now_ms);
	ann_vip->rounds++;
	ann_vip_schedule(ann_link, ann_vip, now_ms + PROBE_MS);
}

/*
 * A fellow's daemon answers for what it holds, and when an address moves there may be two holders
 * for a moment: only who still answers a second later has it in his kernel.
 */
void
act_note_peer_kernel(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	struct conflict *q = &ann_vip->conflict;

	if (q->kind == CONFLICT_NONE) {
		q->kind = CONFLICT_PEER_KERNEL;
		q->report_next = false;
		q->defended_ms = now_ms;
		probe_in(ann_link, ann_vip, now_ms + PROBE_SOON_MS);
	} else if (q->kind == CONFLICT_PEER_KERNEL && now_ms - q->defended_ms >= SAME_CLAIM_MS) {
		report(a, ann_link, ann_vip, CONFLICT_PEER_KERNEL);
	}
}

/*
 * Whichever of two holders has to yield learns it from a hello, at once.  The other one says a
 * round then, so that clients on either side of what was cut come to it.
 */
void
act_reannounce(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	int64_t due_ms = now_ms + REANNOUNCE_MS;

	(void)a;
	if (ann_vip->conflict.kind == CONFLICT_PEER_KERNEL && ann_vip->status.trouble == CONFLICT_NONE)
		ann_vip->conflict.kind = CONFLICT_NONE; /* his daemon has answered: the round asks again */
	if (ann_vip->conflict.kind || ann_vip->reannounce_ms > now_ms)
		return;
	if (ann_vip->reannounce_ms && due_ms < ann_vip->reannounce_ms + SAME_CLAIM_MS)
		due_ms = ann_vip->reannounce_ms + SAME_CLAIM_MS;
	if (ann_vip->due_ms <= due_ms && ann_vip->due_ms >= now_ms + REANNOUNCE_MS)
		return; /* one that was due before would come too early */
	ann_vip->reannounce_ms = due_ms;
	ann_vip_schedule(ann_link, ann_vip, due_ms);
}

/* A node that hears nobody does not yield: what it says is followed by a round of ours. */
void
act_reannounce_after_peer(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms)
{
	const struct ann_tx *ann_tx = &a->ann_tx;

	if (!ann_tx->ops->has_peers || ann_tx->ops->has_peers(ann_tx->arg, ann_link->ifindex))
		act_reannounce(a, ann_link, ann_vip, now_ms); /* else it may be we who hear nobody */
}

void
conflict_forget(struct announcer *a, struct ann_link *ann_link, struct ann_vip *ann_vip)
{
	end_conflict(a, ann_link, ann_vip);
}

bool
conflict_probed_all(const struct ann_vip *ann_vip)
{
	return ann_vip->rounds >= PROBES;
}
