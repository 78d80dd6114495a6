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
	e->awake_ms = NEVER_MS;
	return e;
}

void
election_free(struct election *e)
{
	struct segment *seg;

	if (!e)
		return;
	while ((seg = RB_ROOT(&e->segments)))
		segment_free(seg);
	free(e->node);
	free(e);
}

/* What was decided counts no more: listen before anything is claimed. */
static void
start_listening(struct segment *seg, int64_t now_ms)
{
	struct seat *seat;

	RB_FOREACH(seat, seats, &seg->seats) {
		if (seat->held)
			seat_drop(seat, HOLD_LINK, now_ms);
	}
	seg->listening = true;
	seg->listen_ms = now_ms + segment_dead_ms(seg);
	seg->hello_ms = now_ms;
	seats_touch(seg, now_ms);
}

static bool
same_key(const struct hello_key *a, const struct hello_key *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

void
election_set_key(struct election *e, const struct hello_key *key, int64_t now_ms)
{
	struct segment *seg;

	election_wake(e, now_ms);
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
	RB_FOREACH(seg, segments, &e->segments) {
		seg->cold_ms = now_ms + e->opts.cold_ms;
		start_listening(seg, now_ms);
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
	struct segment *seg = segment_of(e, ifindex);
	bool anew = up && (!seg->open || !seg->up || !mac_equal(mac, &seg->mac));
	bool down = !up && seg->up;

	election_wake(e, now_ms);
	seg->open = true;
	seg->up = up;
	seg->mac = *mac;
	if (anew && !seg->warm)
		seg->cold_ms = now_ms + e->opts.cold_ms;
	if (anew || down)
		start_listening(seg, now_ms);
}

void
election_close(struct election *e, int ifindex, int64_t now_ms)
{
	struct segment *seg = segment_find(e, ifindex);
	struct seat *seat, *next;
	struct peer *peer;

	if (!seg || !seg->open)
		return;
	seg->open = seg->up = seg->warm = false;
	start_listening(seg, now_ms);
	RB_FOREACH(peer, peers, &seg->peers)
		peer_end_tenures(peer, HOLD_LINK, now_ms);
	RB_FOREACH_SAFE(seat, seats, &seg->seats, next) {
		seat_tell(seat, -1);
		seat_free_if_idle(seat);
	}
	while ((peer = RB_ROOT(&seg->peers))) {
		e->ops->on_fellow(e->arg, ifindex, &peer->mac, false);
		peer_free(peer);
	}
	segment_free_if_idle(seg);
}

void
election_stand(struct election *e, int ifindex, const struct ip *ip, const struct ip *key,
    int64_t now_ms)
{
	struct seat *seat = seat_of(segment_of(e, ifindex), ip);

	if (!seat->wanted)
		seat->told = NULL;
	seat->wanted = true;
	seat->key = *key;
	seat_touch(seat, now_ms);
}

void
election_withdraw(struct election *e, int ifindex, const struct ip *ip, int64_t now_ms)
{
	struct segment *seg = segment_find(e, ifindex);
	struct seat *seat = seg ? seat_find(seg, ip) : NULL;

	if (!seat || !seat->wanted)
		return;
	seat->wanted = false;
	if (seat->held)
		seat_drop(seat, HOLD_OVER, now_ms);
	seat_touch(seat, now_ms);
	seat_free_if_idle(seat);
	segment_free_if_idle(seg);
}

void
election_leave(struct election *e, int64_t now_ms)
{
	struct segment *seg;

	e->leaving = true;
	RB_FOREACH(seg, segments, &e->segments) {
		seats_touch(seg, now_ms);
		herald_soon(seg, now_ms);
	}
}

bool
election_left(const struct election *e)
{
	struct segment *seg;

	RB_FOREACH(seg, segments, (struct segments *)&e->segments) {
		if (seg->n_held || (segment_speaks(seg) && seg->farewells == 0))
			return false;
	}
	return e->leaving;
}

/* Fellows may have spoken meanwhile, and what they said may still wait to be read. */
void
election_wake(struct election *e, int64_t now_ms)
{
	int64_t away_ms = now_ms - e->awake_ms;
	bool stopped = false;
	struct segment *seg;
	struct peer *peer;

	if (e->awake_ms == NEVER_MS)
		away_ms = 0;
	e->awake_ms = now_ms;
	RB_FOREACH(seg, segments, &e->segments) {
		if (!segment_speaks(seg) || away_ms < segment_dead_ms(seg))
			continue;
		stopped = true;
		RB_FOREACH(peer, peers, &seg->peers)
			peer->heard_ms = peer->alive ? now_ms : peer->heard_ms;
		start_listening(seg, now_ms);
	}
	e->stats.stopped += stopped;
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
	struct segment *seg = segment_find(e, ifindex);
	int rc = -ENOKEY;
	struct hello hello;

	election_wake(e, now_ms);
	if (!seg || !segment_speaks(seg))
		return 0;
	for (int n = 0; rc == -ENOKEY && key_of(e, n); n++)
		rc = hello_parse(frame, len, key_of(e, n), &hello);
	if (rc < 0) {
		count_refused(&e->stats, rc);
		return rc;
	}
	if (!peer_heard(seg, &hello, heard_ms, now_ms, wall_s)) {
		e->stats.replayed++;
		return -EALREADY;
	}
	e->stats.heard++;
	return 0;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
segment_next_ms(const struct segment *seg)
{
	const struct seat *seat = RB_MIN(seat_calendar, (struct seat_calendar *)&seg->calendar);
	int64_t next_ms = earlier(peers_next_ms(seg), herald_next_ms(seg));

	if (seat)
		next_ms = earlier(next_ms, seat->due_ms);
	if (seg->listening && segment_speaks(seg))
		next_ms = earlier(next_ms, seg->listen_ms);
	if (!seg->warm && segment_speaks(seg))
		next_ms = earlier(next_ms, seg->cold_ms);
	return next_ms;
}

int64_t
election_next_ms(const struct election *e)
{
	int64_t next_ms = INT64_MAX;
	struct segment *seg;

	RB_FOREACH(seg, segments, (struct segments *)&e->segments)
		next_ms = earlier(next_ms, segment_next_ms(seg));
	if (e->has_other)
		next_ms = earlier(next_ms, earlier(e->switch_ms, e->forget_ms));
	return next_ms;
}

/* The time to listen is over, or that for nodes that are slow to start. */
static void
end_waiting(struct segment *seg, int64_t now_ms)
{
	if (!segment_speaks(seg))
		return;
	if (!seg->warm && now_ms >= seg->cold_ms) {
		seg->warm = true;
		seg->turns_ms = now_ms;
		seats_touch(seg, now_ms);
	}
	if (seg->listening && now_ms >= seg->listen_ms) {
		seg->listening = false;
		seg->turns_ms = now_ms;
		seats_touch(seg, now_ms);
	}
}

void
election_tick(struct election *e, int64_t now_ms, int64_t wall_s)
{
	struct segment *seg;

	election_wake(e, now_ms);
	turn_key(e, now_ms);
	RB_FOREACH(seg, segments, &e->segments) {
		end_waiting(seg, now_ms);
		peers_tick(seg, now_ms);
		seats_tick(seg, now_ms);
		if (herald_is_due(seg, now_ms))
			peers_settle(seg, now_ms);
		herald_tick(seg, now_ms, wall_s);
	}
}

bool
election_has_company(const struct election *e, int ifindex)
{
	const struct segment *seg = segment_find(e, ifindex);

	return seg && seg->settled;
}

void
election_each_fellow(
    const struct election *e, void (*visit)(void *arg, const struct fellow *fellow), void *arg)
{
	struct segment *seg;
	struct peer *peer;

	RB_FOREACH(seg, segments, (struct segments *)&e->segments) {
		RB_FOREACH(peer, peers, &seg->peers) {
			struct fellow fellow = {
				.node = peer->node,
				.ifindex = seg->ifindex,
				.mac = peer->mac,
				.heard_ms = peer->heard_ms,
				.hears_us = peer->alive && !peer_is_deaf(peer, peer->heard_ms),
				.alive = peer->alive,
				.leaving = peer->flags & HELLO_LEAVING,
				.holds = peer->n_tenures,
			};

			visit(arg, &fellow);
		}
	}
}

const struct election_stats *
election_stats(const struct election *e)
{
	return &e->stats;
}
