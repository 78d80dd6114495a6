/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_conflict.h"

#define PROBE_SOON_MS 1100  /* pause between a defence and the next probe for the other host */
#define OVER_MS       20000 /* a conflict ends this long after the last conflicting frame */
#define REANNOUNCE_MS 300   /* time in which a peer that must yield an address drops the address */
#define PROBES        3     /* PROBE_NUM of RFC 5227 */
#define PROBE_MS      1000  /* PROBE_MIN of RFC 5227 */

static void
report(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    enum ann_conflict conflict)
{
	if (vip->status.conflict == conflict)
		return;
	vip->status.conflict = conflict;
	a->tx.ops->on_conflict(a->tx.arg, link->ifindex, &vip->status.ip, conflict,
	    &vip->conflict.mac);
}

void
conflict_end(struct announcer *a, const struct ann_link *link, struct ann_vip *vip)
{
	vip->conflict.kind = CONFLICT_NONE;
	report(a, link, vip, CONFLICT_NONE);
}

/*
 * Schedules a probe or an announcement, but not during a claim: in a conflict each round of a claim
 * sends a probe.
 */
static void
probe_at(struct ann_link *link, struct ann_vip *vip, int64_t due_ms)
{
	if (vip->status.state == ANN_HOLDING)
		ann_vip_schedule(link, vip, due_ms);
}

void
conflict_probe(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms)
{
	ann_tx_probe(&a->tx, link, &vip->status.ip);
	vip->probed_ms = now_ms;
}

void
act_probe_conflict(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	const struct conflict *c = &vip->conflict;
	/* A daemon that has just started may announce the address before it sends hellos. */
	bool is_peer = c->kind == CONFLICT_DEFENDED && ann_links_have_peer(&a->links, &c->mac);

	if (is_peer || now_ms - c->received_ms >= OVER_MS) {
		conflict_end(a, link, vip);
		ann_vip_schedule(link, vip, now_ms); /* the conflict delayed this announcement */
		return;
	}
	if (c->report_next)
		report(a, link, vip, c->kind);
	conflict_probe(a, link, vip, now_ms);
	ann_vip_schedule(link, vip, now_ms + CONFLICT_PROBE_MS);
}

void
act_defend(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	struct conflict *c = &vip->conflict;

	if (c->kind == CONFLICT_DEFENDED)
		report(a, link, vip, CONFLICT_DEFENDED);
	c->kind = CONFLICT_DEFENDED;
	c->report_next = vip->status.state == ANN_HOLDING;
	c->defended_ms = now_ms;
	ann_tx_defence(&a->tx, link, &vip->status.ip);
	probe_at(link, vip, now_ms + PROBE_SOON_MS);
}

void
act_report_conflict(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	(void)now_ms;
	report(a, link, vip, CONFLICT_DEFENDED);
}

void
act_yield(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	vip->rounds = 0;
	vip->conflict.kind = CONFLICT_YIELDED;
	report(a, link, vip, CONFLICT_YIELDED);
	ann_vip_schedule(link, vip, now_ms + a->opts.yield_ms);
}

void
act_probe_yielded(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	conflict_probe(a, link, vip, now_ms);
	vip->rounds++;
	ann_vip_schedule(link, vip, now_ms + PROBE_MS);
}

void
act_end_conflict(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	conflict_end(a, link, vip);
	probe_at(link, vip, now_ms); /* the conflict delayed this announcement */
}

void
conflict_defend_only(struct announcer *a, const struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms)
{
	struct conflict *c = &vip->conflict;

	if (!announcer_answers(vip->status.state) ||
	    (c->defended_ms && now_ms - c->defended_ms < ANNOUNCER_DEFEND_MS))
		return;
	c->defended_ms = now_ms;
	ann_tx_defence(&a->tx, link, &vip->status.ip);
}

/*
 * While a VIP moves, two nodes can hold the VIP for a moment, so the arplet of a peer can answer
 * our probe.  If a peer answers our probes for a second or longer, the peer's kernel has the
 * address configured.
 */
void
act_note_peer_answer(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms)
{
	struct conflict *c = &vip->conflict;

	if (c->kind == CONFLICT_NONE) {
		c->kind = CONFLICT_PEER_KERNEL;
		c->report_next = false;
		c->defended_ms = now_ms;
		probe_at(link, vip, now_ms + PROBE_SOON_MS);
	} else if (c->kind == CONFLICT_PEER_KERNEL && now_ms - c->defended_ms >= SAME_CLAIM_MS) {
		report(a, link, vip, CONFLICT_PEER_KERNEL);
	}
}

/*
 * When two nodes hold an address, one of them drops the address after the next hello.  The
 * remaining holder then announces the address again, so that all clients use its MAC.
 */
void
act_reannounce(struct announcer *a, struct ann_link *link, struct ann_vip *vip, int64_t now_ms)
{
	int64_t due_ms = now_ms + REANNOUNCE_MS;

	(void)a;
	if (vip->where == IN_NEW_CLAIMS)
		return; /* the first announcement of the claim is due now */
	if (vip->conflict.kind == CONFLICT_PEER_KERNEL && vip->status.conflict == CONFLICT_NONE)
		/* The peer's arplet answered our probe, but the peer's kernel did not. */
		vip->conflict.kind = CONFLICT_NONE;
	if (vip->conflict.kind || vip->reannounce_ms > now_ms)
		return;
	if (vip->reannounce_ms && due_ms < vip->reannounce_ms + SAME_CLAIM_MS)
		due_ms = vip->reannounce_ms + SAME_CLAIM_MS;
	if (vip->due_ms <= due_ms && vip->due_ms >= now_ms + REANNOUNCE_MS)
		return; /* another announcement is due soon */
	vip->reannounce_ms = due_ms;
	ann_vip_schedule(link, vip, due_ms);
}

void
act_reannounce_after_peer(struct announcer *a, struct ann_link *link, struct ann_vip *vip,
    int64_t now_ms)
{
	const struct ann_tx *tx = &a->tx;

	if (!tx->ops->has_peers || tx->ops->has_peers(tx->arg, link->ifindex))
		act_reannounce(a, link, vip, now_ms);
}

bool
conflict_probed_all(const struct ann_vip *vip)
{
	return vip->rounds >= PROBES;
}
