/* SPDX-License-Identifier: Apache-2.0 */
#include "link_nodes.h"
#include "unit.h"

#include <string.h>

/* Hellos as UDP, on LANs that drop multicast hellos. */

static void
cut(bool which[NODES_N][NODES_N], bool value)
{
	memset(which, value, NODES_N * NODES_N * sizeof(bool));
}

static void
start(size_t n)
{
	nodes.has_udp = true;
	for (size_t i = 0; i < n; i++) {
		nodes_start(i);
		nodes_add_link(i, 1, 0);
	}
	nodes_run(8000);
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
assert_all_alive(size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(nodes_alive(i, 1), n - 1);
}

static size_t
udp_sent(void)
{
	return nodes.nodes[0].udp_sent + nodes.nodes[1].udp_sent + nodes.nodes[2].udp_sent;
}

static void
test_multicast_works(void **state)
{
	size_t sent;

	(void)state;
	start(3);
	sent = udp_sent();
	assert_in_range(sent, 3, 60); /* until multicast was proved in both directions */
	nodes_run(60000);
	assert_int_equal(udp_sent(), sent);
	assert_int_equal(nodes.nodes[0].carrier_reports, 0);
}

static void
test_no_multicast(void **state)
{
	size_t was, deaths;

	(void)state;
	cut(nodes.cut[0], true);
	start(3);
	assert_all_alive(3);
	assert_int_equal(nodes.two_holders_ms[0], 0);
	for (size_t n = 1; n < 3; n++)
		assert_int_equal(nodes.nodes[0].carrier[n], HELLO_UDP);
	assert_int_equal(nodes.nodes[0].carrier_reports, 2);
	deaths = nodes_stats(0)->peer_deaths;
	nodes_run(60000);
	assert_int_equal(nodes_stats(0)->peer_deaths, deaths);
	was = holder();
	nodes_crash(was);
	nodes_run(460);
	assert_int_not_equal(holder(), was); /* as fast as with multicast */
	nodes_start(was);
	nodes_run(460);
	assert_all_alive(3);
	nodes_run(6000);
	assert_int_not_equal(holder(), was);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

static void
test_multicast_stops_later(void **state)
{
	(void)state;
	start(3);
	cut(nodes.cut[0], true);
	nodes_run(10000);
	assert_all_alive(3);
	for (size_t n = 0; n < 3; n++)
		assert_int_equal(nodes_stats(n)->peer_deaths, 0);
	assert_int_equal(nodes.nodes[0].carrier[1], HELLO_UDP);
	/* multicast works again */
	cut(nodes.cut[0], false);
	nodes_run(10000);
	assert_int_equal(nodes.nodes[0].carrier[1], HELLO_MULTICAST);
	assert_int_equal(nodes.nodes[0].carrier_reports, 4);
	udp_sent();
	for (size_t i = 0, sent = udp_sent(); i < 10; i++) {
		nodes_run(1000);
		assert_int_equal(udp_sent(), sent);
	}
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

static void
test_one_way_multicast(void **state)
{
	int64_t sent;

	(void)state;
	nodes.cut[0][0][1] = nodes.cut[0][0][2] = true; /* the hellos of node 0 leave only by UDP */
	start(3);
	assert_all_alive(3);
	assert_int_equal(nodes.two_holders_ms[0], 0);
	assert_int_equal(nodes.nodes[0].carrier[1], HELLO_UDP);
	assert_int_equal(nodes.nodes[1].carrier[0], HELLO_UDP);
	assert_int_equal(nodes.nodes[1].carrier[2], HELLO_MULTICAST);
	sent = nodes.nodes[0].links[1].sent;
	nodes_run(10000);
	assert_in_range(nodes.nodes[0].links[1].sent - sent, 99, 101); /* no polls are necessary */
	for (size_t n = 0; n < 3; n++)
		assert_int_equal(nodes_stats(n)->peer_deaths, 0);
}

static void
test_no_udp(void **state)
{
	(void)state;
	cut(nodes.cut_udp[0], true); /* a firewall drops it */
	start(3);
	assert_all_alive(3);
	assert_int_equal(nodes.nodes[0].carrier_reports, 0);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

/* A poll by UDP keeps a peer alive whose multicast hellos stop just now. */
static void
test_switch_of_carriers(void **state)
{
	(void)state;
	start(2);
	for (int i = 0; i < 20; i++) {
		cut(nodes.cut[0], true);
		nodes_run(1000 + 7 * i);
		cut(nodes.cut[0], false);
		cut(nodes.cut_udp[0], true);
		nodes_run(1000 + 3 * i);
		cut(nodes.cut_udp[0], false);
	}
	assert_int_equal(nodes_stats(0)->peer_deaths + nodes_stats(1)->peer_deaths, 0);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

static void
test_poll(void **state)
{
	int64_t sent;
	size_t udp;

	(void)state;
	start(3);
	sent = nodes.nodes[0].links[1].sent;
	while (nodes.nodes[0].links[1].sent == sent)
		nodes_run(1);
	nodes.cut[0][0][1] = true;
	udp = nodes.nodes[1].udp_sent;
	nodes_run(218);
	assert_int_equal(nodes.nodes[1].udp_sent, udp);
	nodes_run(14); /* the peer is late: a poll by both carriers, and the answer */
	assert_true(nodes.nodes[1].udp_sent > udp);
	nodes_run(20);
	assert_int_equal(nodes.nodes[0].udp_sent > 0, true);
	nodes_run(2000);
	assert_int_equal(nodes_stats(1)->peer_deaths + nodes_stats(0)->peer_deaths, 0);
}

static void
test_silent_node(void **state)
{
	size_t sent;

	(void)state;
	start(2); /* node 2 has a Node object, but no daemon */
	nodes_run(120000);
	sent = nodes.nodes[0].udp_sent;
	nodes_run(60000);
	assert_in_range(nodes.nodes[0].udp_sent - sent, 10, 13);
	/* it starts on a LAN without multicast, and is found at once */
	cut(nodes.cut[0], true);
	nodes_start(2);
	nodes_add_link(2, 1, 0);
	nodes_run(100);
	assert_all_alive(3);
}

static void
test_partition(void **state)
{
	(void)state;
	cut(nodes.cut[0], true);
	start(2);
	for (int i = 0; i < 5; i++) {
		cut(nodes.cut_udp[0], true);
		nodes_run(150000 + 1100 * i);
		assert_int_equal(nodes_holders(0), 2);
		cut(nodes.cut_udp[0], false);
		nodes_run(1200);
		assert_all_alive(2);
		nodes_run(1000);
		holder();
	}
}

/* Node 0 receives nothing; node 1 still receives its hellos, only by UDP. */
static void
test_deaf_without_multicast(void **state)
{
	(void)state;
	cut(nodes.cut[0], true);
	start(2);
	nodes.cut_udp[0][1][0] = true;
	nodes_run(60000);
	assert_int_equal(nodes_stats(1)->peer_deaths, 0);
	holder();
}

static void
test_relay_to_udp(void **state)
{
	struct node_link *link = &nodes.nodes[0].links[1];

	(void)state;
	start(2);
	nodes_crash(0);
	nodes_run(1000);
	for (int i = 0; i < 10; i++) {
		(void)!election_on_hello(nodes.nodes[1].e, 1, HELLO_UDP,
		    link->last + HELLO_ETHER_LEN, link->last_len - HELLO_ETHER_LEN, nodes.now_ms,
		    nodes.now_ms);
		nodes_run(50);
		assert_int_equal(nodes_alive(1, 1), 0);
	}
	assert_int_equal(holder(), 1);
}

#define NODES_TEST(name, fn) { name, fn, nodes_set_up, nodes_tear_down, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NODES_TEST("where multicast works, no hello is sent as UDP after the start",
		    test_multicast_works),
		NODES_TEST("without multicast, UDP elects one holder, and fails over as fast",
		    test_no_multicast),
		NODES_TEST("no peer dies when multicast stops, and UDP ends when it returns",
		    test_multicast_stops_later),
		NODES_TEST("a node whose multicast hellos are lost sends UDP",
		    test_one_way_multicast),
		NODES_TEST("without UDP, multicast is enough", test_no_udp),
		NODES_TEST("no peer dies while the carriers alternate", test_switch_of_carriers),
		NODES_TEST("a late peer is polled by UDP before it is declared dead", test_poll),
		NODES_TEST("a node without a daemon gets a hello every 5 s", test_silent_node),
		NODES_TEST("after a long partition without multicast, nodes meet within a second",
		    test_partition),
		NODES_TEST("a node that receives nothing stays alive for its peers",
		    test_deaf_without_multicast),
		NODES_TEST("a multicast hello that is sent again as UDP revives no peer",
		    test_relay_to_udp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
