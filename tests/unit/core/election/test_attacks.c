/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Replayed hellos. */

static uint64_t
count_drops(void)
{
	return lan.nodes[0].drops + lan.nodes[1].drops + lan.nodes[2].drops;
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
	scripted_hold(&namesake, 1000);
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
test_replay_of_this_start(void **state)
{
	struct recording *recording;
	uint64_t drops, before;

	(void)state;
	three_start();
	three_record(first, 3000);
	recording = three_stop_recording(first);
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
	three_record(first, 2000);
	recording = three_stop_recording(first);
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	lan_start(&lan, first);
	three_record(first, 2000);
	of_last_start = three_stop_recording(first);
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
	(void)scripted_send(&old);
	lan_run(&lan, 300);
	old.seq--;
	(void)scripted_send(&old);
	lan_run(&lan, 1000);
	assert_held_by(first); /* the other nodes accept the real hellos of the first node again */
	assert_int_equal(lan.two_holders_ms, 0);
	assert_int_equal(stats_of(second)->peer_deaths, 0);
	lan_crash(&lan, first);
	old.seq--;
	(void)scripted_send(&old);
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
	scripted_prove(&hello);
	hello.seq++;
	assert_int_equal(scripted_send(&hello), 0);
	hello.seq++;
	scripted_hold(&hello, 7);
	old.len = hello_build(&hello, &key, old.bytes);
	hello.n_held = 0;
	assert_int_equal(scripted_send(&hello), 0);
	replayed = stats_of(0)->replayed;
	assert_int_equal(lan_receive(&lan, 0, &old), -EALREADY); /* it arrives late */
	assert_int_equal(stats_of(0)->replayed, replayed + 1);
	hello.seq = UINT32_MAX; /* scripted_send() adds 1: the receiver treats 0 as an old number */
	assert_int_equal(scripted_send(&hello), -EALREADY);
	hello.seq = INT32_MAX - 1;
	assert_int_equal(scripted_send(&hello), 0);
	hello.seq = UINT32_MAX - 2;
	assert_int_equal(scripted_send(&hello), 0);
	hello.seq = UINT32_MAX; /* the next number is 0 */
	assert_int_equal(scripted_send(&hello), 0);
	assert_int_equal(scripted_send(&hello), 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
