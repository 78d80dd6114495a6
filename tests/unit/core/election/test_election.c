/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>
#include <string.h>

/* Elections when nodes start, fail and return. */

static void
test_first_start(void **state)
{
	(void)state;
	/* the node that ranks last starts first; the other nodes start a second apart */
	lan_start(&lan, third);
	lan_run(&lan, 1000);
	lan_start(&lan, second);
	lan_run(&lan, 1000);
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_start(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(first);
}

static void
test_first_start_without_one(void **state)
{
	(void)state;
	lan_start(&lan, third);
	lan_run(&lan, 4000);
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 2000);
	assert_held_by(third);
}

static void
test_first_start_not_ready(void **state)
{
	(void)state;
	lan.not_ready[first] = true;
	lan_start(&lan, third);
	lan_start(&lan, second);
	lan_run(&lan, 1000);
	assert_held_by(second);
}

static void
test_death(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_true(lan.no_holder_ms >= 240 && lan.no_holder_ms <= 400);
	assert_int_equal(lan.two_holders_ms, 0);
}

static void
test_two_deaths(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, first);
	lan_crash(&lan, second);
	lan_run(&lan, 1000);
	assert_held_by(third);
	assert_true(lan.no_holder_ms <= 400);
}

static void
test_return(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, first);
	lan_run(&lan, 2000);
	lan_measure(&lan, VIP);
	lan_start(&lan, first);
	lan_run(&lan, 10000);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_int_equal(lan.two_holders_ms, 0);
}

static void
test_quick_restart(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, first);
	lan_run(&lan, 20);
	lan_start(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	/* the first hello of the restarted node shows that it holds no VIP */
	assert_true(lan.no_holder_ms < 50);
}

static void
test_cut_and_back(void **state)
{
	char others[3];

	(void)state;
	three_start();
	snprintf(others, sizeof(others), "%zu%zu", second, third);
	lan_cut(&lan, digit[first], others, true);
	lan_run(&lan, 5000);
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 2); /* a holder on each side of the cut */
	lan_measure(&lan, VIP);
	lan_cut(&lan, digit[first], others, false);
	lan_run(&lan, 5000);
	/* of two holders, the one with more stable peers stays; the first node had none in the cut */
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_true(lan.two_holders_ms < 150);
}

static void
test_cut_soon_after_a_claim(void **state)
{
	char others[3];

	(void)state;
	three_start();
	election_leave(lan.nodes[first].e, lan.now_ms);
	lan_run(&lan, 500);
	assert_held_by(second); /* the second node claimed the VIP while the first still held it */
	lan_crash(&lan, first);
	lan_start(&lan, first);
	lan_run(&lan, 2000);
	snprintf(others, sizeof(others), "%zu%zu", first, third);
	lan_cut(&lan, digit[second], others, true);
	lan_run(&lan, 2000);
	lan_cut(&lan, digit[second], others, false);
	lan_run(&lan, 500);
	assert_held_by(first); /* the first node has a stable peer, so the second node yields */
	lan_measure(&lan, VIP);
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_true(lan.no_holder_ms <= 400);
}

static void
test_alone_and_back(void **state)
{
	char others[3];

	(void)state;
	three_start();
	/* the third node is cut off and claims the VIP; then the cut ends */
	snprintf(others, sizeof(others), "%zu%zu", first, second);
	lan_cut(&lan, digit[third], others, true);
	lan_run(&lan, 3000);
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 2);
	assert_int_equal(lan.nodes[first].reannounced, 0);
	lan_cut(&lan, digit[third], others, false);
	lan_run(&lan, 1000);
	assert_held_by(first);
	assert_int_equal(lan.nodes[first].drops, 0);
	/*
	 * The first node re-announces the VIP, because clients may have the MAC of the third node.
	 * The first node does not re-announce the VIP when the third node restarts.
	 */
	assert_int_equal(lan.nodes[first].reannounced, 1);
	lan_crash(&lan, third);
	lan_run(&lan, 1000);
	lan_start(&lan, third);
	lan_run(&lan, 1000);
	assert_int_equal(lan.nodes[first].reannounced, 1);
}

static void
test_frozen(void **state)
{
	(void)state;
	three_start();
	lan_stop(&lan, first, true);
	lan_run(&lan, 3000);
	lan_measure(&lan, VIP);
	lan_stop(&lan, first, false);
	/* at its first input after the stop, the first node's daemon detects that it was stopped */
	assert_held_by(second);
	lan_run(&lan, 5000);
	assert_held_by(second);
	assert_int_equal(lan.two_holders_ms, 0);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_int_equal(election_stats(lan.nodes[first].e)->stalls, 1);
}

static void
test_one_way(void **state)
{
	(void)state;
	three_start();
	/* all hellos of the first node are lost, but it receives the hellos of the other nodes */
	lan.cut[first][second] = lan.cut[first][third] = true;
	lan_run(&lan, 3000);
	assert_held_by(second);
	assert_true(lan.two_holders_ms < 500);
	lan.cut[first][second] = lan.cut[first][third] = false;
	lan_measure(&lan, VIP);
	lan_run(&lan, 3000);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_isolated(void **state)
{
	(void)state;
	three_start();
	/* the first node receives no hello, but the other nodes receive its hellos */
	lan.cut[second][first] = lan.cut[third][first] = true;
	lan_run(&lan, 3000);
	assert_non_null(strstr(lan_holders(&lan, VIP), digit[second]));
	assert_null(strstr(lan_holders(&lan, VIP), digit[third]));
	assert_int_equal(lan.nodes[second].drops, 0);
	assert_int_equal(lan.nodes[second].reannounced, 0);
	lan.cut[second][first] = lan.cut[third][first] = false;
	lan_run(&lan, 300);
	assert_held_by(second);
	assert_int_equal(lan.nodes[second].reannounced, 1);
	lan_measure(&lan, VIP);
	lan_run(&lan, 3000);
	assert_held_by(second);
	assert_int_equal(lan.two_holders_ms, 0);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_isolated_hears_one_first(void **state)
{
	(void)state;
	three_start();
	lan.cut[second][first] = lan.cut[third][first] = true;
	lan_run(&lan, 3000);
	lan_measure(&lan, VIP);
	/* the first node receives hellos of the third node before hellos of the holder */
	lan.cut[third][first] = false;
	lan_run(&lan, 190);
	lan.cut[second][first] = false;
	lan_run(&lan, 300);
	assert_held_by(second);
	assert_int_equal(lan.nodes[second].drops, 0);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_isolated_dies(void **state)
{
	(void)state;
	three_start();
	lan.cut[second][first] = lan.cut[third][first] = true;
	lan_run(&lan, 3000);
	assert_non_null(strstr(lan_holders(&lan, VIP), digit[second]));
	lan_crash(&lan, first);
	lan_measure(&lan, VIP);
	lan_run(&lan, 3000);
	assert_held_by(second);
	assert_int_equal(lan.nodes[second].drops, 0);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_link_down(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };

	(void)state;
	three_start();
	election_open(lan.nodes[first].e, LAN_IFINDEX, &mac, false, lan.now_ms);
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 2000);
	assert_held_by(second);
	election_open(lan.nodes[first].e, LAN_IFINDEX, &mac, true, lan.now_ms);
	lan_run(&lan, 2000);
	assert_held_by(second);
	assert_int_equal(lan.two_holders_ms, 0);
}

static void
test_loss(void **state)
{
	(void)state;
	three_start();
	/* two or three hellos in a row are lost; then the peer answers a poll */
	for (int i = 0; i < 20; i++) {
		lan_cut(&lan, digit[first], digit[second], true);
		lan_run(&lan, 210);
		lan_cut(&lan, digit[first], digit[second], false);
		lan_run(&lan, 1000 + 5 * i);
	}
	assert_held_by(first);
	assert_int_equal(election_stats(lan.nodes[second].e)->peer_deaths, 0);
}

static void
test_clock_behind(void **state)
{
	(void)state;
	/* the clock of a machine without a battery starts in 1970 at each boot */
	lan.nodes[first].skew_s = -1700000000;
	three_start();
	lan_crash(&lan, first);
	lan.wall_s -= 100;
	lan_run(&lan, 2000);
	lan_start(&lan, first);
	lan_run(&lan, 2000);
	assert_held_by(second);
	lan_crash(&lan, second);
	lan_crash(&lan, third);
	lan_run(&lan, 2000);
	assert_held_by(first);
}

static void
test_new_key(void **state)
{
	struct hello_key key;

	(void)state;
	three_start();
	hello_key_init(&key, "another key", 11);
	for (size_t i = 0; i < 3; i++) {
		election_set_key(lan.nodes[i].e, &key, lan.now_ms);
		lan_run(&lan, 3000);
	}
	hello_key_done(&key);
	lan_run(&lan, 60000);
	assert_held_by(first);
	assert_int_equal(lan.two_holders_ms, 0);
	assert_int_equal(election_stats(lan.nodes[second].e)->peer_deaths, 0);
	assert_int_equal(election_stats(lan.nodes[second].e)->foreign, 0);
	lan_crash(&lan, first);
	lan_start(&lan, first); /* the first node signs with the old key, which others reject */
	lan_run(&lan, 2000);
	assert_true(election_stats(lan.nodes[second].e)->foreign > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("at a cold start the first in rank becomes the holder", test_first_start),
		LAN_TEST("a cold start does not wait for ever for a Ready node",
		    test_first_start_without_one),
		LAN_TEST("a cold start does not wait for a node that is not Ready",
		    test_first_start_not_ready),
		LAN_TEST("the successor of a dead holder claims after one dead time", test_death),
		LAN_TEST("the third node claims when the first two die at once", test_two_deaths),
		LAN_TEST("a node that comes back does not preempt the holder", test_return),
		LAN_TEST("a restart within the dead time frees the VIPs", test_quick_restart),
		LAN_TEST("after a cut the holder with more stable peers keeps the VIP",
		    test_cut_and_back),
		LAN_TEST("a node that lost a VIP after a cut claims it again without a backoff",
		    test_cut_soon_after_a_claim),
		LAN_TEST("a holder that was alone yields when it comes back", test_alone_and_back),
		LAN_TEST("a daemon that was stopped drops its VIPs at once", test_frozen),
		LAN_TEST("a holder whose hellos are lost yields", test_one_way),
		LAN_TEST("a peer claims the VIPs of an isolated holder", test_isolated),
		LAN_TEST("an isolated holder yields even if it receives another hello first",
		    test_isolated_hears_one_first),
		LAN_TEST("the successor keeps the VIP when the isolated holder dies",
		    test_isolated_dies),
		LAN_TEST("a node whose link was down does not preempt the holder", test_link_down),
		LAN_TEST("a late peer is polled before it counts as dead", test_loss),
		LAN_TEST("a node with a wrong clock takes part", test_clock_behind),
		LAN_TEST("a new key comes into use without a change of holders", test_new_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
