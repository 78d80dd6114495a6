/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/election.h"
#include "arplet/arena.h"
#include "election_impl.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const hold_cause_name[HOLD_CAUSES] = {
	[HOLD_FREE] = "free",
	[HOLD_DEATH] = "death",
	[HOLD_LEFT] = "left",
	[HOLD_CONTEST] = "contest",
	[HOLD_LINK] = "link",
	[HOLD_OVER] = "over",
};

struct election *
election_new(const struct election_ops *ops, void *arg, const struct election_opts *opts)
{
	struct election *e = xcalloc(1, sizeof(*e));

	assert(opts->interval_ms > 0 && opts->dead_ms > 2 * opts->interval_ms);
	assert(strlen(opts->node) < HELLO_NODE_MAX);
	e->ops = ops;
	e->arg = arg;
	e->opts = *opts;
	e->node = xstrdup(opts->node);
	e->last_run_ms = NEVER_MS;
	return e;
}

void
election_free(struct election *e)
{
	struct election_link *link;

	if (!e)
		return;
	while ((link = RB_ROOT(&e->election_links)))
		election_link_free(link);
	free(e->node);
	free(e);
}

/* What was decided counts no more: listen before anything is claimed. */
static void
start_listening(struct election_link *link, int64_t now_ms)
{
	struct election_vip *election_vip;

	RB_FOREACH(election_vip, election_vips, &link->election_vips) {
		if (election_vip->held)
			election_vip_drop(election_vip, HOLD_LINK, now_ms);
	}
	link->listening = true;
	link->listen_ms = now_ms + election_link_dead_ms(link);
	link->hello_ms = now_ms;
	election_vips_recheck(link, now_ms);
}

static bool
same_key(const struct hello_key *a, const struct hello_key *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

void
election_set_key(struct election *e, const struct hello_key *key, int64_t now_ms)
{
	struct election_link *link;

	election_check_stopped(e, now_ms);
	if (e->has_key && same_key(key, &e->key)) {
		e->switch_ms = INT64_MAX; /* if another one was to come into use: that is over */
		return;
	}
	if (e->has_other && e->switch_ms != INT64_MAX && same_key(key, &e->other))
		return; /* it is about to come into use */
	if (e->has_key) {
		e->other = *key;
		e->has_other = true;
		e->switch_ms = now_ms + ELECTION_KEY_MS / 2;
		e->forget_ms = now_ms + ELECTION_KEY_MS;
		return;
	}
	e->key = *key;
	e->has_key = true;
	e->switch_ms = e->forget_ms = INT64_MAX;
	RB_FOREACH(link, election_links, &e->election_links) {
		link->cold_until_ms = now_ms + e->opts.cold_ms;
		start_listening(link, now_ms);
	}
}

/* The new key comes into use; the old one is forgotten. */
static void
turn_key(struct election *e, int64_t now_ms)
{
	if (e->has_other && now_ms >= e->switch_ms) {
		struct hello_key old = e->key;

		e->key = e->other;
		e->other = old;
		e->switch_ms = INT64_MAX;
	}
	if (e->has_other && now_ms >= e->forget_ms) {
		e->has_other = false;
		e->forget_ms = INT64_MAX;
	}
}

void
election_open(struct election *e, int ifindex, const struct mac *mac, bool up, int64_t now_ms)
{
	struct election_link *link = election_link_get(e, ifindex);
	bool anew = up && (!link->open || !link->up || !mac_equal(mac, &link->mac));
	bool down = !up && link->up;

	election_check_stopped(e, now_ms);
	link->open = true;
	link->up = up;
	link->mac = *mac;
	if (anew && !link->started)
		link->cold_until_ms = now_ms + e->opts.cold_ms;
	if (anew || down)
		start_listening(link, now_ms);
}

void
election_close(struct election *e, int ifindex, int64_t now_ms)
{
	struct election_link *link = election_link_find(e, ifindex);
	struct election_vip *election_vip, *next;
	struct peer *peer;

	if (!link || !link->open)
		return;
	link->open = link->up = link->started = false;
	start_listening(link, now_ms);
	RB_FOREACH(peer, peers, &link->peers)
		peer_end_claims(peer, HOLD_LINK, now_ms);
	RB_FOREACH_SAFE(election_vip, election_vips, &link->election_vips, next) {
		election_vip_report(election_vip, -1);
		election_vip_free_if_unused(election_vip);
	}
	while ((peer = RB_ROOT(&link->peers))) {
		e->ops->on_peer(e->arg, ifindex, &peer->mac, false);
		peer_free(peer);
	}
	election_link_free_if_unused(link);
}

void
election_want_holder(struct election *e, int ifindex, const struct ip *ip, const struct ip *key,
    int64_t now_ms)
{
	struct election_vip *election_vip = election_vip_get(election_link_get(e, ifindex), ip);

	if (!election_vip->wanted)
		election_vip->reported_holder = NULL;
	election_vip->wanted = true;
	election_vip->key = *key;
	election_vip_recheck(election_vip, now_ms);
}

void
election_withdraw(struct election *e, int ifindex, const struct ip *ip, int64_t now_ms)
{
	struct election_link *link = election_link_find(e, ifindex);
	struct election_vip *election_vip = link ? election_vip_find(link, ip) : NULL;

	if (!election_vip || !election_vip->wanted)
		return;
	election_vip->wanted = false;
	if (election_vip->held)
		election_vip_drop(election_vip, HOLD_OVER, now_ms);
	election_vip_recheck(election_vip, now_ms);
	election_vip_free_if_unused(election_vip);
	election_link_free_if_unused(link);
}

void
election_leave(struct election *e, int64_t now_ms)
{
	struct election_link *link;

	e->leaving = true;
	RB_FOREACH(link, election_links, &e->election_links) {
		election_vips_recheck(link, now_ms);
		hello_tx_by(link, now_ms);
	}
}

bool
election_left(const struct election *e)
{
	struct election_link *link;

	RB_FOREACH(link, election_links, (struct election_links *)&e->election_links) {
		if (link->n_held || (election_link_ready(link) && link->goodbyes == 0))
			return false;
	}
	return e->leaving;
}

/* Fellows may have spoken meanwhile, and what they said may still wait to be read. */
void
election_check_stopped(struct election *e, int64_t now_ms)
{
	int64_t away_ms = now_ms - e->last_run_ms;
	bool stopped = false;
	struct election_link *link;
	struct peer *peer;

	if (e->last_run_ms == NEVER_MS)
		away_ms = 0;
	e->last_run_ms = now_ms;
	RB_FOREACH(link, election_links, &e->election_links) {
		if (!election_link_ready(link) || away_ms < election_link_dead_ms(link))
			continue;
		stopped = true;
		RB_FOREACH(peer, peers, &link->peers)
			peer->heard_ms = peer->alive ? now_ms : peer->heard_ms;
		start_listening(link, now_ms);
	}
	e->stats.stalls += stopped;
}

static const struct hello_key *
key_of(const struct election *e, int n)
{
	if (n == 0)
		return e->has_key ? &e->key : NULL;
	return e->has_other ? &e->other : NULL;
}

static void
count_refused(struct election_stats *stats, int error)
{
	if (error == -ENOKEY || error == -EPROTONOSUPPORT)
		stats->foreign++;
	else if (error == -EACCES)
		stats->forged++;
	else
		stats->bad++;
}

int
election_on_hello(struct election *e, int ifindex, const uint8_t *frame, size_t len,
    int64_t heard_ms, int64_t now_ms, int64_t wall_s)
{
	struct election_link *link = election_link_find(e, ifindex);
	int rc = -ENOKEY;
	struct hello hello;

	election_check_stopped(e, now_ms);
	if (!link || !election_link_ready(link))
		return 0;
	for (int n = 0; rc == -ENOKEY && key_of(e, n); n++)
		rc = hello_parse(frame, len, key_of(e, n), &hello);
	if (rc < 0) {
		count_refused(&e->stats, rc);
		return rc;
	}
	if (!peer_on_hello(link, &hello, heard_ms, now_ms, wall_s)) {
		e->stats.replayed++;
		return -EALREADY;
	}
	e->stats.received++;
	return 0;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
election_link_next_ms(const struct election_link *link)
{
	const struct election_vip *election_vip = RB_MIN(vip_schedule, (struct vip_schedule *)&link->schedule);
	int64_t next_ms = earlier(peers_next_ms(link), hello_tx_next_ms(link));

	if (election_vip)
		next_ms = earlier(next_ms, election_vip->due_ms);
	if (link->listening && election_link_ready(link))
		next_ms = earlier(next_ms, link->listen_ms);
	if (!link->started && election_link_ready(link))
		next_ms = earlier(next_ms, link->cold_until_ms);
	return next_ms;
}

int64_t
election_next_ms(const struct election *e)
{
	int64_t next_ms = INT64_MAX;
	struct election_link *link;

	RB_FOREACH(link, election_links, (struct election_links *)&e->election_links)
		next_ms = earlier(next_ms, election_link_next_ms(link));
	if (e->has_other)
		next_ms = earlier(next_ms, earlier(e->switch_ms, e->forget_ms));
	return next_ms;
}

/* The time to listen is over, or that for nodes that are slow to start. */
static void
end_waiting(struct election_link *link, int64_t now_ms)
{
	if (!election_link_ready(link))
		return;
	if (!link->started && now_ms >= link->cold_until_ms) {
		link->started = true;
		link->turns_from_ms = now_ms;
		election_vips_recheck(link, now_ms);
	}
	if (link->listening && now_ms >= link->listen_ms) {
		link->listening = false;
		link->turns_from_ms = now_ms;
		election_vips_recheck(link, now_ms);
	}
}

void
election_tick(struct election *e, int64_t now_ms, int64_t wall_s)
{
	struct election_link *link;

	election_check_stopped(e, now_ms);
	turn_key(e, now_ms);
	RB_FOREACH(link, election_links, &e->election_links) {
		end_waiting(link, now_ms);
		peers_tick(link, now_ms);
		election_vips_tick(link, now_ms);
		if (hello_tx_is_due(link, now_ms))
			peers_update_stable(link, now_ms);
		hello_tx_tick(link, now_ms, wall_s);
	}
}

bool
election_has_peers(const struct election *e, int ifindex)
{
	const struct election_link *link = election_link_find(e, ifindex);

	return link && link->n_stable_peers;
}

void
election_each_peer(
    const struct election *e, void (*visit)(void *arg, const struct peer_view *peer_view), void *arg)
{
	struct election_link *link;
	struct peer *peer;

	RB_FOREACH(link, election_links, (struct election_links *)&e->election_links) {
		RB_FOREACH(peer, peers, &link->peers) {
			struct peer_view peer_view = {
				.node = peer->node,
				.ifindex = link->ifindex,
				.mac = peer->mac,
				.heard_ms = peer->heard_ms,
				.hears_us = peer->alive && !peer_is_one_way(peer, peer->heard_ms),
				.alive = peer->alive,
				.leaving = peer->flags & HELLO_LEAVING,
				.n_held = peer->n_claims,
			};

			visit(arg, &peer_view);
		}
	}
}

const struct election_stats *
election_stats(const struct election *e)
{
	return &e->stats;
}
