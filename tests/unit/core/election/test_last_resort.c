/* SPDX-License-Identifier: Apache-2.0 */
#include "link_nodes.h"
#include "unit.h"

#include <string.h>

/* The API decides about nodes whose hellos do not get through. */

/* Cuts both carriers from node @a to node @b. */
static void
cut(size_t a, size_t b, bool is_cut)
{
	nodes.cut[0][a][b] = nodes.cut_udp[0][a][b] = is_cut;
}

static void
cut_all(bool is_cut)
{
	for (size_t a = 0; a < NODES_N; a++) {
		for (size_t b = 0; b < NODES_N; b++)
			cut(a, b, is_cut);
	}
}

/* Only the nodes below @n run, by the API. */
static void
start(size_t n)
{
	nodes.has_udp = nodes.has_api = true;
	for (size_t i = 0; i < NODES_N; i++)
		nodes.api_stops[i] = i >= n;
	for (size_t i = 0; i < n; i++) {
		nodes_start(i);
		nodes_add_link(i, 1, 0);
	}
}

static size_t
holder(void)
{
	assert_int_equal(nodes_holders(0), 1);
	for (size_t n = 0; n < NODES_N; n++) {
		if (nodes.nodes[n].links[1].n_held)
			return n;
	}
	return NODES_N;
}

static void
test_nothing_gets_through(void **state)
{
	(void)state;
	cut_all(true);
	start(3);
	nodes_run(20000);
	holder();
	assert_int_equal(nodes.two_holders_ms[0], 0);
	assert_true(nodes.nodes[0].last_resorts + nodes.nodes[1].last_resorts +
	    nodes.nodes[2].last_resorts >= 2);
}

static void
test_peer_stops(void **state)
{
	size_t was;

	(void)state;
	cut_all(true);
	start(3);
	nodes_run(20000);
	was = holder();
	nodes_crash(was);
	nodes.api_stale[was] = true; /* its ServiceL2Status stays, and its Lease is fresh */
	for (int i = 0; i < 20; i++) {
		nodes_run(500);
		assert_int_equal(nodes_holders(0), 0);
	}
	nodes.api_stops[was] = true;
	nodes_run(8000);
	assert_int_not_equal(holder(), was);
}

static void
test_asks_end(void **state)
{
	size_t asks;

	(void)state;
	start(2); /* node 2 never runs a daemon */
	nodes_run(65000);
	asks = nodes.nodes[0].asks;
	assert_true(asks > 10);
	nodes_run(60000);
	assert_int_equal(nodes.nodes[0].asks, asks);
	/* a VIP without a holder is a reason to ask again for a while */
	nodes_set_link(0, 1, false);
	nodes_set_link(1, 1, false);
	nodes_set_link(0, 1, true);
	nodes_set_link(1, 1, true);
	nodes_run(40000);
	assert_true(nodes.nodes[0].asks > asks);
	asks = nodes.nodes[0].asks;
	nodes_run(60000);
	assert_int_equal(nodes.nodes[0].asks, asks);
}

static void
test_silent_peer_is_dead(void **state)
{
	size_t was;

	(void)state;
	start(2);
	nodes_run(8000);
	was = holder();
	nodes.api_stale[was] = true; /* the API still says that it runs, and holds the VIP */
	nodes_crash(was);
	nodes_run(460);
	assert_int_not_equal(holder(), was);
}

static void
test_two_claims_at_once(void **state)
{
	(void)state;
	cut_all(true);
	start(3);
	nodes.has_api = false;
	nodes_run(8000);
	assert_int_equal(nodes_holders(0), 3); /* nobody knows of the others */
	nodes.has_api = true;
	nodes_run(5000);
	assert_int_equal(nodes.nodes[holder()].drops, 0);
	nodes.two_holders_ms[0] = 0;
	nodes_run(20000);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

static void
test_first_in_rank_does_not_claim(void **state)
{
	size_t was;

	(void)state;
	start(3);
	nodes_run(8000);
	was = holder(); /* it ranks first */
	for (size_t n = 0; n < 3; n++)
		nodes_crash(n);
	nodes.api_holds[was] = false;
	nodes_start((was + 1) % 3); /* the daemon of the first node hangs, though its pod is Ready */
	nodes.api_stops[(was + 2) % 3] = true;
	nodes_run(5200);
	assert_int_equal(nodes_holders(0), 0);
	nodes_run(1500);
	assert_int_equal(holder(), (was + 1) % 3);
	/* the first node has had its chance: the next free VIP does not wait for it again */
	nodes_set_link((was + 1) % 3, 1, false);
	nodes_run(500);
	nodes_set_link((was + 1) % 3, 1, true);
	nodes_run(1000);
	assert_int_equal(holder(), (was + 1) % 3);
}

/* The hellos of node 1 arrive at node 0, but not the hellos of node 0 at node 1. */
static void
test_one_way(void **state)
{
	(void)state;
	cut(0, 1, true);
	start(2);
	nodes_run(400);
	assert_int_equal(nodes_alive(0, 1), 0);
	assert_int_equal(nodes.nodes[0].mac_reports[0x11], 1); /* but node 1 is no stranger */
	nodes_run(11600);
	holder();
	nodes.two_holders_ms[0] = 0;
	for (int i = 0; i < 4; i++) {
		nodes_set_link(0, 1, false);
		nodes_run(300 + 500 * i);
		nodes_set_link(0, 1, true);
		nodes_run(8000);
		holder();
		nodes_crash(1);
		nodes_run(100);
		nodes_start(1);
		nodes_run(12000);
		holder();
	}
	assert_in_range(nodes.two_holders_ms[0], 0, 4 * 5000);
}

static void
test_link_was_down(void **state)
{
	size_t was;

	(void)state;
	start(2);
	nodes_run(8000);
	was = holder();
	cut(1 - was, was, true);
	for (int i = 0; i < 5; i++) {
		nodes_set_link(1 - was, 1, false);
		nodes_run(200);
		nodes_set_link(1 - was, 1, true);
		nodes_run(2000);
		assert_int_equal(holder(), was); /* its hellos arrive, but cannot be proved */
	}
	assert_int_equal(nodes.two_holders_ms[0], 0);
	nodes.api_stale[was] = true;
	nodes_crash(was); /* no hellos arrive any more: it is dead, whatever the API says */
	nodes_run(1500);
	assert_int_equal(holder(), 1 - was);
}

#define NODES_TEST(name, fn) { name, fn, nodes_set_up, nodes_tear_down, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NODES_TEST("if no hello gets through, one node holds the VIP",
		    test_nothing_gets_through),
		NODES_TEST("nothing is taken from a peer that was never heard until the API gives up",
		    test_peer_stops),
		NODES_TEST("the API server is not asked for ever about a node without a daemon",
		    test_asks_end),
		NODES_TEST("a peer that was heard and falls silent is dead, whatever the API says",
		    test_silent_peer_is_dead),
		NODES_TEST("of holders that never heard each other, the first in rank keeps the VIP",
		    test_two_claims_at_once),
		NODES_TEST("a free VIP is left for 5 s, once, to a node that ranks first",
		    test_first_in_rank_does_not_claim),
		NODES_TEST("the API decides if hellos get through in one direction only",
		    test_one_way),
		NODES_TEST("a peer that cannot prove itself after our link was down keeps its VIP",
		    test_link_was_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
