/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>
#include <string.h>

/* Stories of nodes that start, fail and come back. */

static void
test_first_start(void **state)
{
	(void)state;
	/* in the order in which they rank last, a second apart */
	party_start(&party, third);
	party_run(&party, 1000);
	party_start(&party, second);
	party_run(&party, 1000);
	assert_string_equal(party_holders(&party, VIP), "");
	party_start(&party, first);
	party_run(&party, 1000);
	assert_held_by(first);
}

static void
test_first_start_without_one(void **state)
{
	(void)state;
	party_start(&party, third);
	party_run(&party, 4000);
	assert_string_equal(party_holders(&party, VIP), "");
	party_run(&party, 2000);
	assert_held_by(third);
}

static void
test_first_start_not_ready(void **state)
{
	(void)state;
	party.absent[first] = true;
	party_start(&party, third);
	party_start(&party, second);
	party_run(&party, 1000);
	assert_held_by(second);
}

static void
test_death(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_true(party.none_ms >= 240 && party.none_ms <= 400);
	assert_int_equal(party.both_ms, 0);
}

static void
test_two_deaths(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, first);
	party_crash(&party, second);
	party_run(&party, 1000);
	assert_held_by(third);
	assert_true(party.none_ms <= 400);
}

static void
test_return(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, first);
	party_run(&party, 2000);
	party_measure(&party, VIP);
	party_start(&party, first);
	party_run(&party, 10000);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
	assert_int_equal(party.both_ms, 0);
}

static void
test_quick_restart(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, first);
	party_run(&party, 20);
	party_start(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_true(party.none_ms < 50); /* its first hello says that it holds nothing any more */
}

static void
test_cut_and_back(void **state)
{
	char others[3];

	(void)state;
	three_begin();
	snprintf(others, sizeof(others), "%zu%zu", second, third);
	party_cut(&party, digit[first], others, true);
	party_run(&party, 5000);
	assert_int_equal(strlen(party_holders(&party, VIP)), 2); /* one on each side */
	party_measure(&party, VIP);
	party_cut(&party, digit[first], others, false);
	party_run(&party, 5000);
	assert_held_by(second); /* had company; who comes back takes nothing away */
	assert_int_equal(party.none_ms, 0);
	assert_true(party.both_ms < 150);
}

static void
test_cut_soon_after_a_claim(void **state)
{
	char others[3];

	(void)state;
	three_begin();
	election_leave(party.guests[first].e, party.now_ms);
	party_run(&party, 500);
	assert_held_by(second); /* which claimed it while the first held it still */
	party_crash(&party, first);
	party_start(&party, first);
	party_run(&party, 2000);
	snprintf(others, sizeof(others), "%zu%zu", first, third);
	party_cut(&party, digit[second], others, true);
	party_run(&party, 2000);
	party_cut(&party, digit[second], others, false);
	party_run(&party, 500);
	assert_held_by(first); /* had company: nothing that the second should have known better */
	party_measure(&party, VIP);
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_true(party.none_ms <= 400);
}

static void
test_alone_and_back(void **state)
{
	char others[3];

	(void)state;
	three_begin();
	/* the third is cut off, claims what it hears nobody hold, and comes back */
	snprintf(others, sizeof(others), "%zu%zu", first, second);
	party_cut(&party, digit[third], others, true);
	party_run(&party, 3000);
	assert_int_equal(strlen(party_holders(&party, VIP)), 2);
	assert_int_equal(party.guests[first].reminds, 0);
	party_cut(&party, digit[third], others, false);
	party_run(&party, 1000);
	assert_held_by(first);
	assert_int_equal(party.guests[first].drops, 0);
	/* whoever went to the third is told; not when it starts anew */
	assert_int_equal(party.guests[first].reminds, 1);
	party_crash(&party, third);
	party_run(&party, 1000);
	party_start(&party, third);
	party_run(&party, 1000);
	assert_int_equal(party.guests[first].reminds, 1);
}

static void
test_frozen(void **state)
{
	(void)state;
	three_begin();
	party_freeze(&party, first, true);
	party_run(&party, 3000);
	party_measure(&party, VIP);
	party_freeze(&party, first, false);
	/* the first thing that came in was enough to know: nothing is answered from the past */
	assert_held_by(second);
	party_run(&party, 5000);
	assert_held_by(second);
	assert_int_equal(party.both_ms, 0);
	assert_int_equal(party.none_ms, 0);
	assert_int_equal(election_stats(party.guests[first].e)->stalls, 1);
}

static void
test_one_way(void **state)
{
	(void)state;
	three_begin();
	/* nobody hears the first any more, though it hears all */
	party.cut[first][second] = party.cut[first][third] = true;
	party_run(&party, 3000);
	assert_held_by(second);
	assert_true(party.both_ms < 500);
	party.cut[first][second] = party.cut[first][third] = false;
	party_measure(&party, VIP);
	party_run(&party, 3000);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
}

static void
test_deaf(void **state)
{
	(void)state;
	three_begin();
	/* the first hears nobody any more, though all hear it */
	party.cut[second][first] = party.cut[third][first] = true;
	party_run(&party, 3000);
	assert_non_null(strstr(party_holders(&party, VIP), digit[second]));
	assert_null(strstr(party_holders(&party, VIP), digit[third]));
	assert_int_equal(party.guests[second].drops, 0);
	assert_int_equal(party.guests[second].reminds, 0);
	party.cut[second][first] = party.cut[third][first] = false;
	party_run(&party, 300);
	assert_held_by(second);
	assert_int_equal(party.guests[second].reminds, 1);
	party_measure(&party, VIP);
	party_run(&party, 3000);
	assert_held_by(second);
	assert_int_equal(party.both_ms, 0);
	assert_int_equal(party.none_ms, 0);
}

static void
test_deaf_hears_one_first(void **state)
{
	(void)state;
	three_begin();
	party.cut[second][first] = party.cut[third][first] = true;
	party_run(&party, 3000);
	party_measure(&party, VIP);
	/* the hello of the heir is the last that it hears again */
	party.cut[third][first] = false;
	party_run(&party, 190);
	party.cut[second][first] = false;
	party_run(&party, 300);
	assert_held_by(second);
	assert_int_equal(party.guests[second].drops, 0);
	assert_int_equal(party.none_ms, 0);
}

static void
test_deaf_dies(void **state)
{
	(void)state;
	three_begin();
	party.cut[second][first] = party.cut[third][first] = true;
	party_run(&party, 3000);
	assert_non_null(strstr(party_holders(&party, VIP), digit[second]));
	party_crash(&party, first);
	party_measure(&party, VIP);
	party_run(&party, 3000);
	assert_held_by(second);
	assert_int_equal(party.guests[second].drops, 0);
	assert_int_equal(party.none_ms, 0);
}

static void
test_link_down(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };

	(void)state;
	three_begin();
	election_open(party.guests[first].e, PARTY_IFINDEX, &mac, false, party.now_ms);
	assert_string_equal(party_holders(&party, VIP), "");
	party_run(&party, 2000);
	assert_held_by(second);
	election_open(party.guests[first].e, PARTY_IFINDEX, &mac, true, party.now_ms);
	party_run(&party, 2000);
	assert_held_by(second);
	assert_int_equal(party.both_ms, 0);
}

static void
test_loss(void **state)
{
	(void)state;
	three_begin();
	/* three hellos in a row are lost, but the questions that follow are answered */
	for (int i = 0; i < 20; i++) {
		party_cut(&party, digit[first], digit[second], true);
		party_run(&party, 210);
		party_cut(&party, digit[first], digit[second], false);
		party_run(&party, 1000 + 5 * i);
	}
	assert_held_by(first);
	assert_int_equal(election_stats(party.guests[second].e)->peer_deaths, 0);
}

static void
test_clock_behind(void **state)
{
	(void)state;
	/* a machine without a clock that keeps time: it is in 1970, again after each restart */
	party.guests[first].skew_s = -1700000000;
	three_begin();
	party_crash(&party, first);
	party.wall_s -= 100;
	party_run(&party, 2000);
	party_start(&party, first);
	party_run(&party, 2000);
	assert_held_by(second);
	party_crash(&party, second);
	party_crash(&party, third);
	party_run(&party, 2000);
	assert_held_by(first);
}

static void
test_new_key(void **state)
{
	struct hello_key key;

	(void)state;
	three_begin();
	hello_key_init(&key, "another key", 11);
	for (size_t i = 0; i < 3; i++) {
		election_set_key(party.guests[i].e, &key, party.now_ms);
		party_run(&party, 3000);
	}
	hello_key_done(&key);
	party_run(&party, 60000);
	assert_held_by(first);
	assert_int_equal(party.both_ms, 0);
	assert_int_equal(election_stats(party.guests[second].e)->peer_deaths, 0);
	assert_int_equal(election_stats(party.guests[second].e)->foreign, 0);
	party_crash(&party, first);
	party_start(&party, first); /* with the old one, which is not believed any more */
	party_run(&party, 2000);
	assert_true(election_stats(party.guests[second].e)->foreign > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("a cluster that starts has the holder that the rank wants", test_first_start),
		STORY("but does not wait for ever for a node", test_first_start_without_one),
		STORY("and not at all for one that is not Ready", test_first_start_not_ready),
		STORY("a holder that dies has an heir after one dead time", test_death),
		STORY("so it is when two die at once", test_two_deaths),
		STORY("a node that returns takes nothing back", test_return),
		STORY("a restart within the dead time frees what was held", test_quick_restart),
		STORY("after a cut the one with company stays", test_cut_and_back),
		STORY("who lost it by a cut does not hold back when it is its turn again",
		    test_cut_soon_after_a_claim),
		STORY("who was alone disturbs nobody when it is back", test_alone_and_back),
		STORY("who was stopped answers nothing from the past", test_frozen),
		STORY("a holder that is not heard yields", test_one_way),
		STORY("a holder that hears nobody has an heir", test_deaf),
		STORY("and yields to it even if it hears another first", test_deaf_hears_one_first),
		STORY("and loses nothing when the one that hears nobody dies", test_deaf_dies),
		STORY("a link that was down takes nothing back", test_link_down),
		STORY("lost hellos are asked for before a node is given up", test_loss),
		STORY("a clock that is wrong keeps nobody out", test_clock_behind),
		STORY("a new key is taken over without a gap", test_new_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
