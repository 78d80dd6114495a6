/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_nodes.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* A LAN with many nodes, and nodes that hold more VIPs than fit into a hello. */
#define VIP "10.0.0.1"

static struct test_lan lan;

static int
tear_down(void **state)
{
	(void)state;
	lan_done(&lan);
	return 0;
}

/*
 * Counts for one node: its peers that are alive, its peers that receive its hellos, and the VIPs
 * that all its peers hold.
 */
struct peer_counts {
	size_t alive, hear_us, held;
};

static void
on_peer(void *arg, const struct peer_view *peer_view)
{
	struct peer_counts *counts = arg;

	counts->alive += peer_view->alive;
	counts->hear_us += peer_view->hears_us;
	counts->held += peer_view->n_held;
}

static struct peer_counts
count_peers(size_t node)
{
	struct peer_counts counts = { 0 };

	election_each_peer(lan.nodes[node].e, on_peer, &counts);
	return counts;
}

static uint64_t
count_deaths(void)
{
	uint64_t n = 0;

	for (size_t i = 0; i < lan.n; i++)
		n += lan.nodes[i].e ? election_stats(lan.nodes[i].e)->peer_deaths : 0;
	return n;
}

static size_t
find_holder(void)
{
	size_t holder = SIZE_MAX;
	struct ip ip = lan.measured;

	for (size_t i = 0; i < lan.n; i++) {
		for (size_t j = 0; j < lan.nodes[i].n_held; j++) {
			if (!ip_equal(&lan.nodes[i].held[j].ip, &ip))
				continue;
			assert_int_equal(holder, SIZE_MAX); /* one holder at most */
			holder = i;
		}
	}
	assert_int_not_equal(holder, SIZE_MAX);
	return holder;
}

static void
test_heard_by_turns(void **state)
{
	(void)state;
	lan_init(&lan, 70);
	for (size_t i = 0; i < lan.n; i++)
		lan_start(&lan, i);
	lan_run(&lan, 3000);
	for (int n = 0; n < 20; n++) {
		for (size_t i = 0; i < lan.n; i++) {
			assert_int_equal(count_peers(i).alive, 69);
			assert_int_equal(count_peers(i).hear_us, 69);
		}
		lan_run(&lan, 97);
	}
	assert_int_equal(count_deaths(), 0);
	assert_int_equal(find_holder(), lan_first_in_rank(&lan, VIP, 70));
}

static void
test_growth(void **state)
{
	uint64_t sent;

	(void)state;
	lan_init(&lan, 80);
	for (size_t i = 0; i < 40; i++)
		lan_start(&lan, i);
	lan_run(&lan, 6000);
	sent = election_stats(lan.nodes[0].e)->sent;
	lan_run(&lan, 10000);
	assert_in_range(election_stats(lan.nodes[0].e)->sent - sent, 98, 102);
	for (size_t i = 40; i < 80; i++) {
		lan_start(&lan, i);
		lan_run(&lan, 20);
	}
	lan_run(&lan, 2000);
	assert_int_equal(count_peers(0).alive, 79);
	assert_int_equal(count_deaths(), 0);
	/* 80 nodes send hellos at 1.6 times the interval of 50 nodes */
	sent = election_stats(lan.nodes[0].e)->sent;
	lan_run(&lan, 10000);
	assert_in_range(election_stats(lan.nodes[0].e)->sent - sent, 60, 65);
	assert_int_equal(count_deaths(), 0);
}

static void
test_growth_at_once(void **state)
{
	size_t holder;

	(void)state;
	lan_init(&lan, 80);
	for (size_t i = 0; i < 30; i++)
		lan_start(&lan, i);
	lan_run(&lan, 6000);
	holder = find_holder();
	for (size_t i = 30; i < 80; i++)
		lan_start(&lan, i);
	lan_run(&lan, 3000);
	assert_int_equal(count_deaths(), 0);
	assert_int_equal(find_holder(), holder);
	/* the dead time grows by the same factor as the interval */
	lan_measure(&lan, VIP);
	lan_crash(&lan, holder);
	lan_run(&lan, 2000);
	find_holder();
	assert_in_range(lan.no_holder_ms, 560 - 160, 560 + 10);
	assert_int_equal(count_deaths(), 79);
}

/* Starts a LAN on which only node 0 is eligible.  Node 0 holds @n VIPs, half of them IPv6. */
static void
start_with(size_t n, size_t nodes)
{
	char text[IP_TEXT_MAX];

	lan_init(&lan, nodes);
	for (size_t i = 0; i < nodes; i++) {
		for (size_t j = 1; j < nodes; j++)
			lan.ineligible[i][j] = true;
	}
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	for (size_t i = 1; i < n; i++) { /* and VIP */
		snprintf(text, sizeof(text), i % 2 ? "10.0.%zu.%zu" : "fd00::%zx:%zx", i / 200,
		    i % 200 + 2);
		lan_want_holder(&lan, text);
	}
	lan_run(&lan, 6000);
	assert_int_equal(lan.nodes[0].n_held, n);
	assert_int_equal(count_peers(1).held, n);
}

static void
test_pages(void **state)
{
	(void)state;
	start_with(300, 3);
	/* node 0 sends all its pages to a new peer, as soon as node 0 and the peer are proved */
	for (int i = 0; i < 12; i++) {
		lan_start(&lan, 2);
		lan_run(&lan, 23);
		assert_int_equal(count_peers(2).held, 300);
		lan_crash(&lan, 2);
		lan_run(&lan, 700 + 37 * i);
	}
}

static void
test_pages_after_a_cut(void **state)
{
	(void)state;
	start_with(300, 2);
	/* hellos that report the changes are lost; within a second, later hellos list all VIPs */
	lan_cut(&lan, "0", "1", true);
	for (int i = 0; i < 100; i++) {
		struct ip ip = lan.nodes[0].held[0].ip;

		election_withdraw(lan.nodes[0].e, LAN_IFINDEX, &ip, lan.now_ms);
	}
	lan_want_holder(&lan, "10.9.9.9");
	lan_want_holder(&lan, "fe80::1");
	lan_run(&lan, 200);
	assert_int_equal(lan.nodes[0].n_held, 202);
	assert_int_equal(count_peers(1).held, 300);
	lan_cut(&lan, "0", "1", false);
	lan_run(&lan, 1000);
	assert_int_equal(count_peers(1).held, 202);
	assert_int_equal(count_deaths(), 0);
}

static void
test_changes(void **state)
{
	struct ip ip;

	(void)state;
	start_with(300, 2);
	for (uint8_t i = 0; i < 20; i++) { /* new VIPs sort into the first page or after the last */
		ip = (struct ip){ i % 2 ? IPV4 : IPV6, { 10, 0, 0, 220 + i } };
		for (size_t j = 0; j < 2; j++)
			election_want_holder(lan.nodes[j].e, LAN_IFINDEX, &ip, &ip, lan.now_ms);
	}
	lan_run(&lan, 5);
	assert_int_equal(count_peers(1).held, 320);
	/* node 0 reports dropped VIPs at once too */
	lan.ineligible[0][0] = lan.ineligible[1][0] = true;
	for (size_t i = lan.nodes[0].n_held; i-- > 0;) {
		ip = lan.nodes[0].held[i].ip;
		election_want_holder(lan.nodes[0].e, LAN_IFINDEX, &ip, &ip, lan.now_ms);
	}
	lan_run(&lan, 10);
	assert_int_equal(lan.nodes[0].n_held, 0);
	assert_int_equal(count_peers(1).held, 0);
}

static void
test_withdrawn_many(void **state)
{
	struct ip ip;

	(void)state;
	start_with(300, 2);
	for (int i = 0; i < 100; i++) {
		ip = lan.nodes[0].held[0].ip;
		election_withdraw(lan.nodes[0].e, LAN_IFINDEX, &ip, lan.now_ms);
	}
	lan_run(&lan, 10);
	assert_int_equal(count_peers(1).held, 200);
}

/* Counts the nodes that node 0 polls in its recorded hellos. */
static size_t
count_polled(const struct recording *recording)
{
	const struct hello_key key = lan_key();
	static uint32_t polled[LAN_NODES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < recording->n; i++) {
		struct hello hello;

		assert_int_equal(
		    hello_parse(recording->frames[i].bytes, recording->frames[i].len, &key, &hello), 0);
		for (size_t j = 0, k; j < hello.n_polls; j++) {
			for (k = 0; k < n && polled[k] != hello.polls[j];)
				k++;
			polled[k] = hello.polls[j];
			n += k == n;
		}
	}
	return n;
}

static void
test_all_late_are_polled(void **state)
{
	struct recording recording = { 0 };

	(void)state;
	lan_init(&lan, 48);
	for (size_t i = 0; i < lan.n; i++)
		lan_start(&lan, i);
	lan_run(&lan, 3000);
	for (size_t i = 1; i < lan.n; i++)
		lan_crash(&lan, i);
	lan.nodes[0].recording = &recording;
	while (count_deaths() == 0)
		lan_run(&lan, 1);
	lan.nodes[0].recording = NULL;
	assert_int_equal(count_polled(&recording), 47);
	assert_in_range(recording.n, 5, 40); /* node 0 sends at most one hello every 10 ms */
}

static void
test_death_of_many(void **state)
{
	(void)state;
	start_with(300, 3);
	for (size_t i = 0; i < 3; i++)
		lan.ineligible[i][1] = lan.ineligible[i][2] = false;
	lan_start(&lan, 2);
	for (size_t i = 0; i < 300; i++) {
		struct ip ip = lan.nodes[0].held[i].ip;

		election_want_holder(lan.nodes[2].e, LAN_IFINDEX, &ip, &ip, lan.now_ms);
	}
	lan_run(&lan, 2000);
	lan_crash(&lan, 0);
	lan_run(&lan, 450);
	assert_int_equal(lan.nodes[1].n_held + lan.nodes[2].n_held, 300);
	assert_int_equal(count_peers(1).held, lan.nodes[2].n_held);
	assert_int_equal(count_peers(2).held, lan.nodes[1].n_held);
}

#define LAN_TEST(name, fn) { name, fn, NULL, tear_down, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("hellos list more peers than they have room for by turns",
		    test_heard_by_turns),
		LAN_TEST("more nodes send hellos less often, and none counts as dead", test_growth),
		LAN_TEST("50 nodes that start at once do not count as dead", test_growth_at_once),
		LAN_TEST("a peer that appears gets all pages of 300 VIPs at once", test_pages),
		LAN_TEST("lost changes of VIPs are sent again within a second",
		    test_pages_after_a_cut),
		LAN_TEST("changes of VIPs are sent at once", test_changes),
		LAN_TEST("withdrawn VIPs are sent at once", test_withdrawn_many),
		LAN_TEST("all late peers are polled before they count as dead",
		    test_all_late_are_polled),
		LAN_TEST("all 300 VIPs of a dead holder have new holders", test_death_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
