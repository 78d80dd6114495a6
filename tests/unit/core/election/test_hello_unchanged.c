/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <string.h>

/* Peers may delay hellos with HELLO_UNCHANGED.  The tests check which hellos have this flag. */

static struct recording recording;

/* Records the hellos that @node sends in the next @ms milliseconds. */
static void
record_hellos(size_t node, int64_t ms)
{
	recording.n = 0;
	lan.nodes[node].recording = &recording;
	lan_run(&lan, ms);
	lan.nodes[node].recording = NULL;
	assert_true(recording.n > 0);
}

static bool
is_unchanged(size_t i)
{
	return hello_is_unchanged(recording.frames[i].bytes, recording.frames[i].len);
}

static size_t
count_unchanged(void)
{
	size_t n = 0;

	for (size_t i = 0; i < recording.n; i++)
		n += is_unchanged(i);
	return n;
}

static struct hello
hello_at(size_t i)
{
	const struct hello_key key = lan_key();
	struct hello hello;

	assert_int_equal(
	    hello_parse(recording.frames[i].bytes, recording.frames[i].len, &key, &hello), 0);
	return hello;
}

static void
test_quiet(void **state)
{
	(void)state;
	three_start();
	for (size_t i = 0; i < 3; i++) {
		record_hellos(i, 3000);
		assert_in_range(recording.n, 29, 31);
		assert_int_equal(count_unchanged(), recording.n);
	}
}

static void
test_claim(void **state)
{
	size_t i = 0;

	(void)state;
	three_start();
	lan_crash(&lan, first);
	record_hellos(second, 1000);
	while (hello_at(i).n_held == 0)
		i++;
	assert_false(is_unchanged(i));
	assert_true(is_unchanged(recording.n - 1)); /* an earlier hello already listed the claim */
}

static void
test_withdrawn(void **state)
{
	(void)state;
	three_start();
	three_withdraw();
	record_hellos(first, 10);
	assert_int_equal(hello_at(0).n_held, 0);
	assert_false(is_unchanged(0));
}

static void
test_poll(void **state)
{
	bool polled = false;

	(void)state;
	three_start();
	lan_crash(&lan, first);
	record_hellos(second, 1000);
	for (size_t i = 0; i < recording.n; i++) {
		if (hello_at(i).n_polls == 0)
			continue;
		assert_false(is_unchanged(i));
		polled = true;
	}
	assert_true(polled);
}

static void
test_leave(void **state)
{
	(void)state;
	three_start();
	election_leave(lan.nodes[first].e, lan.now_ms);
	record_hellos(first, 500);
	assert_int_equal(count_unchanged(), 0);
}

static void
test_start(void **state)
{
	int turned = 0;

	(void)state;
	three_start();
	lan_crash(&lan, third);
	lan_run(&lan, 1000);
	lan_start(&lan, third);
	record_hellos(first, 50);
	assert_int_equal(count_unchanged(), 0); /* hellos send the new peer all pages of VIPs */
	record_hellos(third, 3000);
	for (size_t i = 1; i < recording.n; i++) {
		bool claims = hello_at(i - 1).flags & ~hello_at(i).flags & HELLO_LISTENING;

		assert_false(claims && is_unchanged(i));
		turned += claims;
	}
	assert_int_equal(turned, 1);
	assert_true(is_unchanged(recording.n - 1));
}

static void
test_alone(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, second);
	lan_crash(&lan, third);
	lan_run(&lan, 1000);
	record_hellos(first, 1000);
	/* a node without peers may be cut off; after the cut, peers must read its hello at once */
	assert_int_equal(count_unchanged(), 0);
}

static void
test_death(void **state)
{
	uint64_t sent;

	(void)state;
	/* the nodes send at different times, so each node reads the other nodes' hellos late */
	for (size_t i = 0; i < 3; i++) {
		lan_start(&lan, i);
		lan_run(&lan, 33);
	}
	lan_run(&lan, 8000);
	assert_held_by(first);
	sent = stats_of(first)->sent;
	while (stats_of(first)->sent == sent)
		lan_run(&lan, 1);
	lan_measure(&lan, VIP);
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_in_range(lan.no_holder_ms, 345, 351);
}

static void
test_stopped(void **state)
{
	uint64_t deaths;

	(void)state;
	three_start();
	deaths = stats_of(first)->peer_deaths;
	lan_stop(&lan, first, true);
	lan_run(&lan, 240); /* the stop is shorter than the dead time */
	lan_stop(&lan, first, false);
	lan_run(&lan, 1000);
	assert_held_by(first);
	assert_int_equal(stats_of(first)->peer_deaths, deaths);
}

static void
test_many_nodes(void **state)
{
	(void)state;
	lan_done(&lan);
	lan_init(&lan, 50);
	for (size_t i = 0; i < lan.n; i++)
		lan_start(&lan, i);
	lan_run(&lan, 3000);
	record_hellos(0, 1000);
	assert_int_equal(count_unchanged(), recording.n);
	lan_done(&lan);
	lan_init(&lan, 51);
	for (size_t i = 0; i < lan.n; i++)
		lan_start(&lan, i);
	lan_run(&lan, 3000);
	record_hellos(0, 1000);
	assert_int_equal(count_unchanged(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("while nothing changes, all hellos have HELLO_UNCHANGED", test_quiet),
		LAN_TEST("peers read a claim at once", test_claim),
		LAN_TEST("peers read at once that a VIP is no longer held", test_withdrawn),
		LAN_TEST("peers read a poll at once", test_poll),
		LAN_TEST("peers read the hellos of a node that leaves at once", test_leave),
		LAN_TEST("peers read at once what changes when a node starts", test_start),
		LAN_TEST("peers read the hellos of a node that is alone at once", test_alone),
		LAN_TEST("a hello that is read late does not extend the life of its sender",
		    test_death),
		LAN_TEST("hellos that arrived while the reader was stopped count", test_stopped),
		LAN_TEST("with more than 50 nodes, all hellos are read at once", test_many_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
