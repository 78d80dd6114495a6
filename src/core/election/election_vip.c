/* SPDX-License-Identifier: Apache-2.0 */
#include "election_vip.h"
#include "arplet/arena.h"
#include "arplet/node_rank.h"

#include <stdlib.h>

int
election_vip_cmp(const struct election_vip *a, const struct election_vip *b)
{
	return ip_cmp(&a->ip, &b->ip);
}

int
election_vip_cmp_due(const struct election_vip *a, const struct election_vip *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return election_vip_cmp(a, b);
}

RB_GENERATE(election_vips, election_vip, by_ip, election_vip_cmp)
RB_GENERATE(vip_schedule, election_vip, by_due, election_vip_cmp_due)

struct election_vip *
election_vip_find(const struct election_link *link, const struct ip *ip)
{
	struct election_vip key = { .ip = *ip };

	return RB_FIND(election_vips, (struct election_vips *)&link->vips, &key);
}

struct election_vip *
election_vip_at_or_after(const struct election_link *link, const struct ip *ip)
{
	struct election_vip key = { .ip = *ip };

	return RB_NFIND(election_vips, (struct election_vips *)&link->vips, &key);
}

struct election_vip *
election_vip_get(struct election_link *link, const struct ip *ip)
{
	struct election_vip *vip = election_vip_find(link, ip);

	if (vip)
		return vip;
	vip = xcalloc(1, sizeof(*vip));
	vip->link = link;
	vip->ip = vip->rank_key = *ip;
	vip->lost_ms = vip->takeover_ms = vip->claim_after_ms = NEVER_MS;
	vip->ineligible_ms = INT64_MAX;
	RB_INSERT(election_vips, &link->vips, vip);
	return vip;
}

/*
 * Until a hello has reported that this node released the VIP, peers consider this node the holder,
 * so the VIP is not freed.
 */
void
election_vip_free_if_unused(struct election_vip *vip)
{
	if (vip->wanted || vip->held || !SLIST_EMPTY(&vip->peer_claims))
		return;
	if (vip->unsent && election_link_ready(vip->link))
		return;
	election_vip_schedule(vip, INT64_MAX);
	election_vip_set_vacant(vip, false, 0);
	election_vip_set_unsent(vip, false);
	RB_REMOVE(election_vips, &vip->link->vips, vip);
	free(vip);
}

bool
election_vip_is_eligible(const struct election_vip *vip, const char *node)
{
	const struct election *election = vip->link->election;

	return vip->wanted && election->ops->may_hold(election->arg, &vip->ip, node);
}

void
election_vip_rank(const struct election_vip *vip, const char *node, struct rank *ret_rank)
{
	char text[IP_TEXT_MAX];

	rank_of(node, ip_format(&vip->rank_key, text), ret_rank);
}

void
election_vip_schedule(struct election_vip *vip, int64_t due_ms)
{
	struct vip_schedule *schedule = &vip->link->schedule;

	if (vip->scheduled)
		RB_REMOVE(vip_schedule, schedule, vip);
	vip->due_ms = due_ms;
	vip->scheduled = due_ms != INT64_MAX;
	if (vip->scheduled)
		RB_INSERT(vip_schedule, schedule, vip);
}

void
election_vip_recheck(struct election_vip *vip, int64_t now_ms)
{
	if (!vip->scheduled || vip->due_ms > now_ms)
		election_vip_schedule(vip, now_ms);
}

void
election_vips_recheck(struct election_link *link, int64_t now_ms)
{
	struct election_vip *vip;

	RB_FOREACH(vip, election_vips, &link->vips)
		election_vip_recheck(vip, now_ms);
}

void
election_vips_recheck_vacant(struct election_link *link, int64_t now_ms)
{
	struct election_vip *vip;

	TAILQ_FOREACH(vip, &link->vacant_vips, in_vacant)
		election_vip_recheck(vip, now_ms);
}

void
election_vip_set_vacant(struct election_vip *vip, bool vacant, int64_t now_ms)
{
	if (vip->vacant == vacant)
		return;
	vip->vacant = vacant;
	vip->vacant_ms = now_ms;
	if (vacant)
		TAILQ_INSERT_TAIL(&vip->link->vacant_vips, vip, in_vacant);
	else
		TAILQ_REMOVE(&vip->link->vacant_vips, vip, in_vacant);
}

void
election_vip_set_unsent(struct election_vip *vip, bool unsent)
{
	if (vip->unsent == unsent)
		return;
	vip->unsent = unsent;
	if (unsent)
		TAILQ_INSERT_TAIL(&vip->link->unsent_vips, vip, in_unsent);
	else
		TAILQ_REMOVE(&vip->link->unsent_vips, vip, in_unsent);
}
