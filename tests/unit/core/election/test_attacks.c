/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Replayed and malicious hellos. */

static uint64_t
count_drops(void)
{
	return lan.nodes[0].drops + lan.nodes[1].drops + lan.nodes[2].drops;
}

/* Returns the first hello of a peer that does not run an election; the test sets other fields. */
static struct hello
scripted_hello(void)
{
	static uint32_t nonce = 1000000;
	struct hello hello = {
		.src = { { 2, 0, 0, 0, 0, 0x99 } },
		.flags = HELLO_STARTED,
		.start_s = (uint32_t)lan.wall_s,
		.nonce = ++nonce,
		.wall_s = lan.wall_s,
		.interval_ms = 100,
		.dead_ms = 350,
		.paged = true,
		.from = IP_FIRST,
		.to = IP_LAST,
	};

	strcpy(hello.node, "n2"); /* node n2 is a candidate, but its daemon does not run */
	return hello;
}

static void
hold_vip(struct hello *hello, uint32_t term)
{
	hello->n_held = 1;
	hello->held[0] = (struct held_vip){ lan.measured, term };
}

/* Passes @hello, with the next sequence number, to all running nodes; returns the last result. */
static int
send_to_all(struct hello *hello)
{
	const struct hello_key key = lan_key();
	struct frame frame;
	int rc = 0;

	hello->seq++;
	hello->wall_s = lan.wall_s;
	frame.len = hello_build(hello, &key, frame.bytes);
	for (size_t i = 0; i < 3; i++) {
		if (lan.nodes[i].e)
			rc = lan_receive(&lan, i, &frame);
	}
	return rc;
}

static void
test_namesake(void **state)
{
	struct hello namesake = scripted_hello();
	uint64_t replayed;

	(void)state;
	three_start();
	replayed = stats_of(first)->replayed;
	strcpy(namesake.node, lan.nodes[first].name);
	hold_vip(&namesake, 1000);
	namesake.n_stable_peers = 1000;
	for (int i = 0; i < 20; i++) {
		const struct hello_key key = lan_key();
		struct frame frame;

		namesake.seq++;
		frame.len = hello_build(&namesake, &key, frame.bytes);
		assert_int_equal(lan_receive(&lan, first, &frame), -EALREADY);
		lan_run(&lan, 100);
		assert_held_by(first);
	}
	assert_int_equal(stats_of(first)->replayed, replayed + 20);
	assert_int_equal(count_drops(), 0);
}

/*
 * Replays the recorded hellos of @sender to all other nodes, in order and then in reverse.  Returns
 * how often a node accepted a replayed hello.
 */
static size_t
replay(const struct recording *recording, size_t sender)
{
	size_t accepted = 0;

	for (size_t n = 0; n < 2 * recording->n; n++) {
		size_t at = n < recording->n ? n : 2 * recording->n - 1 - n;

		for (size_t i = 0; i < 3; i++) {
			if (lan.nodes[i].e && i != sender)
				accepted += lan_receive(&lan, i, &recording->frames[at]) == 0;
		}
		lan_run(&lan, 2);
	}
	return accepted;
}

static void
record(size_t node, int64_t ms)
{
	static struct recording empty;

	free(lan.nodes[node].recording);
	lan.nodes[node].recording = memcpy(malloc(sizeof(empty)), &empty, sizeof(empty));
	lan_run(&lan, ms);
}

static struct recording *
stop_recording(size_t node)
{
	struct recording *recording = lan.nodes[node].recording;

	lan.nodes[node].recording = NULL;
	assert_true(recording->n > 10);
	return recording;
}

static void
test_replay_of_this_start(void **state)
{
	struct recording *recording;
	uint64_t drops, before;

	(void)state;
	three_start();
	record(first, 3000);
	recording = stop_recording(first);
	drops = count_drops();
	before = stats_of((first + 1) % 3)->replayed;
	assert_int_equal(replay(recording, first), 0);
	assert_int_equal(stats_of((first + 1) % 3)->replayed - before, 2 * recording->n);
	assert_held_by(first);
	/* replayed hellos do not keep a dead peer alive */
	lan_crash(&lan, first);
	assert_int_equal(replay(recording, first), 0);
	lan_run(&lan, 400);
	assert_held_by(second);
	assert_int_equal(replay(recording, first), 0);
	assert_held_by(second);
	/* replayed hellos do not revive a peer that the nodes have forgotten */
	lan_run(&lan, 700000);
	assert_int_equal(replay(recording, first), 0);
	assert_held_by(second);
	assert_int_equal(count_drops(), drops);
	free(recording);
}

static void
test_replay_of_earlier_start(void **state)
{
	struct recording *recording, *of_last_start;

	(void)state;
	three_start();
	record(first, 2000);
	recording = stop_recording(first);
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	lan_start(&lan, first);
	record(first, 2000);
	of_last_start = stop_recording(first);
	lan_crash(&lan, first);
	lan_start(&lan, first);
	lan_run(&lan, 2000);
	lan_measure(&lan, VIP);
	/* replays hellos from two starts ago, when the first node held the VIP */
	assert_int_equal(replay(recording, first), 0);
	assert_int_equal(replay(of_last_start, first), 0);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms + lan.two_holders_ms, 0);
	assert_int_equal(stats_of(second)->peer_deaths, 1);
	free(recording);
	free(of_last_start);
}

/* The other nodes never received hellos of the replayed run, so they take it for a new run. */
static void
test_replay_of_unknown_start(void **state)
{
	struct hello old = scripted_hello();

	(void)state;
	three_start();
	strcpy(old.node, lan.nodes[first].name);
	lan_measure(&lan, VIP);
	(void)send_to_all(&old);
	lan_run(&lan, 300);
	old.seq--;
	(void)send_to_all(&old);
	lan_run(&lan, 1000);
	assert_held_by(first); /* the other nodes accept the real hellos of the first node again */
	assert_int_equal(lan.two_holders_ms, 0);
	assert_int_equal(stats_of(second)->peer_deaths, 0);
	lan_crash(&lan, first);
	old.seq--;
	(void)send_to_all(&old);
	lan_run(&lan, 400);
	assert_held_by(second); /* the replayed hello does not keep the first node alive */
}

static void
test_reordered(void **state)
{
	struct hello hello = scripted_hello();
	const struct hello_key key = lan_key();
	struct frame old;
	uint64_t replayed;

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	assert_int_equal(send_to_all(&hello), 0);
	hello.seq++;
	hold_vip(&hello, 7);
	old.len = hello_build(&hello, &key, old.bytes);
	hello.n_held = 0;
	assert_int_equal(send_to_all(&hello), 0);
	replayed = stats_of(0)->replayed;
	assert_int_equal(lan_receive(&lan, 0, &old), -EALREADY); /* it arrives late */
	assert_int_equal(stats_of(0)->replayed, replayed + 1);
	hello.seq = UINT32_MAX; /* send_to_all() adds 1: the receiver treats 0 as an old number */
	assert_int_equal(send_to_all(&hello), -EALREADY);
	hello.seq = INT32_MAX - 1;
	assert_int_equal(send_to_all(&hello), 0);
	hello.seq = UINT32_MAX - 2;
	assert_int_equal(send_to_all(&hello), 0);
	hello.seq = UINT32_MAX; /* the next number is 0 */
	assert_int_equal(send_to_all(&hello), 0);
	assert_int_equal(send_to_all(&hello), 0);
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
	election_each_peer(lan.nodes[0].e, count_alive, NULL);
	return n_alive;
}

static void
test_intervals_of_zero(void **state)
{
	struct hello peer = scripted_hello();
	uint64_t sent, deaths;

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	lan_run(&lan, 6000);
	sent = stats_of(0)->sent;
	deaths = stats_of(0)->peer_deaths;
	peer.interval_ms = peer.dead_ms = 0;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(send_to_all(&peer), 0);
		assert_true(n2_is_alive());
		lan_run(&lan, 19);
		assert_true(n2_is_alive());
		lan_run(&lan, 81);
		assert_false(n2_is_alive());
	}
	assert_int_equal(stats_of(0)->peer_deaths - deaths, 100);
	/* node 0 sends at most one additional hello for each hello of the peer */
	assert_true(stats_of(0)->sent - sent <= 2 * 100 + 5);
}

static void
test_intervals_of_zero_and_many_pages(void **state)
{
	struct hello peer = scripted_hello();
	char text[IP_TEXT_MAX];
	uint64_t sent;

	(void)state;
	lan_start(&lan, 0);
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "fd00::%x", i);
		lan_want_holder(&lan, text);
	}
	lan_run(&lan, 6000);
	assert_int_equal(lan.nodes[0].n_held, 301);
	sent = stats_of(0)->sent;
	peer.interval_ms = peer.dead_ms = 0;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(send_to_all(&peer), 0);
		lan_run(&lan, 50);
	}
	/* node 0 does not send all its pages for each hello of the peer */
	assert_true(stats_of(0)->sent - sent < 300);
}

static void
test_intervals_without_end(void **state)
{
	struct hello peer = scripted_hello();

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	peer.interval_ms = peer.dead_ms = UINT16_MAX;
	peer.n_stable_peers = 1;
	peer.heard[peer.n_heard++] = (struct hello_heard){ 77, 1 }; /* it is not alone */
	hold_vip(&peer, 1);
	assert_int_equal(send_to_all(&peer), 0);
	lan_run(&lan, 59900);
	assert_true(n2_is_alive());
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 200);
	assert_false(n2_is_alive());
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 1);
}

/* Returns the term of the only VIP in the last hello of @recording. */
static uint32_t
last_term(const struct recording *recording)
{
	const struct frame *frame = &recording->frames[recording->n - 1];
	const struct hello_key key = lan_key();
	struct hello hello;

	assert_int_equal(hello_parse(frame->bytes, frame->len, &key, &hello), 0);
	assert_int_equal(hello.n_held, 1);
	return hello.held[0].term;
}

static void
test_last_term(void **state)
{
	struct hello peer = scripted_hello();
	size_t holder;
	struct recording *recording;

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	peer.n_stable_peers = 1;
	peer.heard[peer.n_heard++] = (struct hello_heard){ 77, 1 }; /* it is not alone */
	hold_vip(&peer, UINT32_MAX);
	for (int i = 0; i < 80; i++) {
		assert_int_equal(send_to_all(&peer), 0);
		lan_run(&lan, 100);
	}
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 500); /* it is gone */
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 1);
	holder = (size_t)(lan_holders(&lan, VIP)[0] - '0');
	record(holder, 2000);
	recording = stop_recording(holder);
	assert_int_equal(last_term(recording), UINT32_MAX);
	assert_int_equal(lan.nodes[holder].drops, 0);
	free(recording);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("hellos of a second daemon with this node's name are refused",
		    test_namesake),
		LAN_TEST("replayed hellos of the present start change nothing",
		    test_replay_of_this_start),
		LAN_TEST("replayed hellos of an earlier start change nothing",
		    test_replay_of_earlier_start),
		LAN_TEST("replayed hellos of an unknown start do no lasting harm",
		    test_replay_of_unknown_start),
		LAN_TEST("of two hellos the one with the later number counts", test_reordered),
		LAN_TEST("a peer with a dead time of 0 ms is alive for a moment",
		    test_intervals_of_zero),
		LAN_TEST("a peer with a dead time of 0 ms does not get all pages after each hello",
		    test_intervals_of_zero_and_many_pages),
		LAN_TEST("a peer with a longer dead time is dead after a minute",
		    test_intervals_without_end),
		LAN_TEST("the highest term does not wrap", test_last_term),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
