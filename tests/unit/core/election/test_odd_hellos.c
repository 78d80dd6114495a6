/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hellos of a proved peer with unusual fields. */

static size_t n_alive;

static void
count_alive(void *arg, const struct peer_view *peer_view)
{
	(void)arg;
	n_alive += peer_view->alive && strcmp(peer_view->node, "n2") == 0;
}

static bool
n2_is_alive(void)
{
	n_alive = 0;
	election_each_peer(lan.nodes[0].e, count_alive, NULL);
	return n_alive;
}

static void
test_intervals_of_zero(void **state)
{
	struct hello peer = scripted_hello();
	uint64_t sent, deaths;

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	lan_run(&lan, 6000);
	peer.interval_ms = peer.dead_ms = 0;
	scripted_prove(&peer);
	peer.seq++;
	lan_run(&lan, 99);
	sent = stats_of(0)->sent;
	deaths = stats_of(0)->peer_deaths;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(scripted_send(&peer), 0);
		assert_true(n2_is_alive());
		lan_run(&lan, 19);
		assert_true(n2_is_alive());
		lan_run(&lan, 81);
		assert_false(n2_is_alive());
	}
	assert_int_equal(stats_of(0)->peer_deaths - deaths, 100);
	/* node 0 sends at most one additional hello for each hello of the peer */
	assert_true(stats_of(0)->sent - sent <= 2 * 100 + 5);
}

static void
test_intervals_of_zero_and_many_pages(void **state)
{
	struct hello peer = scripted_hello();
	char text[IP_TEXT_MAX];
	uint64_t sent;

	(void)state;
	lan_start(&lan, 0);
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "fd00::%x", i);
		lan_want_holder(&lan, text);
	}
	lan_run(&lan, 6000);
	assert_int_equal(lan.nodes[0].n_held, 301);
	sent = stats_of(0)->sent;
	peer.interval_ms = peer.dead_ms = 0;
	scripted_prove(&peer);
	peer.seq++;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(scripted_send(&peer), 0);
		lan_run(&lan, 50);
	}
	/* node 0 does not send all its pages for each hello of the peer */
	assert_true(stats_of(0)->sent - sent < 300);
}

static void
test_intervals_without_end(void **state)
{
	struct hello peer = scripted_hello();

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	scripted_prove(&peer);
	peer.seq++;
	peer.interval_ms = peer.dead_ms = UINT16_MAX;
	peer.n_stable_peers = 1;
	peer.heard[peer.n_heard++] = (struct hello_heard){ 77, 1, HEARD }; /* it is not alone */
	scripted_hold(&peer, 1);
	assert_int_equal(scripted_send(&peer), 0);
	lan_run(&lan, 59900);
	assert_true(n2_is_alive());
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 200);
	assert_false(n2_is_alive());
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 1);
}

/* Returns the term of the only VIP in the last hello of @recording. */
static uint32_t
last_term(const struct recording *recording)
{
	const struct frame *frame = &recording->frames[recording->n - 1];
	const struct hello_key key = lan_key();
	struct hello hello;

	assert_int_equal(hello_parse(frame->bytes, frame->len, &key, &hello), 0);
	assert_int_equal(hello.n_held, 1);
	return hello.held[0].term;
}

static void
test_last_term(void **state)
{
	struct hello peer = scripted_hello();
	size_t holder;
	struct recording *recording;

	(void)state;
	lan_start(&lan, 0);
	lan_start(&lan, 1);
	scripted_prove(&peer);
	peer.seq++;
	peer.n_stable_peers = 1;
	peer.heard[peer.n_heard++] = (struct hello_heard){ 77, 1, HEARD }; /* it is not alone */
	scripted_hold(&peer, UINT32_MAX);
	for (int i = 0; i < 80; i++) {
		assert_int_equal(scripted_send(&peer), 0);
		lan_run(&lan, 100);
	}
	assert_string_equal(lan_holders(&lan, VIP), "");
	lan_run(&lan, 500); /* it is gone */
	assert_int_equal(strlen(lan_holders(&lan, VIP)), 1);
	holder = (size_t)(lan_holders(&lan, VIP)[0] - '0');
	three_record(holder, 2000);
	recording = three_stop_recording(holder);
	assert_int_equal(last_term(recording), UINT32_MAX);
	assert_int_equal(lan.nodes[holder].drops, 0);
	free(recording);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAN_TEST("a peer with a dead time of 0 ms is alive for a moment",
		    test_intervals_of_zero),
		LAN_TEST("a peer with a dead time of 0 ms does not get all pages after each hello",
		    test_intervals_of_zero_and_many_pages),
		LAN_TEST("a peer with a longer dead time is dead after a minute",
		    test_intervals_without_end),
		LAN_TEST("the highest term does not wrap", test_last_term),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
