/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "election_impl.h"

#include <stdlib.h>
#include <string.h>

int
election_link_cmp(const struct election_link *a, const struct election_link *b)
{
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

int
peer_cmp(const struct peer *a, const struct peer *b)
{
	return strcmp(a->node, b->node);
}

int
election_vip_cmp(const struct election_vip *a, const struct election_vip *b)
{
	return ip_cmp(&a->ip, &b->ip);
}

int
election_vip_cmp_time(const struct election_vip *a, const struct election_vip *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return election_vip_cmp(a, b);
}

int
peer_claim_cmp(const struct peer_claim *a, const struct peer_claim *b)
{
	return election_vip_cmp(a->election_vip, b->election_vip);
}

RB_GENERATE(election_links, election_link, by_index, election_link_cmp)
RB_GENERATE(peers, peer, by_node, peer_cmp)
RB_GENERATE(election_vips, election_vip, by_ip, election_vip_cmp)
RB_GENERATE(vip_schedule, election_vip, by_time, election_vip_cmp_time)
RB_GENERATE(peer_claims, peer_claim, by_ip, peer_claim_cmp)

struct election_link *
election_link_find(const struct election *e, int ifindex)
{
	struct election_link key = { .ifindex = ifindex };

	return RB_FIND(election_links, (struct election_links *)&e->election_links, &key);
}

struct election_link *
election_link_get(struct election *e, int ifindex)
{
	struct election_link *link = election_link_find(e, ifindex);

	if (link)
		return link;
	link = xcalloc(1, sizeof(*link));
	link->e = e;
	link->ifindex = ifindex;
	link->sent_ms = NEVER_MS;
	link->next_page = IP_FIRST;
	TAILQ_INIT(&link->vacant_vips);
	TAILQ_INIT(&link->unsent_vips);
	RB_INSERT(election_links, &e->election_links, link);
	return link;
}

void
election_link_free(struct election_link *link)
{
	struct election_vip *election_vip, *next;
	struct peer *peer;

	while ((peer = RB_ROOT(&link->peers)))
		peer_free(peer);
	RB_FOREACH_SAFE(election_vip, election_vips, &link->election_vips, next) {
		election_vip->wanted = election_vip->held = false;
		election_vip_set_unsent(election_vip, false);
		election_vip_free_if_unused(election_vip);
	}
	RB_REMOVE(election_links, &link->e->election_links, link);
	free(link);
}

void
election_link_free_if_unused(struct election_link *link)
{
	if (!link->open && RB_EMPTY(&link->election_vips))
		election_link_free(link);
}

struct election_vip *
election_vip_find(const struct election_link *link, const struct ip *ip)
{
	struct election_vip key = { .ip = *ip };

	return RB_FIND(election_vips, (struct election_vips *)&link->election_vips, &key);
}

struct election_vip *
election_vip_from(const struct election_link *link, const struct ip *ip)
{
	struct election_vip key = { .ip = *ip };

	return RB_NFIND(election_vips, (struct election_vips *)&link->election_vips, &key);
}

struct election_vip *
election_vip_get(struct election_link *link, const struct ip *ip)
{
	struct election_vip *election_vip = election_vip_find(link, ip);

	if (election_vip)
		return election_vip;
	election_vip = xcalloc(1, sizeof(*election_vip));
	election_vip->election_link = link;
	election_vip->ip = election_vip->key = *ip;
	election_vip->lost_ms = election_vip->claimed_ms = election_vip->not_before_ms = NEVER_MS;
	election_vip->unfit_ms = INT64_MAX;
	RB_INSERT(election_vips, &link->election_vips, election_vip);
	return election_vip;
}

/* What is news goes only once it has been told: fellows would take us for the holder until then. */
void
election_vip_free_if_unused(struct election_vip *election_vip)
{
	if (election_vip->wanted || election_vip->held || !SLIST_EMPTY(&election_vip->peer_claims))
		return;
	if (election_vip->unsent && election_link_ready(election_vip->election_link))
		return;
	election_vip_schedule(election_vip, INT64_MAX);
	election_vip_set_vacant(election_vip, false, 0);
	election_vip_set_unsent(election_vip, false);
	RB_REMOVE(election_vips, &election_vip->election_link->election_vips, election_vip);
	free(election_vip);
}

void
election_vip_schedule(struct election_vip *election_vip, int64_t due_ms)
{
	struct vip_schedule *schedule = &election_vip->election_link->schedule;

	if (election_vip->waits)
		RB_REMOVE(vip_schedule, schedule, election_vip);
	election_vip->due_ms = due_ms;
	election_vip->waits = due_ms != INT64_MAX;
	if (election_vip->waits)
		RB_INSERT(vip_schedule, schedule, election_vip);
}

void
election_vip_recheck(struct election_vip *election_vip, int64_t now_ms)
{
	if (!election_vip->waits || election_vip->due_ms > now_ms)
		election_vip_schedule(election_vip, now_ms);
}

void
election_vips_recheck(struct election_link *link, int64_t now_ms)
{
	struct election_vip *election_vip;

	RB_FOREACH(election_vip, election_vips, &link->election_vips)
		election_vip_recheck(election_vip, now_ms);
}

void
election_vip_set_vacant(struct election_vip *election_vip, bool vacant, int64_t now_ms)
{
	if (election_vip->vacant == vacant)
		return;
	election_vip->vacant = vacant;
	election_vip->vacant_ms = now_ms;
	if (vacant)
		TAILQ_INSERT_TAIL(&election_vip->election_link->vacant_vips, election_vip, in_vacant);
	else
		TAILQ_REMOVE(&election_vip->election_link->vacant_vips, election_vip, in_vacant);
}

void
election_vip_set_unsent(struct election_vip *election_vip, bool unsent)
{
	if (election_vip->unsent == unsent)
		return;
	election_vip->unsent = unsent;
	if (unsent)
		TAILQ_INSERT_TAIL(&election_vip->election_link->unsent_vips, election_vip, in_unsent);
	else
		TAILQ_REMOVE(&election_vip->election_link->unsent_vips, election_vip, in_unsent);
}

struct peer *
peer_find(const struct election_link *link, const char *node)
{
	struct peer key = { .node = (char *)node };

	return RB_FIND(peers, (struct peers *)&link->peers, &key);
}

struct peer *
peer_get(struct election_link *link, const char *node)
{
	struct peer *peer = peer_find(link, node);

	if (peer)
		return peer;
	peer = xcalloc(1, sizeof(*peer));
	peer->election_link = link;
	peer->node = xstrdup(node);
	peer->heard_ms = peer->hears_us_ms = peer->polled_ms = peer->alone_ms = peer->full_sent_ms = NEVER_MS;
	RB_INSERT(peers, &link->peers, peer);
	return peer;
}

void
peer_free(struct peer *peer)
{
	struct election_link *link = peer->election_link;
	struct peer_claim *peer_claim;
	struct election_vip *election_vip;

	while ((peer_claim = RB_ROOT(&peer->peer_claims)))
		peer_claim_end(peer_claim, HOLD_LINK, peer->heard_ms);
	RB_FOREACH(election_vip, election_vips, &link->election_vips) {
		if (election_vip->reported_holder == peer->node)
			election_vip->reported_holder = NULL;
	}
	if (link->last_listed == peer->node)
		link->last_listed = NULL;
	link->n_alive -= peer->alive;
	RB_REMOVE(peers, &link->peers, peer);
	free(peer->node);
	free(peer);
}

/*
 * Another claims what fellows hold: whoever of them is not heard has died, and we come to know it.
 */
static enum hold_cause
cause_of_next(const struct election_vip *election_vip, int64_t now_ms)
{
	const struct peer_claim *peer_claim;

	SLIST_FOREACH(peer_claim, &election_vip->peer_claims, of_vip) {
		if (!peer_is_late(peer_claim->peer, now_ms))
			return HOLD_LEFT;
	}
	return HOLD_DEATH;
}

void
peer_claim_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms)
{
	struct election_vip *election_vip = election_vip_get(peer->election_link, ip);
	struct peer_claim key = { .election_vip = election_vip };
	struct peer_claim *peer_claim = RB_FIND(peer_claims, &peer->peer_claims, &key);

	if (peer_claim && peer_claim->term == term)
		return;
	if (!peer_claim) {
		if (!SLIST_EMPTY(&election_vip->peer_claims))
			election_vip->cause = cause_of_next(election_vip, now_ms);
		peer_claim = xcalloc(1, sizeof(*peer_claim));
		peer_claim->election_vip = election_vip;
		peer_claim->peer = peer;
		RB_INSERT(peer_claims, &peer->peer_claims, peer_claim);
		SLIST_INSERT_HEAD(&election_vip->peer_claims, peer_claim, of_vip);
		peer->n_claims++;
	}
	peer_claim->term = term;
	peer_claim->claimed_ms = now_ms;
	if (term > election_vip->term)
		election_vip->term = term;
	election_vip_recheck(election_vip, now_ms);
}

void
peer_claim_end(struct peer_claim *peer_claim, enum hold_cause cause, int64_t now_ms)
{
	struct election_vip *election_vip = peer_claim->election_vip;

	RB_REMOVE(peer_claims, &peer_claim->peer->peer_claims, peer_claim);
	SLIST_REMOVE(&election_vip->peer_claims, peer_claim, peer_claim, of_vip);
	peer_claim->peer->n_claims--;
	if (SLIST_EMPTY(&election_vip->peer_claims)) {
		election_vip->lost_ms = peer_claim->peer->heard_ms;
		election_vip->cause = cause;
	}
	free(peer_claim);
	election_vip_recheck(election_vip, now_ms);
}

bool
peer_is_late(const struct peer *peer, int64_t now_ms)
{
	return peer->alive && now_ms >= peer->heard_ms + 2 * peer->interval_ms + peer->interval_ms / 5;
}

/*
 * Before a suspect is given up, it is asked a few times; but not by everybody at once, and by us
 * with a hello that has room for its name.
 */
int64_t
peer_poll_ms(const struct peer *peer)
{
	int64_t due_ms = peer->heard_ms + 2 * peer->interval_ms + peer->interval_ms / 5;
	int64_t again_ms = peer->polled_ms + peer->interval_ms / 3;
	int64_t room_ms = peer->election_link->sent_ms + ANSWER_GAP_MS;

	due_ms = due_ms > again_ms ? due_ms : again_ms;
	return due_ms > room_ms ? due_ms : room_ms;
}

bool
election_link_ready(const struct election_link *link)
{
	return link->open && link->up && link->e->has_key;
}
