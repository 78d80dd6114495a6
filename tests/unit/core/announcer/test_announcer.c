/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "unit.h"

static const struct life_case {
	const char *name;
	struct ann_step script[12];
	const char *want;
	int64_t until_ms; /* time at which the script ends; 0: 6,000 ms */
} lives[] = {
	{ "a claim is five rounds, 1.1 s apart", { { 5, UP, 1 }, { 10, ADD, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 " },
	{ "an address is claimed when its link appears", { { 10, ADD, 1, 9 }, { 5000, UP, 1 } },
	    "5000 1:round.9 " },
	{ "an address is claimed when its link comes up",
	    { { 5, DOWN, 1 }, { 10, ADD, 1, 9 }, { 5000, UP, 1 } },
	    "5000 1:round.9 " },
	{ "an address is claimed on its own link only",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5000, ADD, 2, 9 } }, "5000 2:round.9 " },
	{ "adding an address twice does not restart its claim",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 1500, ADD, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 ", 3000 },
	{ "setting an unchanged link does not restart a claim",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 1500, UP, 1 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 ", 3000 },
	{ "a removed address is neither announced nor answered for",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, REMOVE, 1, 9 }, { 30, REQUEST, 1, 9 } },
	    "10 1:round.9 " },
	{ "an address that is removed at once is never announced",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 10, REMOVE, 1, 9 } }, "" },
	{ "removing an unknown address does nothing",
	    { { 5, UP, 1 }, { 10, REMOVE, 1, 9 }, { 10, REMOVE, 2, 9 } }, "" },
	{ "a link that comes up again restarts the claims of its addresses",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, DOWN, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 "
	    "5500 1:round.9 6600 1:round.9 7700 1:round.9 8800 1:round.9 9900 1:round.9 ",
	    12000 },
	{ "a link that goes down ends the rounds",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, DOWN, 1 } }, "10 1:round.9 " },
	{ "a held address is not answered for while its link is down",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, DOWN, 1 }, { 5010, REQUEST, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 ", 70000 },
	{ "a link that is deleted ends the rounds",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, GONE, 1 } },
	    "10 1:round.9 " },
	{ "addresses are claimed again on a link that is deleted and created again",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, GONE, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 5500 1:round.9 " },
	{ "a new MAC of the link is announced at once",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 500, MAC, 1, 0x77 }, { 501, REQUEST, 1, 9 } },
	    "10 1:round.9 500 1:round.9 501 1:answer.9>03 1600 1:round.9 ", 2000 },
	{ "a new MAC while holding restarts the claim with all rounds",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, MAC, 1, 0x77 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 "
	    "5000 1:round.9 6100 1:round.9 7200 1:round.9 8300 1:round.9 9400 1:round.9 ",
	    12000 },
	{ "a request is answered to its sender",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, REQUEST, 1, 9 } },
	    "5500 1:round.9 5600 1:answer.9>03 " },
	{ "a request is answered before the first round is sent",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5500, REQUEST, 1, 9 } },
	    "5500 1:answer.9>03 5500 1:round.9 " },
	{ "a probe is answered to its sender",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, PROBE, 1, 9 } },
	    "5500 1:round.9 5600 1:answer.9>03 " },
	{ "a request for another address is not answered",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, REQUEST, 1, 8 } }, "5500 1:round.9 " },
	{ "a request on another link is not answered",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 1, 9 }, { 5600, REQUEST, 2, 9 } },
	    "5500 1:round.9 " },
	{ "a request on an unknown link is not answered", { { 5500, REQUEST, 7, 9 } }, "" },
	{ "a request on a link that is down is not answered",
	    { { 5, DOWN, 1 }, { 10, ADD, 1, 9 }, { 20, REQUEST, 1, 9 } },
	    "" },
	{ "our own claim, sent again by a repeater, is no conflict",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, REPEATED, 1, 9 } }, "5500 1:round.9 " },
	{ "a claim that this node forwarded as a bridge is no conflict",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, RELAYED, 1, 9 } }, "5500 1:round.9 " },
	{ "our own claim, received again, is no conflict",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, ECHO, 1, 9 } }, "5500 1:round.9 " },
	{ "our own claim, received on another link, is no conflict",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 " },
	{ "a claim from the MAC of a deleted link is a conflict",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5550, GONE, 1 },
		{ 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 5600 2:defend.9 " },
	{ "a claim from a former MAC of a link is a conflict",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5550, MAC, 1, 0x77 },
		{ 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 5600 2:defend.9 " },
	{ "an IPv6 address is claimed in five rounds", { { 5, UP, 1 }, { 10, ADD6, 1, 9 } },
	    "10 1:round:9 1110 1:round:9 2210 1:round:9 3310 1:round:9 4410 1:round:9 " },
	{ "an NA comes from the VIP itself while the link has no link-local address",
	    { { 5, UP_NO_LINK_LOCAL, 1 }, { 4000, ADD6, 1, 9 }, { 4500, UP, 1 } },
	    "4000 1:round:9! 5100 1:round:9 " },
	{ "an NS is answered to its sender",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, REQUEST6, 1, 9 } },
	    "5500 1:round:9 5600 1:answer:9>03 " },
	{ "an NS for another address is not answered",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, REQUEST6, 1, 8 } }, "5500 1:round:9 " },
	{ "an NS on another link is not answered",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD6, 1, 9 }, { 5600, REQUEST6, 2, 9 } },
	    "5500 1:round:9 " },
	{ "an NS on an unknown link is not answered", { { 5500, REQUEST6, 7, 9 } }, "" },
	{ "an NS on a link that is down is not answered",
	    { { 5, DOWN, 1 }, { 10, ADD6, 1, 9 }, { 20, REQUEST6, 1, 9 } },
	    "" },
	{ "an NS for a removed address is not answered",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 20, REMOVE6, 1, 9 }, { 30, REQUEST6, 1, 9 } },
	    "10 1:round:9 " },
	{ "an IPv6 probe is answered to all nodes, like a round",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, PROBE6, 1, 9 } },
	    "5500 1:round:9 5600 1:round:9 " },
	{ "our own NA, received again, is no conflict",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD6, 2, 9 }, { 5600, ECHO6, 2, 9 } },
	    "5500 2:round:9 " },
	{ "a new MAC of the link is announced by an NA at once",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 500, MAC, 1, 0x77 }, { 501, REQUEST6, 1, 9 } },
	    "10 1:round:9 500 1:round:9 501 1:answer:9>03 1600 1:round:9 ", 2000 },
	{ "a link that comes up again claims the addresses of both families",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 15, ADD, 1, 9 }, { 500, DOWN, 1 },
		{ 5500, UP, 1 } },
	    "10 1:round:9 15 1:round.9 5500 1:round.9 5500 1:round:9 " },
	{ "an address waits for a socket of its family only",
	    { { 5, UP, 1 }, { 6, SOCKET6_CLOSED, 1 }, { 5000, ADD, 1, 9 }, { 5001, ADD6, 1, 9 },
		{ 5002, REQUEST6, 1, 9 }, { 5500, SOCKET6_OPEN, 1 } },
	    "5000 1:round.9 5500 1:round:9 " },
	{ "IPv4 addresses without a socket wait while IPv6 is answered",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 10, ADD6, 1, 9 }, { 20, SOCKET_CLOSED, 1 },
		{ 500, REQUEST, 1, 9 }, { 501, REQUEST6, 1, 9 }, { 600, SOCKET_OPEN, 1 } },
	    "10 1:round.9 10 1:round:9 501 1:answer:9>03 600 1:round.9 ", 1000 },
	{ "reporting an open socket twice does not restart a claim",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 500, SOCKET6_OPEN, 1 } }, "10 1:round:9 ", 1000 },
	{ "an open socket does not bring a link up",
	    { { 5, DOWN, 1 }, { 10, ADD6, 1, 9 }, { 500, SOCKET6_CLOSED, 1 },
		{ 501, SOCKET6_OPEN, 1 } },
	    "" },
	{ "a closed socket of an unknown link is ignored",
	    { { 5, SOCKET6_CLOSED, 1 }, { 10, UP, 1 }, { 5500, ADD6, 1, 9 } },
	    "5500 1:round:9 " },
	{ "a frame that the kernel does not send is sent again in the next round",
	    { { 5, UP, 1 }, { 10, SEND_FAILS }, { 4000, ADD, 1, 9 } },
	    "4000 1:refused 4000 1:refused 4000 1:refused 5100 1:refused 5100 1:refused " },
};

static void
check_life(void **state)
{
	const struct life_case *c = *state;

	start();
	run_script(c->script, c->until_ms ? c->until_ms : 6000, c->want);
}

static void
count_seen(void *arg, const struct ann_status *seen)
{
	struct ann_status *sum = arg;

	assert_true(ip_cmp(&sum->ip, &seen->ip) < 0); /* sorted */
	*sum = *seen;
}

static void
test_announcer_each_reports_states_and_counters(void **state)
{
	struct ann_status seen = { 0 };
	struct ip ips[1];

	(void)state;
	start();
	apply(ADD, 1, 9);
	announcer_each(lan.a, count_seen, &seen);
	assert_int_equal(seen.state, ANN_ELECTED);
	apply(UP, 1, 0);
	run_until(2000); /* two rounds */
	apply(REQUEST, 1, 9);
	apply(CLAIM, 1, 9);
	apply(CLAIM, 1, 9); /* defended once, counted twice */
	lan.send_fails = true;
	apply(REQUEST, 1, 9);
	apply(REQUEST, 1, 8);
	seen = (struct ann_status){ 0 };
	announcer_each(lan.a, count_seen, &seen);
	assert_int_equal(seen.state, ANN_CLAIMING);
	assert_int_equal(seen.requests, 2);
	assert_int_equal(seen.answers, 1);
	assert_int_equal(seen.gratuitous, 4);
	assert_int_equal(seen.conflicts, 2);
	assert_int_equal(seen.hosts[0].mac.b[5], 3);
	run_until(6000);
	seen = (struct ann_status){ 0 };
	announcer_each(lan.a, count_seen, &seen);
	assert_int_equal(seen.state, ANN_HOLDING);
	assert_int_equal(seen.gratuitous, 4); /* frames that the kernel refused do not count */
	apply(ADD, 1, 4);
	apply(ADD6, 1, 7);
	assert_int_equal(announcer_addresses(lan.a, 1, IPV4, ips, 1), 2);
	assert_int_equal(ips[0].b[3], 4);
	assert_int_equal(announcer_addresses(lan.a, 1, IPV6, ips, 1), 1);
	assert_int_equal(ips[0].b[15], 7);
	assert_int_equal(announcer_addresses(lan.a, 2, IPV4, ips, 1), 0);
	announcer_free(lan.a);
}

static void
test_announcer_each_counts_ipv6_frames(void **state)
{
	struct ann_status seen = { 0 };

	(void)state;
	start();
	apply(ADD6, 1, 9);
	apply(UP, 1, 0);
	run_until(2000); /* two rounds */
	apply(REQUEST6, 1, 9);
	apply(PROBE6, 1, 9);
	apply(CLAIM6, 1, 9);
	lan.send_fails = true;
	apply(REQUEST6, 1, 9);
	run_until(6000);
	announcer_each(lan.a, count_seen, &seen);
	assert_int_equal(seen.state, ANN_HOLDING);
	assert_int_equal(seen.requests, 3);
	assert_int_equal(seen.answers, 2);
	assert_int_equal(seen.gratuitous, 2);
	assert_int_equal(seen.conflicts, 1);
	assert_int_equal(seen.hosts[0].mac.b[5], 3);
	announcer_free(lan.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announcer_each_reports_states_and_counters),
		cmocka_unit_test(test_announcer_each_counts_ipv6_frames),
	};

	return UNIT_TABLE("lives", lives, check_life) +
	    cmocka_run_group_tests_name("announcer_each", tests, NULL, NULL);
}
