/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "election_impl.h"

#include <stdlib.h>
#include <string.h>

int
segment_cmp(const struct segment *a, const struct segment *b)
{
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

int
peer_cmp(const struct peer *a, const struct peer *b)
{
	return strcmp(a->node, b->node);
}

int
seat_cmp(const struct seat *a, const struct seat *b)
{
	return ip_cmp(&a->ip, &b->ip);
}

int
seat_cmp_time(const struct seat *a, const struct seat *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return seat_cmp(a, b);
}

int
tenure_cmp(const struct tenure *a, const struct tenure *b)
{
	return seat_cmp(a->seat, b->seat);
}

RB_GENERATE(segments, segment, by_index, segment_cmp)
RB_GENERATE(peers, peer, by_node, peer_cmp)
RB_GENERATE(seats, seat, by_ip, seat_cmp)
RB_GENERATE(seat_calendar, seat, by_time, seat_cmp_time)
RB_GENERATE(tenures, tenure, by_ip, tenure_cmp)

struct segment *
segment_find(const struct election *e, int ifindex)
{
	struct segment key = { .ifindex = ifindex };

	return RB_FIND(segments, (struct segments *)&e->segments, &key);
}

struct segment *
segment_of(struct election *e, int ifindex)
{
	struct segment *seg = segment_find(e, ifindex);

	if (seg)
		return seg;
	seg = xcalloc(1, sizeof(*seg));
	seg->e = e;
	seg->ifindex = ifindex;
	seg->sent_ms = NEVER_MS;
	seg->cursor = IP_FIRST;
	TAILQ_INIT(&seg->vacancies);
	TAILQ_INIT(&seg->news);
	RB_INSERT(segments, &e->segments, seg);
	return seg;
}

void
segment_free(struct segment *seg)
{
	struct seat *seat, *next;
	struct peer *peer;

	while ((peer = RB_ROOT(&seg->peers)))
		peer_free(peer);
	RB_FOREACH_SAFE(seat, seats, &seg->seats, next) {
		seat->wanted = seat->held = false;
		seat_set_fresh(seat, false);
		seat_free_if_idle(seat);
	}
	RB_REMOVE(segments, &seg->e->segments, seg);
	free(seg);
}

void
segment_free_if_idle(struct segment *seg)
{
	if (!seg->open && RB_EMPTY(&seg->seats))
		segment_free(seg);
}

struct seat *
seat_find(const struct segment *seg, const struct ip *ip)
{
	struct seat key = { .ip = *ip };

	return RB_FIND(seats, (struct seats *)&seg->seats, &key);
}

struct seat *
seat_from(const struct segment *seg, const struct ip *ip)
{
	struct seat key = { .ip = *ip };

	return RB_NFIND(seats, (struct seats *)&seg->seats, &key);
}

struct seat *
seat_of(struct segment *seg, const struct ip *ip)
{
	struct seat *seat = seat_find(seg, ip);

	if (seat)
		return seat;
	seat = xcalloc(1, sizeof(*seat));
	seat->segment = seg;
	seat->ip = seat->key = *ip;
	seat->lost_ms = seat->claimed_ms = seat->not_before_ms = NEVER_MS;
	seat->unfit_ms = INT64_MAX;
	RB_INSERT(seats, &seg->seats, seat);
	return seat;
}

/* What is news goes only once it has been told: fellows would take us for the holder until then. */
void
seat_free_if_idle(struct seat *seat)
{
	if (seat->wanted || seat->held || !SLIST_EMPTY(&seat->tenures))
		return;
	if (seat->fresh && segment_speaks(seat->segment))
		return;
	seat_wait_until(seat, INT64_MAX);
	seat_set_vacant(seat, false, 0);
	seat_set_fresh(seat, false);
	RB_REMOVE(seats, &seat->segment->seats, seat);
	free(seat);
}

void
seat_wait_until(struct seat *seat, int64_t due_ms)
{
	struct seat_calendar *calendar = &seat->segment->calendar;

	if (seat->waits)
		RB_REMOVE(seat_calendar, calendar, seat);
	seat->due_ms = due_ms;
	seat->waits = due_ms != INT64_MAX;
	if (seat->waits)
		RB_INSERT(seat_calendar, calendar, seat);
}

void
seat_touch(struct seat *seat, int64_t now_ms)
{
	if (!seat->waits || seat->due_ms > now_ms)
		seat_wait_until(seat, now_ms);
}

void
seats_touch(struct segment *seg, int64_t now_ms)
{
	struct seat *seat;

	RB_FOREACH(seat, seats, &seg->seats)
		seat_touch(seat, now_ms);
}

void
seat_set_vacant(struct seat *seat, bool vacant, int64_t now_ms)
{
	if (seat->vacant == vacant)
		return;
	seat->vacant = vacant;
	seat->vacant_ms = now_ms;
	if (vacant)
		TAILQ_INSERT_TAIL(&seat->segment->vacancies, seat, in_vacant);
	else
		TAILQ_REMOVE(&seat->segment->vacancies, seat, in_vacant);
}

void
seat_set_fresh(struct seat *seat, bool fresh)
{
	if (seat->fresh == fresh)
		return;
	seat->fresh = fresh;
	if (fresh)
		TAILQ_INSERT_TAIL(&seat->segment->news, seat, in_fresh);
	else
		TAILQ_REMOVE(&seat->segment->news, seat, in_fresh);
}

struct peer *
peer_find(const struct segment *seg, const char *node)
{
	struct peer key = { .node = (char *)node };

	return RB_FIND(peers, (struct peers *)&seg->peers, &key);
}

struct peer *
peer_of(struct segment *seg, const char *node)
{
	struct peer *peer = peer_find(seg, node);

	if (peer)
		return peer;
	peer = xcalloc(1, sizeof(*peer));
	peer->segment = seg;
	peer->node = xstrdup(node);
	peer->heard_ms = peer->hears_ms = peer->asked_ms = peer->lone_ms = peer->greeted_ms = NEVER_MS;
	RB_INSERT(peers, &seg->peers, peer);
	return peer;
}

void
peer_free(struct peer *peer)
{
	struct segment *seg = peer->segment;
	struct tenure *tenure;
	struct seat *seat;

	while ((tenure = RB_ROOT(&peer->tenures)))
		tenure_end(tenure, HOLD_LINK, peer->heard_ms);
	RB_FOREACH(seat, seats, &seg->seats) {
		if (seat->told == peer->node)
			seat->told = NULL;
	}
	if (seg->ear == peer->node)
		seg->ear = NULL;
	seg->n_alive -= peer->alive;
	RB_REMOVE(peers, &seg->peers, peer);
	free(peer->node);
	free(peer);
}

/*
 * Another claims what fellows hold: whoever of them is not heard has died, and we come to know it.
 */
static enum hold_cause
cause_of_next(const struct seat *seat, int64_t now_ms)
{
	const struct tenure *tenure;

	SLIST_FOREACH(tenure, &seat->tenures, of_seat) {
		if (!peer_is_suspect(tenure->peer, now_ms))
			return HOLD_LEFT;
	}
	return HOLD_DEATH;
}

void
tenure_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms)
{
	struct seat *seat = seat_of(peer->segment, ip);
	struct tenure key = { .seat = seat };
	struct tenure *tenure = RB_FIND(tenures, &peer->tenures, &key);

	if (tenure && tenure->term == term)
		return;
	if (!tenure) {
		if (!SLIST_EMPTY(&seat->tenures))
			seat->cause = cause_of_next(seat, now_ms);
		tenure = xcalloc(1, sizeof(*tenure));
		tenure->seat = seat;
		tenure->peer = peer;
		RB_INSERT(tenures, &peer->tenures, tenure);
		SLIST_INSERT_HEAD(&seat->tenures, tenure, of_seat);
		peer->n_tenures++;
	}
	tenure->term = term;
	tenure->claimed_ms = now_ms;
	if (term > seat->term)
		seat->term = term;
	seat_touch(seat, now_ms);
}

void
tenure_end(struct tenure *tenure, enum hold_cause cause, int64_t now_ms)
{
	struct seat *seat = tenure->seat;

	RB_REMOVE(tenures, &tenure->peer->tenures, tenure);
	SLIST_REMOVE(&seat->tenures, tenure, tenure, of_seat);
	tenure->peer->n_tenures--;
	if (SLIST_EMPTY(&seat->tenures)) {
		seat->lost_ms = tenure->peer->heard_ms;
		seat->cause = cause;
	}
	free(tenure);
	seat_touch(seat, now_ms);
}

bool
peer_is_suspect(const struct peer *peer, int64_t now_ms)
{
	return peer->alive && now_ms >= peer->heard_ms + 2 * peer->interval_ms + peer->interval_ms / 5;
}

/*
 * Before a suspect is given up, it is asked a few times; but not by everybody at once, and by us
 * with a hello that has room for its name.
 */
int64_t
peer_ask_ms(const struct peer *peer)
{
	int64_t due_ms = peer->heard_ms + 2 * peer->interval_ms + peer->interval_ms / 5;
	int64_t again_ms = peer->asked_ms + peer->interval_ms / 3;
	int64_t room_ms = peer->segment->sent_ms + ANSWER_GAP_MS;

	due_ms = due_ms > again_ms ? due_ms : again_ms;
	return due_ms > room_ms ? due_ms : room_ms;
}

bool
segment_speaks(const struct segment *seg)
{
	return seg->open && seg->up && seg->e->has_key;
}
