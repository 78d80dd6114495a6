/* SPDX-License-Identifier: Apache-2.0 */
#include "link_nodes.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

/* A hello counts only on the LAN on which it was sent, and only if it is new. */

/* Starts @n nodes whose links 1 are on LAN 0, and lets them elect a holder. */
static void
start_on_one_lan(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		nodes_start(i);
		nodes_add_link(i, 1, 0);
	}
	nodes_run(7000);
	assert_int_equal(nodes_holders(0), 1);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

static size_t
holder_on(int lan)
{
	for (size_t n = 0; n < NODES_N; n++) {
		for (int i = 1; i <= NODES_LINKS; i++) {
			const struct node_link *link = &nodes.nodes[n].links[i];

			if (link->lan == lan && link->n_held)
				return n;
		}
	}
	fail_msg("no holder on LAN %d", lan);
	return 0;
}

/* Two nodes are on LAN 0 and on LAN 1, but LAN 1 is split. */
static void
start_on_two_lans(void)
{
	nodes.cut[1][0][1] = nodes.cut[1][1][0] = true;
	for (size_t n = 0; n < 2; n++) {
		nodes_start(n);
		nodes_add_link(n, 1, 0);
		nodes_add_link(n, 2, 1);
	}
}

static void
test_relay_at_once(void **state)
{
	(void)state;
	nodes.relay_from = 0;
	nodes.relay_to = 1;
	start_on_two_lans();
	nodes_run(7000);
	for (size_t n = 0; n < 2; n++) {
		assert_int_equal(nodes_alive(n, 1), 1);
		assert_int_equal(nodes_alive(n, 2), 0); /* the relayed hellos make no peer */
		assert_int_equal(nodes.nodes[n].links[2].n_held, 1);
		assert_true(nodes_stats(n)->other_link > 60);
		assert_int_equal(nodes_stats(n)->peer_deaths, 0);
	}
	assert_int_equal(nodes_holders(0), 1);
}

static void
test_relay_beside_real_hellos(void **state)
{
	(void)state;
	nodes.relay_from = 0;
	nodes.relay_to = 1;
	start_on_two_lans();
	memset(nodes.cut, 0, sizeof(nodes.cut));
	nodes_run(7000);
	for (int lan = 0; lan < 2; lan++) {
		assert_int_equal(nodes_holders(lan), 1);
		assert_int_equal(nodes.two_holders_ms[lan], 0);
	}
	/* on LAN 1 the holder dies: its relayed hellos of LAN 0 do not keep it alive */
	size_t holder = holder_on(1);

	nodes_del_link(holder, 2);
	nodes_run(400);
	assert_int_equal(holder_on(1), 1 - holder);
}

static void
test_replay_later(void **state)
{
	uint8_t frames[2][40][HELLO_FRAME_MAX];
	size_t lens[2][40];

	(void)state;
	start_on_two_lans();
	nodes_run(3000);
	for (size_t i = 0; i < 40; i++) {
		nodes_run(100);
		for (size_t n = 0; n < 2; n++) {
			lens[n][i] = nodes.nodes[n].links[1].last_len;
			memcpy(frames[n][i], nodes.nodes[n].links[1].last, lens[n][i]);
		}
	}
	for (size_t i = 0; i < 40; i++) {
		for (size_t n = 0; n < 2; n++)
			assert_true(nodes_receive(n, 2, frames[1 - n][i], lens[1 - n][i]) < 0);
		nodes_run(20);
		assert_int_equal(nodes_alive(0, 2) + nodes_alive(1, 2), 0);
	}
	assert_true(nodes_stats(0)->other_link >= 40);
}

static void
test_wrong_mac(void **state)
{
	struct node_link *link = &nodes.nodes[0].links[1];
	uint8_t frame[HELLO_FRAME_MAX];
	size_t len;

	(void)state;
	start_on_one_lan(2);
	nodes.cut[0][0][1] = true;
	nodes_run(100);
	len = link->last_len;
	memcpy(frame, link->last, len);
	frame[6 + 5] ^= 1;
	assert_int_equal(nodes_receive(1, 1, frame, len), -EADDRNOTAVAIL);
	assert_int_equal(nodes_stats(1)->wrong_mac, 1);
	assert_int_equal(nodes_receive(1, 1, link->last, len), 0);
}

static void
test_interface_made_again(void **state)
{
	(void)state;
	start_on_one_lan(3);
	for (int i = 0; i < 6; i++) {
		size_t holder = holder_on(0);

		nodes_del_link(holder, 1);
		nodes_run(i * 20);
		nodes_add_link(holder, 1, 0);
		nodes_run(60);
		for (size_t n = 0; n < 3; n++)
			assert_int_equal(nodes_alive(n, 1), 2);
		nodes_run(2000);
		assert_int_equal(nodes_holders(0), 1);
		assert_int_equal(nodes.two_holders_ms[0], 0);
	}
}

static void
test_new_mac(void **state)
{
	struct mac *mac = &nodes.nodes[1].links[1].mac;
	uint8_t old = mac->b[5];

	(void)state;
	start_on_one_lan(2);
	old = mac->b[5];
	assert_int_equal(nodes.nodes[0].mac_reports[old], 1);
	mac->b[5] = 0x99;
	nodes_set_link(1, 1, true);
	nodes_run(60);
	assert_int_equal(nodes.nodes[0].mac_reports[0x99], 1);
	nodes_run(600);
	assert_int_equal(nodes.nodes[0].mac_reports[old], 0);
	assert_int_equal(nodes_stats(0)->peer_deaths, 0);
}

static void
test_two_links_on_one_lan(void **state)
{
	const struct ip vip = NODES_VIP;

	(void)state;
	start_on_one_lan(2);
	nodes_add_link(0, 2, 0);
	nodes_run(3000);
	assert_int_equal(nodes_alive(1, 1), 1);
	assert_int_equal(nodes_alive(0, 1) + nodes_alive(0, 2), 2);
	assert_int_equal(nodes.nodes[1].mac_reports[0x01] + nodes.nodes[1].mac_reports[0x02], 2);
	/* the node holds the VIP on one of its links only: hellos of the other link end no claim */
	nodes_crash(1);
	nodes_run(1000);
	election_withdraw(nodes.nodes[0].e, 2, &vip, nodes.now_ms);
	nodes_start(1);
	nodes.two_holders_ms[0] = 0;
	nodes_run(3000);
	assert_int_equal(holder_on(0), 0);
	assert_int_equal(nodes.two_holders_ms[0], 0);
	assert_int_equal(nodes.nodes[1].links[1].n_held, 0);
	/* the link that holds the VIP is deleted; the other link keeps the peer alive */
	nodes_del_link(0, 1);
	nodes_run(700);
	assert_int_equal(holder_on(0), 1);
	assert_int_equal(nodes_alive(1, 1), 1);
}

static void
test_vouched(void **state)
{
	(void)state;
	nodes.cut[0][0][1] = true; /* node 1 receives no hello of node 0 */
	for (size_t n = 0; n < 3; n++) {
		nodes_start(n);
		nodes_add_link(n, 1, 0);
	}
	nodes_run(800);
	assert_int_equal(nodes_alive(0, 1), 2); /* node 2 vouches for node 1 */
	assert_int_equal(nodes_alive(1, 1), 1);
	nodes_run(6000);
	nodes.two_holders_ms[0] = 0;
	nodes_run(2000);
	assert_int_equal(nodes.two_holders_ms[0], 0);
}

/* A third node that lists a dead peer for a moment longer vouches for none of its old hellos. */
static void
test_not_vouched(void **state)
{
	struct node_link *link = &nodes.nodes[0].links[1];
	uint8_t frame[HELLO_FRAME_MAX];
	size_t len;

	(void)state;
	start_on_one_lan(3);
	nodes.cut[0][0][1] = nodes.cut[0][0][2] = true;
	nodes_run(100); /* the others lose this hello, and the attacker records it */
	len = link->last_len;
	memcpy(frame, link->last, len);
	nodes_crash(0);
	nodes.cut[0][0][1] = false; /* node 2 still lists the old start, until the dead time ends */
	nodes_start(0);
	nodes_run(50);
	assert_int_equal(nodes_alive(1, 1), 2);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(nodes_receive(1, 1, frame, len), -EALREADY);
		nodes_run(10);
	}
}

static void
test_replay_after_link_was_down(void **state)
{
	uint8_t frames[20][HELLO_FRAME_MAX];
	size_t lens[20];
	struct node_link *link = &nodes.nodes[0].links[1];

	(void)state;
	start_on_one_lan(2);
	nodes.cut[0][0][1] = nodes.cut[0][1][0] = true;
	nodes_set_link(1, 1, false);
	for (size_t i = 0; i < 20; i++) {
		nodes_run(100);
		lens[i] = link->last_len;
		memcpy(frames[i], link->last, lens[i]);
	}
	nodes_crash(0);
	nodes_set_link(1, 1, true);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(nodes_receive(1, 1, frames[i], lens[i]), -EALREADY);
		nodes_run(100);
		assert_int_equal(nodes_alive(1, 1), 0);
	}
	assert_int_equal(holder_on(0), 1);
}

static void
test_answers_are_bounded(void **state)
{
	const struct hello_key key = nodes_key();
	struct hello hello = { .src = { { 2, 0, 0, 0, 9, 9 } }, .interval_ms = 100, .dead_ms = 350 };
	uint8_t frame[HELLO_FRAME_MAX];
	int64_t sent;

	(void)state;
	start_on_one_lan(2);
	sent = nodes.nodes[0].links[1].sent;
	for (uint32_t i = 0; i < 10000; i++) {
		strcpy(hello.node, i % 2 ? "n2" : "n1");
		hello.nonce = i;
		hello.start_s = 1600000000 + i;
		hello.link_nonce = 77 * i;
		hello.seq = i;
		(void)!nodes_receive(0, 1, frame, hello_build(&hello, &key, frame));
		if (i % 10 == 0)
			nodes_run(1);
	}
	/* 1,000 replayed hellos in 100 ms: at most one hello in 10 ms answers */
	assert_in_range(nodes.nodes[0].links[1].sent - sent, 9, 102);
	assert_int_equal(nodes_alive(0, 1), 1);
	/* a real peer that starts meanwhile is found at once */
	nodes_start(2);
	nodes_add_link(2, 1, 0);
	for (uint32_t i = 0; i < 10000; i++) {
		hello.link_nonce = hello.nonce = 1000000 + i;
		(void)!nodes_receive(0, 1, frame, hello_build(&hello, &key, frame));
		if (i % 100 == 0)
			nodes_run(1);
	}
	assert_int_equal(nodes_alive(0, 1), 2);
}

#define NODES_TEST(name, fn) { name, fn, nodes_set_up, nodes_tear_down, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NODES_TEST("hellos that are relayed at once to another LAN make no peer",
		    test_relay_at_once),
		NODES_TEST("relayed hellos do no harm beside the real hellos of the LAN",
		    test_relay_beside_real_hellos),
		NODES_TEST("hellos that are sent later on another LAN make no peer",
		    test_replay_later),
		NODES_TEST("a frame whose source is not the signed MAC is refused", test_wrong_mac),
		NODES_TEST("an interface that is made again has its peers back within 60 ms",
		    test_interface_made_again),
		NODES_TEST("the new MAC of a peer is known with its next hello", test_new_mac),
		NODES_TEST("a node with two links on one LAN is one peer",
		    test_two_links_on_one_lan),
		NODES_TEST("a peer vouches for a node that does not receive our hellos",
		    test_vouched),
		NODES_TEST("a peer that still lists a dead node does not vouch for its old hellos",
		    test_not_vouched),
		NODES_TEST("hellos recorded while our link was down are refused",
		    test_replay_after_link_was_down),
		NODES_TEST("a flood of replayed hellos causes few hellos, and hides no new peer",
		    test_answers_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
