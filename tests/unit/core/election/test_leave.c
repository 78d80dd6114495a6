/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

/* Stories of who leaves, or may not hold the address any more. */

static void
test_leave(void **state)
{
	(void)state;
	three_begin();
	election_leave(party.guests[first].e, party.now_ms);
	party_run(&party, 200);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
	assert_true(election_left(party.guests[first].e));
}

/* All three have just met. */
static void
begin_cold(void)
{
	for (size_t i = 0; i < 3; i++)
		party_start(&party, i);
	party_run(&party, 1000);
	assert_held_by(first);
	party_measure(&party, VIP);
}

static void
test_leave_soon(void **state)
{
	(void)state;
	begin_cold();
	election_leave(party.guests[first].e, party.now_ms);
	party_run(&party, 200);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
}

static void
test_death_soon(void **state)
{
	(void)state;
	begin_cold();
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_true(party.none_ms <= 400);
}

static void
test_leave_alone(void **state)
{
	(void)state;
	party_start(&party, first);
	party_run(&party, 1000);
	election_leave(party.guests[first].e, party.now_ms);
	party_run(&party, 100);
	assert_string_equal(party_holders(&party, VIP), "");
	assert_true(election_left(party.guests[first].e));
}

static void
test_rolling(void **state)
{
	(void)state;
	three_begin();
	for (size_t i = 0; i < 3; i++) {
		election_leave(party.guests[i].e, party.now_ms);
		party_run(&party, 300);
		party_crash(&party, i);
		party_run(&party, 1500);
		party_start(&party, i);
		party_run(&party, 1500);
	}
	assert_int_equal(party.none_ms, 0);
	assert_true(party.both_ms < 50);
}

static void
test_unfit(void **state)
{
	(void)state;
	three_begin();
	three_set_unfit(first, true);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
	three_set_unfit(first, false);
	party_run(&party, 5000);
	assert_held_by(second);
}

static void
test_unfit_and_serves(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, second);
	party_crash(&party, third);
	party_run(&party, 1000);
	party.serves[first] = true;
	three_set_unfit(first, true);
	party_run(&party, 10000); /* those that may hold it are not there */
	assert_held_by(first);
	party_start(&party, third);
	party_run(&party, 2000);
	assert_held_by(third);
	assert_int_equal(party.none_ms, 0);
	assert_true(party.both_ms < 50);
}

static void
test_successor_does_not_claim(void **state)
{
	(void)state;
	three_begin();
	party.serves[first] = true;
	/* by the first node's view of the API the others are eligible, and by their own they are not */
	party.unfit[first][first] = party.unfit[second][second] = party.unfit[third][third] = true;
	party_stand(&party, VIP);
	party_run(&party, 5000); /* fails if a tick is due again and again */
	assert_held_by(first);
}

static void
test_nobody_fit(void **state)
{
	(void)state;
	three_begin();
	for (size_t i = 0; i < 3; i++)
		three_set_unfit(i, true);
	party_run(&party, 1500);
	assert_string_equal(party_holders(&party, VIP), "");
	for (size_t i = 0; i < 3; i++)
		three_set_unfit(i, false);
	party_measure(&party, VIP);
	party_run(&party, 100);
	assert_held_by(first);
	assert_int_equal(party.both_ms, 0);
}

static void
test_views_differ(void **state)
{
	uint64_t claims;

	(void)state;
	three_begin();
	/*
	 * the second takes the first for unfit, for ever; the first knows nothing of it, and both
	 * others
	 */
	party.unfit[second][first] = party.unfit[first][second] = true;
	party_stand(&party, VIP);
	party_run(&party, 60000);
	claims = party.guests[first].claims + party.guests[second].claims;
	assert_true(claims < 20);
	assert_true(party.both_ms < 150);
	party_run(&party, 600000);
	assert_true(party.guests[first].claims + party.guests[second].claims - claims < 30);
	party_measure(&party, VIP);
	party_run(&party, 30000);
	assert_int_equal(strlen(party_holders(&party, VIP)), 1);
}

static void
test_deaf_and_unfit(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, third); /* of two, neither can tell which of them has a broken link */
	party.cut[second][first] = true;
	party_run(&party, 1000);
	party.serves[first] = true;
	three_set_unfit(first, true);
	party_run(&party, 10000);
	assert_true(party.both_ms <= 150); /* the second claims it, and finds that the first does not yield */
	assert_held_by(first);
}

static void
test_old_view(void **state)
{
	(void)state;
	three_begin();
	/* all but the first know that the first may not: its API server is out of reach, say */
	party.unfit[second][first] = party.unfit[third][first] = true;
	party_stand(&party, VIP);
	party_run(&party, 300);
	assert_held_by(second);
	party_measure(&party, VIP);
	party_run(&party, 30000);
	assert_held_by(second);
	assert_int_equal(party.none_ms, 0);
	assert_int_equal(party.both_ms, 0);
}

/* The first and the third may, and all of a sudden the second alone; so @node knows from now on. */
static void
swap_view_of(size_t node)
{
	party.unfit[node][first] = party.unfit[node][third] = true;
	party.unfit[node][second] = false;
	party_stand(&party, VIP);
	party_run(&party, 100);
}

static void
test_views_swapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		party.unfit[i][second] = true;
	three_begin();
	swap_view_of(second);
	swap_view_of(first);
	swap_view_of(third);
	party_run(&party, 2000);
	assert_held_by(second);
	assert_int_equal(party.guests[first].claims, 1);
	assert_int_equal(party.guests[second].drops, 0);
	assert_int_equal(party.guests[third].claims, 0);
	assert_int_equal(party.none_ms, 0);
}

static void
test_first_does_not_claim(void **state)
{
	(void)state;
	/* all others think the first may, it knows better */
	party.unfit[first][first] = true;
	for (size_t i = 0; i < 3; i++)
		party_start(&party, i);
	party_run(&party, 7000);
	assert_held_by(second);
}

static void
test_withdrawn(void **state)
{
	(void)state;
	three_begin();
	three_withdraw();
	assert_string_equal(party_holders(&party, VIP), "");
	party_run(&party, 1000);
	assert_string_equal(party_holders(&party, VIP), "");
	party_stand(&party, VIP);
	party_run(&party, 50);
	assert_held_by(first);
}

static void
test_withdrawn_by_one(void **state)
{
	(void)state;
	three_begin();
	party_run(&party, 30); /* no hello is due */
	/*
	 * for the others it is announced still, as may be for a moment: by nobody, as they know at
	 * once
	 */
	election_withdraw(party.guests[first].e, PARTY_IFINDEX, &party.watched, party.now_ms);
	party_run(&party, 5);
	assert_string_equal(party.guests[second].reported_holder.node, "");
	assert_int_equal(party.guests[second].reported_holder.change, CHANGE_LEFT);
	party_run(&party, 300); /* the turn of the first in rank */
	assert_held_by(second);
}

static void
test_withdrawn_on_a_link_that_goes(void **state)
{
	const struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)first } };
	struct election *e;

	(void)state;
	three_begin();
	e = party.guests[first].e;
	/*
	 * nothing can be told where the link is down: it is forgotten, and held again when wanted
	 * again
	 */
	election_withdraw(e, PARTY_IFINDEX, &party.watched, party.now_ms);
	election_open(e, PARTY_IFINDEX, &mac, false, party.now_ms);
	election_close(e, PARTY_IFINDEX, party.now_ms);
	assert_int_equal(election_next_ms(e), INT64_MAX);
	party_crash(&party, second);
	party_crash(&party, third);
	election_want_holder(e, PARTY_IFINDEX, &party.watched, &party.watched, party.now_ms);
	election_open(e, PARTY_IFINDEX, &mac, true, party.now_ms);
	party_run(&party, 6000);
	assert_held_by(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("who leaves has an heir first", test_leave),
		STORY("so it is where all have just met", test_leave_soon),
		STORY("and a death is one there, too", test_death_soon),
		STORY("who leaves alone does not wait", test_leave_alone),
		STORY("a rolling restart is never without a holder", test_rolling),
		STORY("who may hold no more has an heir first", test_unfit),
		STORY("and waits for it for as long as it can serve", test_unfit_and_serves),
		STORY("a holder that can serve does not spin while its successor does not claim",
		    test_successor_does_not_claim),
		STORY("where nobody may hold, nobody does; then one alone", test_nobody_fit),
		STORY("who claims from one that does not hear it finds out", test_deaf_and_unfit),
		STORY("views that differ for ever come to rest", test_views_differ),
		STORY("who does not know that it may not hold yields to who claims later", test_old_view),
		STORY("what changed is on its way to who still thinks that it may", test_views_swapped),
		STORY("a first in rank that does not claim is not waited for", test_first_does_not_claim),
		STORY("an address that is withdrawn is held by nobody", test_withdrawn),
		STORY("fellows know at once of one that a node withdraws", test_withdrawn_by_one),
		STORY("so it does no harm where the link is gone", test_withdrawn_on_a_link_that_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
