/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>
#include <string.h>

/* Stories of what is told about holders, and of keys. */

static void
assert_told(size_t node, size_t holder, enum holder_change change, int64_t gap_min_ms,
    int64_t gap_max_ms)
{
	const struct reported_holder *reported_holder = &party.guests[node].reported_holder;

	assert_string_equal(reported_holder->node, party.guests[holder].name);
	assert_string_equal(holder_change_label[reported_holder->change], holder_change_label[change]);
	assert_true(reported_holder->gap_ms >= gap_min_ms && reported_holder->gap_ms <= gap_max_ms);
}

static void
test_free_has_no_gap(void **state)
{
	(void)state;
	three_begin();
	for (size_t i = 0; i < 3; i++)
		assert_told(i, first, CHANGE_FREE, -1, -1);
	assert_int_equal(stats_of(first)->changes[CHANGE_FREE], 1);
}

static void
test_gap_of_death(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_told(second, second, CHANGE_DEATH, 350, 351);
	assert_told(third, second, CHANGE_DEATH, -1, -1); /* only the heir knows */
	assert_int_equal(stats_of(second)->changes[CHANGE_DEATH], 1);
	assert_int_equal(stats_of(second)->peer_deaths, 1);
}

static void
test_gap_of_leave(void **state)
{
	(void)state;
	three_begin();
	election_leave(party.guests[first].e, party.now_ms);
	party_run(&party, 500);
	assert_held_by(second);
	assert_told(second, second, CHANGE_LEFT, 0, 0);
	assert_told(first, second, CHANGE_LEFT, -1, -1);
	assert_int_equal(stats_of(second)->changes[CHANGE_LEFT], 1);
	assert_int_equal(stats_of(second)->peer_deaths, 0);
}

static void
test_gap_of_link(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };

	(void)state;
	three_begin();
	election_open(party.guests[first].e, PARTY_IFINDEX, &mac, false, party.now_ms);
	assert_string_equal(party.guests[first].reported_holder.node, "");
	assert_int_equal(party.guests[first].reported_holder.change, CHANGE_LINK);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_told(second, second, CHANGE_DEATH, 300, 351);
}

static void
test_told_of_contest(void **state)
{
	char others[3];
	size_t n = 0;

	(void)state;
	three_begin();
	for (size_t i = 0; i < 3; i++) {
		if (i != first)
			others[n++] = digit[i][0];
	}
	others[n] = '\0';
	party_cut(&party, digit[first], others, true);
	party_run(&party, 5000);
	party_cut(&party, digit[first], others, false);
	party_run(&party, 2000);
	assert_held_by(second);
	assert_told(first, second, CHANGE_CONTEST, -1, -1);
	assert_int_equal(stats_of(first)->changes[CHANGE_CONTEST], 1);
}

static void
test_told_of_closed_link(void **state)
{
	(void)state;
	three_begin();
	election_close(party.guests[second].e, PARTY_IFINDEX, party.now_ms);
	assert_string_equal(party.guests[second].reported_holder.node, "");
	assert_int_equal(party.guests[second].reported_holder.change, CHANGE_LINK);
	assert_held_by(first);
}

/* The third, whose key comes long after its link. */
static void
test_late_key(void **state)
{
	const struct hello_key key = party_key();

	(void)state;
	party.keyless = true;
	party_start(&party, third);
	party_run(&party, 20000);
	party.keyless = false;
	election_set_key(party.guests[third].e, &key, party.now_ms);
	party_run(&party, 2000);
	assert_string_equal(party_holders(&party, VIP), ""); /* as on any LAN that has just begun */
	party_start(&party, first);
	party_run(&party, 1000);
	assert_held_by(first);
}

static void
set_keys(const char *secret)
{
	struct hello_key key;

	hello_key_init(&key, secret, strlen(secret));
	for (size_t i = 0; i < 3; i++)
		election_set_key(party.guests[i].e, &key, party.now_ms);
	hello_key_done(&key);
}

static void
test_key_and_back(void **state)
{
	(void)state;
	three_begin();
	set_keys("a mistake, soon found");
	party_run(&party, 5000);
	set_keys(PARTY_SECRET);
	party_run(&party, 60000);
	party_crash(&party, (first + 1) % 3);
	party_start(&party, (first + 1) % 3); /* reads the key that the Secret has again */
	party_run(&party, 5000);
	assert_held_by(first);
	assert_int_equal(stats_of((first + 1) % 3)->foreign, 0);
}

static void
test_key_told_again(void **state)
{
	(void)state;
	three_begin();
	for (int i = 0; i < 20; i++) { /* as a cache that is listed anew would */
		set_keys("the new one");
		party_run(&party, 3000);
	}
	/* the old one is not used any more: who starts with it hears nobody that it believes */
	party_crash(&party, (first + 1) % 3);
	party_start(&party, (first + 1) % 3);
	party_run(&party, 1000);
	assert_true(stats_of((first + 1) % 3)->foreign > 10);
	assert_held_by(first);
}

/* It is deaf for so short a time that the first, which it hears again, never knew. */
static void
test_reminds_after_a_short_claim(void **state)
{
	(void)state;
	three_begin();
	party.cut[first][third] = party.cut[second][third] = true;
	while (!strstr(party_holders(&party, VIP), digit[third]))
		party_run(&party, 1);
	party.cut[first][third] = party.cut[second][third] = false;
	assert_int_equal(party.guests[first].reminds, 0);
	party_run(&party, 300);
	assert_held_by(first);
	assert_int_equal(party.guests[first].drops, 0);
	assert_int_equal(party.guests[first].reminds, 1);
}

/* An heir that claims while the holder leaves has all the announcing before it. */
static void
test_reminds_nobody_of_a_heritage(void **state)
{
	(void)state;
	three_begin();
	three_set_unfit(first, true);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_int_equal(party.guests[second].reminds, 0);
}

/* The end of the cut is slept through; who wakes listens, as who starts does. */
static void
test_reminds_who_was_stopped(void **state)
{
	char others[3];

	(void)state;
	snprintf(others, sizeof(others), "%zu%zu", first, second);
	party_cut(&party, digit[third], others, true);
	for (size_t i = 0; i < 3; i++)
		party_start(&party, i);
	party_run(&party, 15000);
	assert_int_equal(strlen(party_holders(&party, VIP)), 2);
	party_freeze(&party, third, true);
	party_cut(&party, digit[third], others, false);
	party_run(&party, 3000);
	party_freeze(&party, third, false);
	party_run(&party, 1000);
	assert_held_by(first);
	assert_int_equal(party.guests[first].drops, 0);
	assert_int_equal(party.guests[first].reminds, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("what nobody held has no gap", test_free_has_no_gap),
		STORY("the gap of a death is the dead time", test_gap_of_death),
		STORY("who leaves leaves no gap", test_gap_of_leave),
		STORY("a link that goes down is a death to the others", test_gap_of_link),
		STORY("who loses a contest tells so", test_told_of_contest),
		STORY("a link that is not used any more has no holder", test_told_of_closed_link),
		STORY("clients hear again who holds, after a claim that was given up",
		    test_reminds_after_a_short_claim),
		STORY("an heir has nobody to remind", test_reminds_nobody_of_a_heritage),
		STORY("who was stopped while a cut ended is reminded", test_reminds_who_was_stopped),
		STORY("a key that comes late begins a LAN like any other", test_late_key),
		STORY("a key that is taken back is not used", test_key_and_back),
		STORY("a key that is told again and again is used", test_key_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
