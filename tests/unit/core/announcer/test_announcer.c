/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "unit.h"

static const struct life_case {
	const char *name;
	struct lan_step script[12];
	const char *want;
	int64_t until_ms; /* 0: 6 s */
} lives[] = {
	{ "a claim is five rounds, 1.1 s apart", { { 5, UP, 1 }, { 10, ADD, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 " },
	{ "an address waits for its link", { { 10, ADD, 1, 9 }, { 5000, UP, 1 } },
	    "5000 1:round.9 " },
	{ "or for its link to be up", { { 5, DOWN, 1 }, { 10, ADD, 1, 9 }, { 5000, UP, 1 } },
	    "5000 1:round.9 " },
	{ "it is claimed on its link alone",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5000, ADD, 2, 9 } }, "5000 2:round.9 " },
	{ "adding it again changes nothing",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 1500, ADD, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 ", 3000 },
	{ "nor does a link that is set again as it was",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 1500, UP, 1 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 ", 3000 },
	{ "nothing is said after it was removed",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, REMOVE, 1, 9 }, { 30, ASK, 1, 9 } },
	    "10 1:round.9 " },
	{ "nor before its round, when it was removed at once",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 10, REMOVE, 1, 9 } }, "" },
	{ "removing what is not there is fine",
	    { { 5, UP, 1 }, { 10, REMOVE, 1, 9 }, { 10, REMOVE, 2, 9 } }, "" },
	{ "a link that comes back has its addresses claimed from the start",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, DOWN, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 "
	    "5500 1:round.9 6600 1:round.9 7700 1:round.9 8800 1:round.9 9900 1:round.9 ",
	    12000 },
	{ "nothing is said on a link that is down",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, DOWN, 1 } }, "10 1:round.9 " },
	{ "nor answered, though it was held",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, DOWN, 1 }, { 5010, ASK, 1, 9 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 ", 70000 },
	{ "nor on one that is gone", { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, GONE, 1 } },
	    "10 1:round.9 " },
	{ "a link that was deleted and made again is claimed on again",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 20, GONE, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 5500 1:round.9 " },
	{ "a new MAC is said at once",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 500, MAC, 1, 0x77 }, { 501, ASK, 1, 9 } },
	    "10 1:round.9 500 1:round.9 501 1:answer.9>03 1600 1:round.9 ", 2000 },
	{ "while holding too, and then all rounds again",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, MAC, 1, 0x77 } },
	    "10 1:round.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4410 1:round.9 "
	    "5000 1:round.9 6100 1:round.9 7200 1:round.9 8300 1:round.9 9400 1:round.9 ",
	    12000 },
	{ "a request is answered, to who asked",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, ASK, 1, 9 } },
	    "5500 1:round.9 5600 1:answer.9>03 " },
	{ "before the first round has gone out, too",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5500, ASK, 1, 9 } },
	    "5500 1:answer.9>03 5500 1:round.9 " },
	{ "and a probe", { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, PROBE, 1, 9 } },
	    "5500 1:round.9 5600 1:answer.9>03 " },
	{ "not for another address",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, ASK, 1, 8 } }, "5500 1:round.9 " },
	{ "nor on another link",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 1, 9 }, { 5600, ASK, 2, 9 } },
	    "5500 1:round.9 " },
	{ "nor on a link that nobody knows", { { 5500, ASK, 7, 9 } }, "" },
	{ "nor while the link is down", { { 5, DOWN, 1 }, { 10, ADD, 1, 9 }, { 20, ASK, 1, 9 } },
	    "" },
	{ "an echo through a repeater is no claim of another",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, REPEATED, 1, 9 } }, "5500 1:round.9 " },
	{ "nor is what we relayed ourselves",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, RELAYED, 1, 9 } }, "5500 1:round.9 " },
	{ "an echo of our own claim is none",
	    { { 5, UP, 1 }, { 5500, ADD, 1, 9 }, { 5600, ECHO, 1, 9 } }, "5500 1:round.9 " },
	{ "not even through another link of ours",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 " },
	{ "it is one when that link is not ours any more",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5550, GONE, 1 },
		{ 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 5600 2:defend.9 " },
	{ "or has another MAC now",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD, 2, 9 }, { 5550, MAC, 1, 0x77 },
		{ 5600, ECHO, 2, 9 } },
	    "5500 2:round.9 5600 2:defend.9 " },
	{ "an IPv6 address is claimed in five rounds, too", { { 5, UP, 1 }, { 10, ADD6, 1, 9 } },
	    "10 1:round:9 1110 1:round:9 2210 1:round:9 3310 1:round:9 4410 1:round:9 " },
	{ "from the address itself when the link has none",
	    { { 5, UP_BARE, 1 }, { 4000, ADD6, 1, 9 }, { 4500, UP, 1 } },
	    "4000 1:round:9! 5100 1:round:9 " },
	{ "a solicitation is answered",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, ASK6, 1, 9 } },
	    "5500 1:round:9 5600 1:answer:9>03 " },
	{ "not for another address",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, ASK6, 1, 8 } }, "5500 1:round:9 " },
	{ "nor on another link",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD6, 1, 9 }, { 5600, ASK6, 2, 9 } },
	    "5500 1:round:9 " },
	{ "nor on a link that nobody knows", { { 5500, ASK6, 7, 9 } }, "" },
	{ "nor while the link is down", { { 5, DOWN, 1 }, { 10, ADD6, 1, 9 }, { 20, ASK6, 1, 9 } },
	    "" },
	{ "nor after it was removed",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 20, REMOVE6, 1, 9 }, { 30, ASK6, 1, 9 } },
	    "10 1:round:9 " },
	{ "a probe is answered to all nodes, as a round is",
	    { { 5, UP, 1 }, { 5500, ADD6, 1, 9 }, { 5600, PROBE6, 1, 9 } },
	    "5500 1:round:9 5600 1:round:9 " },
	{ "an echo of our own is not",
	    { { 5, UP, 1 }, { 5, UP, 2 }, { 5500, ADD6, 2, 9 }, { 5600, ECHO6, 2, 9 } },
	    "5500 2:round:9 " },
	{ "a new MAC is advertised at once",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 500, MAC, 1, 0x77 }, { 501, ASK6, 1, 9 } },
	    "10 1:round:9 500 1:round:9 501 1:answer:9>03 1600 1:round:9 ", 2000 },
	{ "both families of a link go their way",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 15, ADD, 1, 9 }, { 500, DOWN, 1 },
		{ 5500, UP, 1 } },
	    "10 1:round:9 15 1:round.9 5500 1:round.9 5500 1:round:9 " },
	{ "without a socket for its family an address waits, and the other does not",
	    { { 5, UP, 1 }, { 6, DEAF6, 1 }, { 5000, ADD, 1, 9 }, { 5001, ADD6, 1, 9 },
		{ 5002, ASK6, 1, 9 }, { 5500, HEARS6, 1 } },
	    "5000 1:round.9 5500 1:round:9 " },
	{ "in either direction",
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 10, ADD6, 1, 9 }, { 20, DEAF, 1 },
		{ 500, ASK, 1, 9 }, { 501, ASK6, 1, 9 }, { 600, HEARS, 1 } },
	    "10 1:round.9 10 1:round:9 501 1:answer:9>03 600 1:round.9 ", 1000 },
	{ "to hear again what was heard already changes nothing",
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 500, HEARS6, 1 } }, "10 1:round:9 ", 1000 },
	{ "nor does it bring a link up",
	    { { 5, DOWN, 1 }, { 10, ADD6, 1, 9 }, { 500, DEAF6, 1 }, { 501, HEARS6, 1 } }, "" },
	{ "or make one", { { 5, DEAF6, 1 }, { 10, UP, 1 }, { 5500, ADD6, 1, 9 } },
	    "5500 1:round:9 " },
	{ "a frame that the kernel refuses is said again in the next round",
	    { { 5, UP, 1 }, { 10, NO_FRAME }, { 4000, ADD, 1, 9 } },
	    "4000 1:refused 4000 1:refused 4000 1:refused 5100 1:refused 5100 1:refused " },
};

static void
check_life(void **state)
{
	const struct life_case *c = *state;

	start();
	tell(c->script, c->until_ms ? c->until_ms : 6000, c->want);
}

static void
count_seen(void *arg, const struct ann_status *seen)
{
	struct ann_status *sum = arg;

	assert_true(ip_cmp(&sum->ip, &seen->ip) < 0); /* sorted */
	*sum = *seen;
}

static void
test_counters_and_states_are_told(void **state)
{
	struct ann_status seen = { 0 };
	struct ip ips[1];

	(void)state;
	start();
	happen(ADD, 1, 9);
	announcer_each(lan.a, count_seen, &seen);
	assert_int_equal(seen.state, ANN_ELECTED);
	happen(UP, 1, 0);
	run_until(2000); /* two rounds */
	happen(ASK, 1, 9);
	happen(CLAIM, 1, 9);
	happen(CLAIM, 1, 9); /* defended once, counted twice */
	lan.refuse = true;
	happen(ASK, 1, 9);
	happen(ASK, 1, 8);
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
	assert_int_equal(seen.gratuitous, 4); /* the kernel took no more */
	happen(ADD, 1, 4);
	happen(ADD6, 1, 7);
	assert_int_equal(announcer_addresses(lan.a, 1, IPV4, ips, 1), 2);
	assert_int_equal(ips[0].b[3], 4);
	assert_int_equal(announcer_addresses(lan.a, 1, IPV6, ips, 1), 1);
	assert_int_equal(ips[0].b[15], 7);
	assert_int_equal(announcer_addresses(lan.a, 2, IPV4, ips, 1), 0);
	announcer_free(lan.a);
}

static void
test_frames_of_ipv6_are_counted(void **state)
{
	struct ann_status seen = { 0 };

	(void)state;
	start();
	happen(ADD6, 1, 9);
	happen(UP, 1, 0);
	run_until(2000); /* two rounds */
	happen(ASK6, 1, 9);
	happen(PROBE6, 1, 9);
	happen(CLAIM6, 1, 9);
	lan.refuse = true;
	happen(ASK6, 1, 9);
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
		cmocka_unit_test(test_counters_and_states_are_told),
		cmocka_unit_test(test_frames_of_ipv6_are_counted),
	};

	return UNIT_TABLE("lives", lives, check_life) +
	    cmocka_run_group_tests_name("what others see", tests, NULL, NULL);
}
