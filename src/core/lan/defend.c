/* SPDX-License-Identifier: Apache-2.0 */
#include "announce_impl.h"

/*
 * Who else is there where an address of ours is (RFC 5227 2.4; for IPv6 the same, with unsolicited
 * advertisements that override).  Most hosts that have an address never say so unasked, so the LAN
 * is asked: at a claim, at every refresh, and as long as there is a quarrel.
 *
 * A quarrel is told once it has outlasted SAME_CLAIM_MS: what a host says once while we are still
 * claiming may be a last word of the node that had the address before us.
 */
#define ASK_SOON_MS   1100  /* after a defence: does it go on? */
#define OVER_MS       20000 /* silence that ends a quarrel: four questions without an answer */
#define AGAIN_MS      300   /* by then who has to leave the address to a fellow has dropped it */
#define PROBES        3     /* RFC 5227's PROBE_NUM ... */
#define PROBE_MS      1000  /* ... and PROBE_MIN */

static void
tell(struct announcer *a, const struct lan *lan, struct vip *vip, enum ann_trouble trouble)
{
	if (vip->seen.trouble == trouble)
		return;
	vip->seen.trouble = trouble;
	a->mouth.ops->on_trouble(a->mouth.arg, lan->ifindex, &vip->seen.ip, trouble,
	    &vip->quarrel.mac);
}

static void
end_quarrel(struct announcer *a, const struct lan *lan, struct vip *vip)
{
	vip->quarrel.about = TROUBLE_NONE;
	tell(a, lan, vip, TROUBLE_NONE);
}

/* While holding, the next thing is to ask; while claiming, rounds go on, and each asks. */
static void
ask_in(struct lan *lan, struct vip *vip, int64_t due_ms)
{
	if (vip->seen.state == ANN_HOLDING)
		vip_wait_until(lan, vip, due_ms);
}

void
defend_ask(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	(void)say_probe(&a->mouth, lan, &vip->seen.ip);
	vip->asked_ms = now_ms;
}

void
act_ask(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	struct quarrel *q = &vip->quarrel;
	bool met = q->about == TROUBLE_RIVAL && lans_have_fellow(&a->lans, &q->mac);

	if (met || now_ms - q->heard_ms >= OVER_MS) { /* its first hello came after its claim */
		end_quarrel(a, lan, vip);
		vip_wait_until(lan, vip, now_ms); /* the round that the quarrel held up */
		return;
	}
	if (q->grave)
		tell(a, lan, vip, q->about);
	defend_ask(a, lan, vip, now_ms);
	vip_wait_until(lan, vip, now_ms + DEFEND_ASK_MS);
}

void
act_defend(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	struct quarrel *q = &vip->quarrel;

	if (q->about == TROUBLE_RIVAL)
		tell(a, lan, vip, TROUBLE_RIVAL);
	q->about = TROUBLE_RIVAL;
	q->grave = vip->seen.state == ANN_HOLDING;
	q->defended_ms = now_ms;
	(void)say_defence(&a->mouth, lan, &vip->seen.ip);
	ask_in(lan, vip, now_ms + ASK_SOON_MS);
}

void
act_bear(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	(void)now_ms;
	tell(a, lan, vip, TROUBLE_RIVAL);
}

void
act_yield(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	vip->rounds = 0;
	vip->quarrel.about = TROUBLE_YIELD;
	tell(a, lan, vip, TROUBLE_YIELD);
	vip_wait_until(lan, vip, now_ms + a->opts.yield_ms);
}

void
act_probe(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	defend_ask(a, lan, vip, now_ms);
	vip->rounds++;
	vip_wait_until(lan, vip, now_ms + PROBE_MS);
}

/*
 * A fellow's daemon answers for what it holds, and when an address moves there may be two holders
 * for a moment: only who still answers a second later has it in his kernel.
 */
void
act_suspect(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	struct quarrel *q = &vip->quarrel;

	if (q->about == TROUBLE_NONE) {
		q->about = TROUBLE_KERNEL;
		q->grave = false;
		q->defended_ms = now_ms;
		ask_in(lan, vip, now_ms + ASK_SOON_MS);
	} else if (q->about == TROUBLE_KERNEL && now_ms - q->defended_ms >= SAME_CLAIM_MS) {
		tell(a, lan, vip, TROUBLE_KERNEL);
	}
}

/*
 * Whichever of two holders has to yield learns it from a hello, at once.  The other one says a
 * round then, so that clients on either side of what was cut come to it.
 */
void
act_remind(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	int64_t due_ms = now_ms + AGAIN_MS;

	(void)a;
	if (vip->quarrel.about == TROUBLE_KERNEL && vip->seen.trouble == TROUBLE_NONE)
		vip->quarrel.about = TROUBLE_NONE; /* his daemon has answered: the round asks again */
	if (vip->quarrel.about || vip->again_ms > now_ms)
		return;
	if (vip->again_ms && due_ms < vip->again_ms + SAME_CLAIM_MS)
		due_ms = vip->again_ms + SAME_CLAIM_MS;
	if (vip->due_ms <= due_ms && vip->due_ms >= now_ms + AGAIN_MS)
		return; /* one that was due before would come too early */
	vip->again_ms = due_ms;
	vip_wait_until(lan, vip, due_ms);
}

/* A node that hears nobody does not yield: what it says is followed by a round of ours. */
void
act_again(struct announcer *a, struct lan *lan, struct vip *vip, int64_t now_ms)
{
	const struct mouth *mouth = &a->mouth;

	if (!mouth->ops->has_company || mouth->ops->has_company(mouth->arg, lan->ifindex))
		act_remind(a, lan, vip, now_ms); /* else it may be we who hear nobody */
}

void
defend_forget(struct announcer *a, struct lan *lan, struct vip *vip)
{
	end_quarrel(a, lan, vip);
}

bool
defend_asked_all(const struct vip *vip)
{
	return vip->rounds >= PROBES;
}
