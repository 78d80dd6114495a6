/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>
#include <string.h>

/* Reports of the election about holders; re-announcements; changes of the key. */

static void
assert_reported(size_t node, size_t holder, enum holder_change change, int64_t gap_min_ms,
    int64_t gap_max_ms)
{
	const struct reported_holder *report = &lan.nodes[node].reported_holder;

	assert_string_equal(report->node, lan.nodes[holder].name);
	assert_string_equal(holder_change_label[report->change], holder_change_label[change]);
	assert_true(report->gap_ms >= gap_min_ms && report->gap_ms <= gap_max_ms);
}

static void
test_free_has_no_gap(void **state)
{
	(void)state;
	three_start();
	for (size_t i = 0; i < 3; i++)
		assert_reported(i, first, CHANGE_FREE, -1, -1);
	assert_int_equal(stats_of(first)->changes[CHANGE_FREE], 1);
}

static void
test_gap_of_death(void **state)
{
	(void)state;
	three_start();
	lan_crash(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_reported(second, second, CHANGE_DEATH, 350, 351);
	/* only the new holder measures how long the VIP had no holder; other nodes report -1 */
	assert_reported(third, second, CHANGE_DEATH, -1, -1);
	assert_int_equal(stats_of(second)->changes[CHANGE_DEATH], 1);
	assert_int_equal(stats_of(second)->peer_deaths, 1);
}

static void
test_gap_of_leave(void **state)
{
	(void)state;
	three_start();
	election_leave(lan.nodes[first].e, lan.now_ms);
	lan_run(&lan, 500);
	assert_held_by(second);
	assert_reported(second, second, CHANGE_LEFT, 0, 0);
	assert_reported(first, second, CHANGE_LEFT, -1, -1);
	assert_int_equal(stats_of(second)->changes[CHANGE_LEFT], 1);
	assert_int_equal(stats_of(second)->peer_deaths, 0);
}

static void
test_gap_of_link(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };

	(void)state;
	three_start();
	election_open(lan.nodes[first].e, LAN_IFINDEX, &mac, false, lan.now_ms);
	assert_string_equal(lan.nodes[first].reported_holder.node, "");
	assert_int_equal(lan.nodes[first].reported_holder.change, CHANGE_LINK);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_reported(second, second, CHANGE_DEATH, 300, 351);
}

static void
test_report_of_contest(void **state)
{
	char others[3];
	size_t n = 0;

	(void)state;
	three_start();
	for (size_t i = 0; i < 3; i++) {
		if (i != first)
			others[n++] = digit[i][0];
	}
	others[n] = '\0';
	lan_cut(&lan, digit[first], others, true);
	lan_run(&lan, 5000);
	lan_cut(&lan, digit[first], others, false);
	lan_run(&lan, 2000);
	assert_held_by(second);
	assert_reported(first, second, CHANGE_CONTEST, -1, -1);
	assert_int_equal(stats_of(first)->changes[CHANGE_CONTEST], 1);
}

static void
test_report_of_closed_link(void **state)
{
	(void)state;
	three_start();
	election_close(lan.nodes[second].e, LAN_IFINDEX, lan.now_ms);
	assert_string_equal(lan.nodes[second].reported_holder.node, "");
	assert_int_equal(lan.nodes[second].reported_holder.change, CHANGE_LINK);
	assert_held_by(first);
}

/* The third node gets its key long after its link is up. */
static void
test_late_key(void **state)
{
	const struct hello_key key = lan_key();

	(void)state;
	lan.without_key = true;
	lan_start(&lan, third);
	lan_run(&lan, 20000);
	lan.without_key = false;
	election_set_key(lan.nodes[third].e, &key, lan.now_ms);
	lan_run(&lan, 2000);
	/* a node without a key receives no hellos, so its cold start begins when it gets the key */
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_start(&lan, first);
	lan_run(&lan, 1000);
	assert_held_by(first);
}

static void
set_keys(const char *secret)
{
	struct hello_key key;

	hello_key_init(&key, secret, strlen(secret));
	for (size_t i = 0; i < 3; i++)
		election_set_key(lan.nodes[i].e, &key, lan.now_ms);
	hello_key_done(&key);
}

static void
test_key_and_back(void **state)
{
	(void)state;
	three_start();
	set_keys("a mistake, soon found");
	lan_run(&lan, 5000);
	set_keys(LAN_SECRET);
	lan_run(&lan, 60000);
	lan_crash(&lan, (first + 1) % 3);
	lan_start(&lan, (first + 1) % 3); /* this daemon starts with LAN_SECRET, the current key */
	lan_run(&lan, 5000);
	assert_held_by(first);
	assert_int_equal(stats_of((first + 1) % 3)->foreign, 0);
}

static void
test_key_set_again(void **state)
{
	(void)state;
	three_start();
	/* after each list of the Secret, a daemon sets its key again, even if it is unchanged */
	for (int i = 0; i < 20; i++) {
		set_keys("the new one");
		lan_run(&lan, 3000);
	}
	/* no node uses the old key any more, so a node that starts with it accepts no hello */
	lan_crash(&lan, (first + 1) % 3);
	lan_start(&lan, (first + 1) % 3);
	lan_run(&lan, 1000);
	assert_true(stats_of((first + 1) % 3)->foreign > 10);
	assert_held_by(first);
}

/*
 * The third node receives no hellos for so short a time that the first node does not see the third
 * node as isolated.
 */
static void
test_reannounce_after_a_short_claim(void **state)
{
	(void)state;
	three_start();
	lan.cut[first][third] = lan.cut[second][third] = true;
	while (!strstr(lan_holders(&lan, VIP), digit[third]))
		lan_run(&lan, 1);
	lan.cut[first][third] = lan.cut[second][third] = false;
	assert_int_equal(lan.nodes[first].reannounced, 0);
	lan_run(&lan, 300);
	assert_held_by(first);
	assert_int_equal(lan.nodes[first].drops, 0);
	assert_int_equal(lan.nodes[first].reannounced, 1);
}

/* The claim of the successor announces the VIP, so the successor does not re-announce the VIP. */
static void
test_no_reannounce_after_a_handover(void **state)
{
	(void)state;
	three_start();
	three_set_ineligible(first, true);
	lan_run(&lan, 1000);
	assert_held_by(second);
	assert_int_equal(lan.nodes[second].reannounced, 0);
}

/* The daemon of the third node is stopped when the cut ends, and listens when it continues. */
static void
test_reannounce_after_a_stop(void **state)
{
	char others[3];

	(void)state;
	snprintf(others, sizeof(others), "%zu%zu", first, second);
	lan_cut(&lan, digit[third], others, true);
	for (size_t i = 0; i < 3; i++)
		lan_start(&lan, i);
	lan_run(&lan, 15000);
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 2);
	lan_stop(&lan, third, true);
	lan_cut(&lan, digit[third], others, false);
	lan_run(&lan, 3000);
	lan_stop(&lan, third, false);
	lan_run(&lan, 1000);
	assert_held_by(first);
	assert_int_equal(lan.nodes[first].drops, 0);
	assert_int_equal(lan.nodes[first].reannounced, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("a first claim has no gap", test_free_has_no_gap),
		LAN_TEST("the gap after a death is the dead time", test_gap_of_death),
		LAN_TEST("a holder that leaves causes no gap", test_gap_of_leave),
		LAN_TEST("peers see a node whose link goes down as dead", test_gap_of_link),
		LAN_TEST("a holder that yields reports a contest", test_report_of_contest),
		LAN_TEST("a closed link reports no holder", test_report_of_closed_link),
		LAN_TEST("the holder re-announces after another node's short claim",
		    test_reannounce_after_a_short_claim),
		LAN_TEST("a successor does not re-announce", test_no_reannounce_after_a_handover),
		LAN_TEST("the holder re-announces when a node continues after a cut",
		    test_reannounce_after_a_stop),
		LAN_TEST("a cold start begins when the key comes", test_late_key),
		LAN_TEST("a key that is replaced by the old one does not come into use",
		    test_key_and_back),
		LAN_TEST("a key that is set again and again comes into use", test_key_set_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
