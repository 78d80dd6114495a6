/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stories of hellos that are not what they seem. */

static uint64_t
count_drops(void)
{
	return party.guests[0].drops + party.guests[1].drops + party.guests[2].drops;
}

/* A fellow that is no guest: what it says is made up by the story. */
static struct hello
stranger(void)
{
	static uint32_t nonce = 1000000;
	struct hello hello = {
		.src = { { 2, 0, 0, 0, 0, 0x99 } },
		.flags = HELLO_STARTED,
		.start_s = (uint32_t)party.wall_s,
		.nonce = ++nonce,
		.wall_s = party.wall_s,
		.interval_ms = 100,
		.dead_ms = 350,
		.paged = true,
		.from = IP_FIRST,
		.to = IP_LAST,
	};

	strcpy(hello.node, "n2"); /* a node that the API knows, and that does not run */
	return hello;
}

static void
hold_vip(struct hello *hello, uint32_t term)
{
	hello->n_held = 1;
	hello->held[0] = (struct held_vip){ party.watched, term };
}

/* @hello comes to all that run, with the next number; what node 0 or 1 says to that. */
static int
say(struct hello *hello)
{
	const struct hello_key key = party_key();
	struct frame frame;
	int rc = 0;

	hello->seq++;
	hello->wall_s = party.wall_s;
	frame.len = hello_build(hello, &key, frame.bytes);
	for (size_t i = 0; i < 3; i++) {
		if (party.guests[i].e)
			rc = party_hear(&party, i, &frame);
	}
	return rc;
}

static void
test_twin(void **state)
{
	struct hello twin = stranger();
	uint64_t replayed;

	(void)state;
	three_begin();
	replayed = stats_of(first)->replayed;
	strcpy(twin.node, party.guests[first].name);
	hold_vip(&twin, 1000);
	twin.n_stable_peers = 1000;
	for (int i = 0; i < 20; i++) {
		const struct hello_key key = party_key();
		struct frame frame;

		twin.seq++;
		frame.len = hello_build(&twin, &key, frame.bytes);
		assert_int_equal(party_hear(&party, first, &frame), -EALREADY);
		party_run(&party, 100);
		assert_held_by(first);
	}
	assert_int_equal(stats_of(first)->replayed, replayed + 20);
	assert_int_equal(count_drops(), 0);
}

/* Plays @tape to all but its speaker: forwards, then backwards.  Returns how many were heard. */
static size_t
play(const struct tape *tape, size_t speaker)
{
	size_t heard = 0;

	for (size_t n = 0; n < 2 * tape->n; n++) {
		size_t at = n < tape->n ? n : 2 * tape->n - 1 - n;

		for (size_t i = 0; i < 3; i++) {
			if (party.guests[i].e && i != speaker)
				heard += party_hear(&party, i, &tape->frames[at]) == 0;
		}
		party_run(&party, 2);
	}
	return heard;
}

static void
record(size_t node, int64_t ms)
{
	static struct tape empty;

	free(party.guests[node].tape);
	party.guests[node].tape = memcpy(malloc(sizeof(empty)), &empty, sizeof(empty));
	party_run(&party, ms);
}

static struct tape *
stop_recording(size_t node)
{
	struct tape *tape = party.guests[node].tape;

	party.guests[node].tape = NULL;
	assert_true(tape->n > 10);
	return tape;
}

static void
test_replay_of_this_start(void **state)
{
	struct tape *tape;
	uint64_t drops, before;

	(void)state;
	three_begin();
	record(first, 3000);
	tape = stop_recording(first);
	drops = count_drops();
	before = stats_of((first + 1) % 3)->replayed;
	assert_int_equal(play(tape, first), 0);
	assert_int_equal(stats_of((first + 1) % 3)->replayed - before, 2 * tape->n);
	assert_held_by(first);
	/* nor does it live longer for being played */
	party_crash(&party, first);
	assert_int_equal(play(tape, first), 0);
	party_run(&party, 400);
	assert_held_by(second);
	assert_int_equal(play(tape, first), 0);
	assert_held_by(second);
	/* nor once it is forgotten */
	party_run(&party, 700000);
	assert_int_equal(play(tape, first), 0);
	assert_held_by(second);
	assert_int_equal(count_drops(), drops);
	free(tape);
}

static void
test_replay_of_earlier_start(void **state)
{
	struct tape *tape, *of_second;

	(void)state;
	three_begin();
	record(first, 2000);
	tape = stop_recording(first);
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	party_start(&party, first);
	record(first, 2000);
	of_second = stop_recording(first);
	party_crash(&party, first);
	party_start(&party, first);
	party_run(&party, 2000);
	party_measure(&party, VIP);
	assert_int_equal(play(tape, first), 0); /* of two starts ago: it held the address then */
	assert_int_equal(play(of_second, first), 0);
	assert_held_by(second);
	assert_int_equal(party.none_ms + party.both_ms, 0);
	assert_int_equal(stats_of(second)->peer_deaths, 1);
	free(tape);
	free(of_second);
}

/* One that nobody but the recorder heard, so that it is taken for a new start. */
static void
test_replay_of_unknown_start(void **state)
{
	struct hello old = stranger();

	(void)state;
	three_begin();
	strcpy(old.node, party.guests[first].name);
	party_measure(&party, VIP);
	(void)say(&old);
	party_run(&party, 300);
	old.seq--;
	(void)say(&old);
	party_run(&party, 1000);
	assert_held_by(first); /* it is heard to be alive, and believed again */
	assert_int_equal(party.both_ms, 0);
	assert_int_equal(stats_of(second)->peer_deaths, 0);
	party_crash(&party, first);
	old.seq--;
	(void)say(&old);
	party_run(&party, 400);
	assert_held_by(second); /* the recording does not keep it alive */
}

static void
test_reordered(void **state)
{
	struct hello hello = stranger();
	const struct hello_key key = party_key();
	struct frame old;
	uint64_t replayed;

	(void)state;
	party_start(&party, 0);
	party_start(&party, 1);
	assert_int_equal(say(&hello), 0);
	hello.seq++;
	hold_vip(&hello, 7);
	old.len = hello_build(&hello, &key, old.bytes);
	hello.n_held = 0;
	assert_int_equal(say(&hello), 0);
	replayed = stats_of(0)->replayed;
	assert_int_equal(party_hear(&party, 0, &old), -EALREADY); /* it comes late */
	assert_int_equal(stats_of(0)->replayed, replayed + 1);
	hello.seq = UINT32_MAX; /* far ahead is behind, and so is half way around */
	assert_int_equal(say(&hello), -EALREADY);
	hello.seq = INT32_MAX - 1;
	assert_int_equal(say(&hello), 0);
	hello.seq = UINT32_MAX - 2;
	assert_int_equal(say(&hello), 0);
	hello.seq = UINT32_MAX; /* the next is 0 */
	assert_int_equal(say(&hello), 0);
	assert_int_equal(say(&hello), 0);
}

static size_t n_alive;

static void
count_alive(void *arg, const struct peer_view *peer_view)
{
	(void)arg;
	n_alive += peer_view->alive && strcmp(peer_view->node, "n2") == 0;
}

static bool
n2_is_alive(void)
{
	n_alive = 0;
	election_each_peer(party.guests[0].e, count_alive, NULL);
	return n_alive;
}

static void
test_intervals_of_zero(void **state)
{
	struct hello liar = stranger();
	uint64_t sent, deaths;

	(void)state;
	party_start(&party, 0);
	party_start(&party, 1);
	party_run(&party, 6000);
	sent = stats_of(0)->sent;
	deaths = stats_of(0)->peer_deaths;
	liar.interval_ms = liar.dead_ms = 0;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(say(&liar), 0);
		assert_true(n2_is_alive());
		party_run(&party, 19);
		assert_true(n2_is_alive());
		party_run(&party, 81);
		assert_false(n2_is_alive());
	}
	assert_int_equal(stats_of(0)->peer_deaths - deaths, 100);
	assert_true(stats_of(0)->sent - sent <= 2 * 100 + 5); /* not faster than it talks itself */
}

static void
test_intervals_of_zero_and_many_pages(void **state)
{
	struct hello liar = stranger();
	char text[IP_TEXT_MAX];
	uint64_t sent;

	(void)state;
	party_start(&party, 0);
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "fd00::%x", i);
		party_stand(&party, text);
	}
	party_run(&party, 6000);
	assert_int_equal(party.guests[0].n_held, 301);
	sent = stats_of(0)->sent;
	liar.interval_ms = liar.dead_ms = 0;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(say(&liar), 0);
		party_run(&party, 50);
	}
	assert_true(stats_of(0)->sent - sent < 300); /* it is not told all with each word */
}

static void
test_intervals_without_end(void **state)
{
	struct hello liar = stranger();

	(void)state;
	party_start(&party, 0);
	party_start(&party, 1);
	liar.interval_ms = liar.dead_ms = UINT16_MAX;
	liar.n_stable_peers = 1;
	liar.heard[liar.n_heard++] = (struct hello_heard){ 77, 1 }; /* not one that hears nobody */
	hold_vip(&liar, 1);
	assert_int_equal(say(&liar), 0);
	party_run(&party, 59900);
	assert_true(n2_is_alive());
	assert_string_equal(party_holders(&party, VIP), "");
	party_run(&party, 200);
	assert_false(n2_is_alive());
	assert_int_equal(strlen(party_holders(&party, VIP)), 1);
}

/* The term of the only address in the last frame of @tape. */
static uint32_t
last_term(const struct tape *tape)
{
	const struct frame *frame = &tape->frames[tape->n - 1];
	const struct hello_key key = party_key();
	struct hello hello;

	assert_int_equal(hello_parse(frame->bytes, frame->len, &key, &hello), 0);
	assert_int_equal(hello.n_held, 1);
	return hello.held[0].term;
}

static void
test_last_term(void **state)
{
	struct hello peer_view = stranger();
	size_t holder;
	struct tape *tape;

	(void)state;
	party_start(&party, 0);
	party_start(&party, 1);
	peer_view.n_stable_peers = 1;
	peer_view.heard[peer_view.n_heard++] = (struct hello_heard){ 77, 1 }; /* not one that hears nobody */
	hold_vip(&peer_view, UINT32_MAX);
	for (int i = 0; i < 80; i++) {
		assert_int_equal(say(&peer_view), 0);
		party_run(&party, 100);
	}
	assert_string_equal(party_holders(&party, VIP), "");
	party_run(&party, 500); /* it is gone */
	assert_int_equal(strlen(party_holders(&party, VIP)), 1);
	holder = (size_t)(party_holders(&party, VIP)[0] - '0');
	record(holder, 2000);
	tape = stop_recording(holder);
	assert_int_equal(last_term(tape), UINT32_MAX);
	assert_int_equal(party.guests[holder].drops, 0);
	free(tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("a twin is not believed", test_twin),
		STORY("a recording of this start changes nothing", test_replay_of_this_start),
		STORY("nor does one of an earlier start", test_replay_of_earlier_start),
		STORY("one of a start that is not known does no lasting harm",
		    test_replay_of_unknown_start),
		STORY("of two hellos the later one counts", test_reordered),
		STORY("who says 0 ms is heard for a moment", test_intervals_of_zero),
		STORY("and is not told all at each of its words", test_intervals_of_zero_and_many_pages),
		STORY("who says a minute and more is waited for a minute", test_intervals_without_end),
		STORY("the last term of all does not wrap", test_last_term),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
