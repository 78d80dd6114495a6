/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_nodes.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* Stories of a LAN with many nodes, and of nodes that hold more than a frame can say. */
#define VIP "10.0.0.1"

static struct party party;

static int
tear_down(void **state)
{
	(void)state;
	party_done(&party);
	return 0;
}

/* Counts the fellows of a node. */
struct census {
	size_t alive, hear_us, held;
};

static void
on_peer(void *arg, const struct peer_view *peer_view)
{
	struct census *census = arg;

	census->alive += peer_view->alive;
	census->hear_us += peer_view->hears_us;
	census->held += peer_view->n_held;
}

static struct census
census_of(size_t node)
{
	struct census census = { 0 };

	election_each_peer(party.guests[node].e, on_peer, &census);
	return census;
}

static uint64_t
count_deaths(void)
{
	uint64_t n = 0;

	for (size_t i = 0; i < party.n; i++)
		n += party.guests[i].e ? election_stats(party.guests[i].e)->peer_deaths : 0;
	return n;
}

static size_t
find_holder(void)
{
	size_t holder = SIZE_MAX;
	struct ip ip = party.watched;

	for (size_t i = 0; i < party.n; i++) {
		for (size_t j = 0; j < party.guests[i].n_held; j++) {
			if (!ip_equal(&party.guests[i].held[j].ip, &ip))
				continue;
			assert_int_equal(holder, SIZE_MAX); /* one at most */
			holder = i;
		}
	}
	assert_int_not_equal(holder, SIZE_MAX);
	return holder;
}

static void
test_ears_in_turns(void **state)
{
	(void)state;
	party_init(&party, 70);
	for (size_t i = 0; i < party.n; i++)
		party_start(&party, i);
	party_run(&party, 3000);
	for (int n = 0; n < 20; n++) {
		for (size_t i = 0; i < party.n; i++) {
			assert_int_equal(census_of(i).alive, 69);
			assert_int_equal(census_of(i).hear_us, 69);
		}
		party_run(&party, 97);
	}
	assert_int_equal(count_deaths(), 0);
	assert_int_equal(find_holder(), party_first(&party, VIP, 70));
}

static void
test_growth(void **state)
{
	uint64_t sent;

	(void)state;
	party_init(&party, 80);
	for (size_t i = 0; i < 40; i++)
		party_start(&party, i);
	party_run(&party, 6000);
	sent = election_stats(party.guests[0].e)->sent;
	party_run(&party, 10000);
	assert_in_range(election_stats(party.guests[0].e)->sent - sent, 98, 102);
	for (size_t i = 40; i < 80; i++) {
		party_start(&party, i);
		party_run(&party, 20);
	}
	party_run(&party, 2000);
	assert_int_equal(census_of(0).alive, 79);
	assert_int_equal(count_deaths(), 0);
	/* 80 nodes say hello 80/50 times more seldom than 50 */
	sent = election_stats(party.guests[0].e)->sent;
	party_run(&party, 10000);
	assert_in_range(election_stats(party.guests[0].e)->sent - sent, 60, 65);
	assert_int_equal(count_deaths(), 0);
}

static void
test_growth_at_once(void **state)
{
	size_t holder;

	(void)state;
	party_init(&party, 80);
	for (size_t i = 0; i < 30; i++)
		party_start(&party, i);
	party_run(&party, 6000);
	holder = find_holder();
	for (size_t i = 30; i < 80; i++)
		party_start(&party, i);
	party_run(&party, 3000);
	assert_int_equal(count_deaths(), 0);
	assert_int_equal(find_holder(), holder);
	/* a death is found as much later */
	party_measure(&party, VIP);
	party_crash(&party, holder);
	party_run(&party, 2000);
	find_holder();
	assert_in_range(party.none_ms, 560 - 160, 560 + 10);
	assert_int_equal(count_deaths(), 79);
}

/* Node 0 holds @n addresses, of 10.0.0.0/16 and of fd00::/112 in turns; the others may not. */
static void
begin_with(size_t n, size_t nodes)
{
	char text[IP_TEXT_MAX];

	party_init(&party, nodes);
	for (size_t i = 0; i < nodes; i++) {
		for (size_t j = 1; j < nodes; j++)
			party.unfit[i][j] = true;
	}
	party_start(&party, 0);
	party_start(&party, 1);
	for (size_t i = 1; i < n; i++) { /* VIP is one, too */
		snprintf(text, sizeof(text), i % 2 ? "10.0.%zu.%zu" : "fd00::%zx:%zx", i / 200,
		    i % 200 + 2);
		party_stand(&party, text);
	}
	party_run(&party, 6000);
	assert_int_equal(party.guests[0].n_held, n);
	assert_int_equal(census_of(1).held, n);
}

static void
test_pages(void **state)
{
	(void)state;
	begin_with(300, 3);
	/* whenever a fellow appears, it is told all at once */
	for (int i = 0; i < 12; i++) {
		party_start(&party, 2);
		party_run(&party, 3);
		assert_int_equal(census_of(2).held, 300);
		party_crash(&party, 2);
		party_run(&party, 700 + 37 * i);
	}
}

static void
test_pages_in_turns(void **state)
{
	(void)state;
	begin_with(300, 2);
	/* what was claimed and dropped while nobody heard it is said again, within a second */
	party_cut(&party, "0", "1", true);
	for (int i = 0; i < 100; i++) {
		struct ip ip = party.guests[0].held[0].ip;

		election_withdraw(party.guests[0].e, PARTY_IFINDEX, &ip, party.now_ms);
	}
	party_stand(&party, "10.9.9.9");
	party_stand(&party, "fe80::1");
	party_run(&party, 200);
	assert_int_equal(party.guests[0].n_held, 202);
	assert_int_equal(census_of(1).held, 300);
	party_cut(&party, "0", "1", false);
	party_run(&party, 1000);
	assert_int_equal(census_of(1).held, 202);
	assert_int_equal(count_deaths(), 0);
}

static void
test_news(void **state)
{
	struct ip ip;

	(void)state;
	begin_with(300, 2);
	for (uint8_t i = 0; i < 20; i++) { /* between those of the first page and behind the last */
		ip = (struct ip){ i % 2 ? IPV4 : IPV6, { 10, 0, 0, 220 + i } };
		for (size_t j = 0; j < 2; j++)
			election_want_holder(party.guests[j].e, PARTY_IFINDEX, &ip, &ip, party.now_ms);
	}
	party_run(&party, 5);
	assert_int_equal(census_of(1).held, 320);
	/* and that it may hold nothing any more, so that another can */
	party.unfit[0][0] = party.unfit[1][0] = true;
	for (size_t i = party.guests[0].n_held; i-- > 0;) {
		ip = party.guests[0].held[i].ip;
		election_want_holder(party.guests[0].e, PARTY_IFINDEX, &ip, &ip, party.now_ms);
	}
	party_run(&party, 10);
	assert_int_equal(party.guests[0].n_held, 0);
	assert_int_equal(census_of(1).held, 0);
}

static void
test_withdrawn_many(void **state)
{
	struct ip ip;

	(void)state;
	begin_with(300, 2);
	for (int i = 0; i < 100; i++) {
		ip = party.guests[0].held[0].ip;
		election_withdraw(party.guests[0].e, PARTY_IFINDEX, &ip, party.now_ms);
	}
	party_run(&party, 10);
	assert_int_equal(census_of(1).held, 200);
}

/* How many nodes node 0 asked for a sign of life, by its tape. */
static size_t
count_asked(const struct tape *tape)
{
	const struct hello_key key = party_key();
	static uint32_t asked[PARTY_MAX];
	size_t n = 0;

	for (size_t i = 0; i < tape->n; i++) {
		struct hello hello;

		assert_int_equal(
		    hello_parse(tape->frames[i].bytes, tape->frames[i].len, &key, &hello), 0);
		for (size_t j = 0, k; j < hello.n_polls; j++) {
			for (k = 0; k < n && asked[k] != hello.polls[j];)
				k++;
			asked[k] = hello.polls[j];
			n += k == n;
		}
	}
	return n;
}

static void
test_all_are_asked(void **state)
{
	struct tape tape = { 0 };

	(void)state;
	party_init(&party, 48);
	for (size_t i = 0; i < party.n; i++)
		party_start(&party, i);
	party_run(&party, 3000);
	for (size_t i = 1; i < party.n; i++)
		party_crash(&party, i);
	party.guests[0].tape = &tape;
	while (count_deaths() == 0)
		party_run(&party, 1);
	party.guests[0].tape = NULL;
	assert_int_equal(count_asked(&tape), 47);
	assert_in_range(tape.n, 5, 40); /* no flood */
}

static void
test_death_of_many(void **state)
{
	(void)state;
	begin_with(300, 3);
	for (size_t i = 0; i < 3; i++)
		party.unfit[i][1] = party.unfit[i][2] = false;
	party_start(&party, 2);
	for (size_t i = 0; i < 300; i++) {
		struct ip ip = party.guests[0].held[i].ip;

		election_want_holder(party.guests[2].e, PARTY_IFINDEX, &ip, &ip, party.now_ms);
	}
	party_run(&party, 2000);
	party_crash(&party, 0);
	party_run(&party, 450);
	assert_int_equal(party.guests[1].n_held + party.guests[2].n_held, 300);
	assert_int_equal(census_of(1).held, party.guests[2].n_held);
	assert_int_equal(census_of(2).held, party.guests[1].n_held);
}

#define STORY(name, fn) { name, fn, NULL, tear_down, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY("more fellows than a hello has ears are told in turns", test_ears_in_turns),
		STORY("more nodes say hello less often, and nobody is given up", test_growth),
		STORY("so it is when they come all at once", test_growth_at_once),
		STORY("a fellow that appears is told of 300 addresses at once", test_pages),
		STORY("what was not heard is said again within a second", test_pages_in_turns),
		STORY("news are told at once", test_news),
		STORY("so it is of what is withdrawn", test_withdrawn_many),
		STORY("all that are silent are asked before they are given up", test_all_are_asked),
		STORY("a holder of 300 addresses that dies has heirs for all", test_death_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
