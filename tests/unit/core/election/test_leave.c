/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

/* Elections when nodes leave or become ineligible. */

static void
test_leave(void **state)
{
	(void)state;
	three_start();
	election_leave(lan.nodes[first].e, lan.now_ms);
	lan_run(&lan, 200);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_true(election_left(lan.nodes[first].e));
}

/* Starts all three nodes, and runs them for one second. */
static void
start_cold(void)
{
	for (size_t i = 0; i < 3; i++)
		lan_start(&lan, i);
	lan_run(&lan, 1000);
	assert_held_by(first);
	lan_measure(&lan, VIP);
}

static void
test_leave_soon(void **state)
{
	(void)state;
	start_cold();
	election_leave(lan.nodes[first].e, lan.now_ms);
	lan_run(&lan, 200);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_death_soon(void **state)
{
	(void)state;
	start_cold();
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_true(lan.no_holder_ms <= 400);
}

static void
test_leave_alone(void **state)
{
	(void)state;
	lan_start(&lan, first);
	lan_run(&lan, 1000);
	election_leave(lan.nodes[first].e, lan.now_ms);
	lan_run(&lan, 100);
	assert_string_equal(lan_holders(&lan, VIP), "");
	assert_true(election_left(lan.nodes[first].e));
}

static void
test_rolling(void **state)
{
	(void)state;
	three_start();
	for (size_t i = 0; i < 3; i++) {
		election_leave(lan.nodes[i].e, lan.now_ms);
		lan_run(&lan, 300);
		lan_crash(&lan, i);
		lan_run(&lan, 1500);
		lan_start(&lan, i);
		lan_run(&lan, 1500);
	}
	assert_int_equal(lan.no_holder_ms, 0);
	assert_true(lan.two_holders_ms < 50);
}

static void
test_ineligible(void **state)
{
	(void)state;
	three_start();
	three_set_ineligible(first, true);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
	three_set_ineligible(first, false);
	lan_run(&lan, 5000);
	assert_held_by(second);
}

static void
test_ineligible_and_serves(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, second);
	lan_crash(&lan, third);
	lan_run(&lan, 1000);
	lan.can_serve[first] = true;
	three_set_ineligible(first, true);
	lan_run(&lan, 10000); /* no eligible node runs */
	assert_held_by(first);
	lan_start(&lan, third);
	lan_run(&lan, 2000);
	assert_held_by(third);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_true(lan.two_holders_ms < 50);
}

static void
test_successor_does_not_claim(void **state)
{
	(void)state;
	three_start();
	lan.can_serve[first] = true;
	/* each node is ineligible by its own API data, but eligible by other nodes' API data */
	for (size_t i = 0; i < 3; i++)
		lan.ineligible[i][i] = true;
	lan_want_holder(&lan, VIP);
	lan_run(&lan, 5000); /* fails if a node has a busy loop */
	assert_held_by(first);
}

static void
test_nobody_fit(void **state)
{
	(void)state;
	three_start();
	for (size_t i = 0; i < 3; i++)
		three_set_ineligible(i, true);
	lan_run(&lan, 1500);
	assert_string_equal(lan_holders(&lan, VIP), "");
	for (size_t i = 0; i < 3; i++)
		three_set_ineligible(i, false);
	lan_measure(&lan, VIP);
	lan_run(&lan, 100);
	assert_held_by(first);
	assert_int_equal(lan.two_holders_ms, 0);
}

static void
test_views_differ(void **state)
{
	uint64_t claims;

	(void)state;
	three_start();
	/*
	 * The API data of the first node says that the second node is ineligible, and the API data
	 * of the second node says that the first node is ineligible.
	 */
	lan.ineligible[second][first] = lan.ineligible[first][second] = true;
	lan_want_holder(&lan, VIP);
	lan_run(&lan, 60000);
	claims = lan.nodes[first].claims + lan.nodes[second].claims;
	assert_true(claims < 20);
	assert_true(lan.two_holders_ms < 150);
	lan_run(&lan, 600000);
	assert_true(lan.nodes[first].claims + lan.nodes[second].claims - claims < 30);
	lan_measure(&lan, VIP);
	lan_run(&lan, 30000);
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 1);
}

static void
test_one_way_and_ineligible(void **state)
{
	(void)state;
	three_start();
	/* if two nodes run, neither of them knows whose link works in one direction only */
	lan_crash(&lan, third);
	lan.cut[second][first] = true;
	lan_run(&lan, 1000);
	lan.can_serve[first] = true;
	three_set_ineligible(first, true);
	lan_run(&lan, 10000);
	/* the second node claims the VIP, and drops it because the first node does not yield */
	assert_true(lan.two_holders_ms <= 150);
	assert_held_by(first);
}

static void
test_old_view(void **state)
{
	(void)state;
	three_start();
	/* the first node has old API data, by which it is still eligible */
	lan.ineligible[second][first] = lan.ineligible[third][first] = true;
	lan_want_holder(&lan, VIP);
	lan_run(&lan, 300);
	assert_held_by(second);
	lan_measure(&lan, VIP);
	lan_run(&lan, 30000);
	assert_held_by(second);
	assert_int_equal(lan.no_holder_ms, 0);
	assert_int_equal(lan.two_holders_ms, 0);
}

/*
 * Gives @node new API data: the second node is now eligible, and the first and the third are not.
 */
static void
swap_view_of(size_t node)
{
	lan.ineligible[node][first] = lan.ineligible[node][third] = true;
	lan.ineligible[node][second] = false;
	lan_want_holder(&lan, VIP);
	lan_run(&lan, 100);
}

static void
test_views_swapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		lan.ineligible[i][second] = true;
	three_start();
	swap_view_of(second);
	swap_view_of(first);
	swap_view_of(third);
	lan_run(&lan, 2000);
	assert_held_by(second);
	assert_int_equal(lan.nodes[first].claims, 1);
	assert_int_equal(lan.nodes[second].drops, 0);
	assert_int_equal(lan.nodes[third].claims, 0);
	assert_int_equal(lan.no_holder_ms, 0);
}

static void
test_first_does_not_claim(void **state)
{
	(void)state;
	/* the first node has newer API data than the others, by which it is not eligible */
	lan.ineligible[first][first] = true;
	for (size_t i = 0; i < 3; i++)
		lan_start(&lan, i);
	lan_run(&lan, 7000);
	assert_held_by(second);
}

static void
test_withdrawn(void **state)
{
	(void)state;
	three_start();
	three_withdraw();
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 1000);
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_want_holder(&lan, VIP);
	lan_run(&lan, 50);
	assert_held_by(first);
}

static void
test_withdrawn_by_one(void **state)
{
	(void)state;
	three_start();
	lan_run(&lan, 30); /* now the time is between two hellos, so no hello is due */
	/* the other nodes still want a holder, and learn at once that the VIP has none */
	election_withdraw(lan.nodes[first].e, LAN_IFINDEX, &lan.measured, lan.now_ms);
	lan_run(&lan, 5);
	assert_string_equal(lan.nodes[second].reported_holder.node, "");
	assert_int_equal(lan.nodes[second].reported_holder.change, CHANGE_LEFT);
	lan_run(&lan, 300); /* the second node first waits for the first node to claim the VIP */
	assert_held_by(second);
}

static void
test_withdrawn_on_a_link_that_goes(void **state)
{
	const struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };
	struct election *e;

	(void)state;
	three_start();
	e = lan.nodes[first].e;
	/* the link is down, so no hello reports the withdrawal; the VIP is freed nevertheless */
	election_withdraw(e, LAN_IFINDEX, &lan.measured, lan.now_ms);
	election_open(e, LAN_IFINDEX, &mac, false, lan.now_ms);
	election_close(e, LAN_IFINDEX, lan.now_ms);
	assert_int_equal(election_next_ms(e), INT64_MAX);
	lan_crash(&lan, second);
	lan_crash(&lan, third);
	election_want_holder(e, LAN_IFINDEX, &lan.measured, &lan.measured, lan.now_ms);
	election_open(e, LAN_IFINDEX, &mac, true, lan.now_ms);
	lan_run(&lan, 6000);
	assert_held_by(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("a holder that leaves keeps the VIP until its successor holds it",
		    test_leave),
		LAN_TEST("a holder that leaves has a successor even right after a cold start",
		    test_leave_soon),
		LAN_TEST("a dead holder has a successor even right after a cold start",
		    test_death_soon),
		LAN_TEST("a node that is alone leaves at once", test_leave_alone),
		LAN_TEST("the VIP has a holder at all times of a rolling restart", test_rolling),
		LAN_TEST("an ineligible holder keeps the VIP until its successor holds it",
		    test_ineligible),
		LAN_TEST("an ineligible holder keeps the VIP as long as it can serve it",
		    test_ineligible_and_serves),
		LAN_TEST("a holder that can serve does not spin while its successor does not claim",
		    test_successor_does_not_claim),
		LAN_TEST("without an eligible node there is no holder, and later one",
		    test_nobody_fit),
		LAN_TEST("a node drops a VIP that it claimed from a one-way peer",
		    test_one_way_and_ineligible),
		LAN_TEST("claims become rare when two nodes' views of the API differ for ever",
		    test_views_differ),
		LAN_TEST("a holder that does not know that it is ineligible yields to a later claim",
		    test_old_view),
		LAN_TEST("nodes with an old view of the API do not disturb a new holder",
		    test_views_swapped),
		LAN_TEST("the second in rank claims when the first does not",
		    test_first_does_not_claim),
		LAN_TEST("a withdrawn VIP has no holder", test_withdrawn),
		LAN_TEST("peers learn at once that a node withdrew a VIP", test_withdrawn_by_one),
		LAN_TEST("a VIP that is withdrawn on a link without carrier is freed",
		    test_withdrawn_on_a_link_that_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
