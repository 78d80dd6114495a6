/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <string.h>

/* Stories of which hellos may be read later. */

static struct tape tape;

/* What @node says from now on, for @ms. */
static void
listen_to(size_t node, int64_t ms)
{
	tape.n = 0;
	party.guests[node].tape = &tape;
	party_run(&party, ms);
	party.guests[node].tape = NULL;
	assert_true(tape.n > 0);
}

static bool
is_calm(size_t i)
{
	return hello_is_unchanged(tape.frames[i].bytes, tape.frames[i].len);
}

static size_t
count_calm(void)
{
	size_t n = 0;

	for (size_t i = 0; i < tape.n; i++)
		n += is_calm(i);
	return n;
}

static struct hello
said(size_t i)
{
	const struct hello_key key = party_key();
	struct hello hello;

	assert_int_equal(
	    hello_parse(tape.frames[i].bytes, tape.frames[i].len, &key, &hello), 0);
	return hello;
}

static void
test_quiet(void **state)
{
	(void)state;
	three_begin();
	for (size_t i = 0; i < 3; i++) {
		listen_to(i, 3000);
		assert_in_range(tape.n, 29, 31);
		assert_int_equal(count_calm(), tape.n);
	}
}

static void
test_claim(void **state)
{
	size_t i = 0;

	(void)state;
	three_begin();
	party_crash(&party, first);
	listen_to(second, 1000);
	while (said(i).n_held == 0)
		i++;
	assert_false(is_calm(i));
	assert_true(is_calm(tape.n - 1)); /* it is no news any more */
}

static void
test_withdrawn(void **state)
{
	(void)state;
	three_begin();
	three_withdraw();
	listen_to(first, 10);
	assert_int_equal(said(0).n_held, 0);
	assert_false(is_calm(0));
}

static void
test_question(void **state)
{
	bool asked = false;

	(void)state;
	three_begin();
	party_crash(&party, first);
	listen_to(second, 1000);
	for (size_t i = 0; i < tape.n; i++) {
		if (said(i).n_polls == 0)
			continue;
		assert_false(is_calm(i));
		asked = true;
	}
	assert_true(asked);
}

static void
test_leave(void **state)
{
	(void)state;
	three_begin();
	election_leave(party.guests[first].e, party.now_ms);
	listen_to(first, 500);
	assert_int_equal(count_calm(), 0);
}

static void
test_start(void **state)
{
	int turned = 0;

	(void)state;
	three_begin();
	party_crash(&party, third);
	party_run(&party, 1000);
	party_start(&party, third);
	listen_to(first, 50);
	assert_int_equal(count_calm(), 0); /* it is told what is held */
	listen_to(third, 3000);
	for (size_t i = 1; i < tape.n; i++) {
		bool claims = said(i - 1).flags & ~said(i).flags & HELLO_LISTENING;

		assert_false(claims && is_calm(i));
		turned += claims;
	}
	assert_int_equal(turned, 1);
	assert_true(is_calm(tape.n - 1));
}

static void
test_alone(void **state)
{
	(void)state;
	three_begin();
	party_crash(&party, second);
	party_crash(&party, third);
	party_run(&party, 1000);
	listen_to(first, 1000);
	assert_int_equal(count_calm(), 0); /* who comes back may not know yet that it was away */
}

static void
test_death(void **state)
{
	uint64_t sent;

	(void)state;
	for (size_t i = 0; i < 3; i++) { /* so that each reads the others' hellos late */
		party_start(&party, i);
		party_run(&party, 33);
	}
	party_run(&party, 8000);
	assert_held_by(first);
	sent = stats_of(first)->sent;
	while (stats_of(first)->sent == sent)
		party_run(&party, 1);
	party_measure(&party, VIP);
	party_crash(&party, first);
	party_run(&party, 1000);
	assert_held_by(second);
	assert_in_range(party.none_ms, 345, 351);
}

static void
test_stopped(void **state)
{
	uint64_t deaths;

	(void)state;
	three_begin();
	deaths = stats_of(first)->peer_deaths;
	party_freeze(&party, first, true);
	party_run(&party, 240); /* not long enough to be given up, nor to give up others */
	party_freeze(&party, first, false);
	party_run(&party, 1000);
	assert_held_by(first);
	assert_int_equal(stats_of(first)->peer_deaths, deaths);
}

static void
test_crowd(void **state)
{
	(void)state;
	party_done(&party);
	party_init(&party, 50);
	for (size_t i = 0; i < party.n; i++)
		party_start(&party, i);
	party_run(&party, 3000);
	listen_to(0, 1000);
	assert_int_equal(count_calm(), tape.n);
	party_done(&party);
	party_init(&party, 51);
	for (size_t i = 0; i < party.n; i++)
		party_start(&party, i);
	party_run(&party, 3000);
	listen_to(0, 1000);
	assert_int_equal(count_calm(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("while nothing happens all of them", test_quiet),
		STORY("a claim is read at once", test_claim),
		STORY("so is that an address is held no more", test_withdrawn),
		STORY("and a question", test_question),
		STORY("and who leaves", test_leave),
		STORY("and all that a start brings about", test_start),
		STORY("and who hears nobody", test_alone),
		STORY("who is read late lives no longer for it", test_death),
		STORY("what waited while its reader was stopped still counts", test_stopped),
		STORY("more than fit a socket are read as they come", test_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
