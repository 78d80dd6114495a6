/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "unit.h"

/*
 * Another host claims an address: what is said to it, and told about it.  An address that is added
 * at 10 ms has been claimed, and is held, from 4410 ms on.
 */
#define CLAIMED "10 1:round.9 10 1:ask.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 " \
		"4410 1:round.9 4410 1:ask.9 "
#define CLAIMED6 "10 1:round:9 10 1:ask:9 1110 1:round:9 2210 1:round:9 3310 1:round:9 " \
		 "4410 1:round:9 4410 1:ask:9 "

static const struct quarrel_case {
	const char *name;
	enum ann_policy policy;
	struct lan_step script[14];
	const char *want;
	int64_t until_ms; /* 0: 6 s */
} quarrels[] = {
	{ "the LAN is asked with the first round of a claim, and with the last", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 } }, CLAIMED },
	{ "and with every later round", POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 } },
	    CLAIMED "53355 1:round.9 53355 1:ask.9 ", 60000 },
	{ "a claim of another host is answered at once, once, and told when it was asked again",
	    POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5001, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 ", 7000 },
	{ "or when it goes on before", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6050, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6050 1:rival.9<03 6100 1:ask.9 ", 7000 },
	{ "it is asked every five seconds, and over when nobody answers for twenty",
	    POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 11100 1:ask.9 16100 1:ask.9 "
		    "21100 1:ask.9 26100 1:over.9<03 26100 1:round.9 26100 1:ask.9 ",
	    40000 },
	{ "a host that goes on is told again after ten seconds, no earlier", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 11105, ANSWER, 1, 9 },
		{ 14999, CLAIM, 1, 9 }, { 15000, CLAIM, 1, 9 }, { 24999, CLAIM, 1, 9 },
		{ 25000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 11100 1:ask.9 "
		    "15000 1:defend.9 16100 1:ask.9 21100 1:ask.9 25000 1:defend.9 ",
	    26000 },
	{ "a silent host that has the address answers the first question", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 } },
	    "10 1:round.9 10 1:ask.9 11 1:defend.9 1110 1:round.9 1110 1:ask.9 1111 1:rival.9<03 ",
	    2000 },
	{ "what is said once during a claim is not told: it may be the last holder's last word",
	    POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:ask.9 11 1:defend.9 1110 1:round.9 1110 1:ask.9 2210 1:round.9 "
	    "2210 1:ask.9 3310 1:round.9 3310 1:ask.9 4410 1:round.9 4410 1:ask.9 9410 1:ask.9 "
	    "14410 1:ask.9 19410 1:ask.9 24410 1:round.9 24410 1:ask.9 ",
	    30000 },
	{ "a quarrel on one address hides none on another", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 5500, ADD, 1, 8 }, { 5500, ADD, 1, 9 }, { 5600, CLAIM, 1, 9 },
		{ 5700, CLAIM, 1, 8 } },
	    "5500 1:round.8 5500 1:ask.8 5500 1:round.9 5500 1:ask.9 5600 1:defend.9 "
	    "5700 1:defend.8 " },
	{ "a link that goes down ends it", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6200, DOWN, 1 },
		{ 6300, UP, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 6200 1:over.9<03 6300 1:round.9 "
		    "6300 1:ask.9 ",
	    7000 },
	{ "removing the address ends it without a word", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6200, REMOVE, 1, 9 },
		{ 6300, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 ", 40000 },

	{ "who yields defends first, too, and what comes in the same second is one claim",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5900, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 ", 7000 },
	{ "then is silent for a minute, asks three times, and is silent again when there is an answer",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 6200, ASK, 1, 9 }, { 6300, CLAIM, 1, 9 }, { 66102, ANSWER, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 6101 1:yield.9<03 "
		    "66101 1:ask.9 126102 1:ask.9 127102 1:ask.9 128102 1:ask.9 "
		    "129102 1:over.9<03 129102 1:round.9 129102 1:ask.9 ",
	    130000 },
	{ "claims again when there is none", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 68000, ASK, 1, 9 }, { 69200, ASK, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 6101 1:yield.9<03 "
		    "66101 1:ask.9 67101 1:ask.9 68101 1:ask.9 69101 1:over.9<03 69101 1:round.9 "
		    "69101 1:ask.9 69200 1:answer.9>03 ",
	    70000 },
	{ "a rival that comes back after ten seconds is told again first", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 15000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:rival.9<03 6100 1:ask.9 11100 1:ask.9 "
		    "15000 1:defend.9 ",
	    16000 },
	{ "it yields during a claim, too", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 } },
	    "10 1:round.9 10 1:ask.9 11 1:defend.9 1110 1:round.9 1110 1:ask.9 1111 1:yield.9<03 " },
	{ "an address may have a policy of its own", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 7 }, { 11, ANSWER, 1, 7 }, { 1111, ANSWER, 1, 7 } },
	    "10 1:round.7 10 1:ask.7 11 1:defend.7 1110 1:round.7 1110 1:ask.7 1111 1:yield.7<03 " },
	{ "a link that was down is claimed on again, whatever was yielded", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 },
		{ 1200, DOWN, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 10 1:ask.9 11 1:defend.9 1110 1:round.9 1110 1:ask.9 1111 1:yield.9<03 "
	    "1200 1:over.9<03 5500 1:round.9 5500 1:ask.9 " },

	{ "a fellow's claim is no conflict", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 4000, CLAIM, 1, 9 },
		{ 4500, CLAIM, 1, 9 }, { 5600, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:ask.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4300 1:round.9 "
	    "4300 1:ask.9 5300 1:round.9 5300 1:ask.9 6300 1:round.9 6300 1:ask.9 ",
	    7000 },
	{ "what he says of an address that stays ours is followed by a round", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 10000, CLAIM, 1, 9 },
		{ 10001, CLAIM, 1, 9 }, { 10310, CLAIM, 1, 9 } },
	    CLAIMED "10300 1:round.9 10300 1:ask.9 11300 1:round.9 11300 1:ask.9 ",
	    20000 },
	{ "so is a cut that has ended, also where nobody else is there", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 9000, LONELY, 1, 1 },
		{ 10000, REMIND, 1, 9 }, { 10100, REMIND, 1, 9 } },
	    CLAIMED "10300 1:round.9 10300 1:ask.9 ", 20000 },
	{ "a round of a claim waits for it", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 4350, REMIND, 1, 9 },
		{ 4400, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:ask.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4650 1:round.9 "
	    "4650 1:ask.9 ",
	    7000 },
	{ "an answer of his before he yielded does not hold it up", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 4411, ANSWER, 1, 9 },
		{ 4420, REMIND, 1, 9 } },
	    CLAIMED "4720 1:round.9 4720 1:ask.9 ", 30000 },
	{ "not where it has become his", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 10000, CLAIM, 1, 9 },
		{ 10010, REMOVE, 1, 9 } },
	    CLAIMED, 20000 },
	{ "nor where it may be us who hear nobody", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 9000, LONELY, 1, 1 },
		{ 10000, CLAIM, 1, 9 } },
	    CLAIMED, 20000 },
	{ "for IPv6 it is the same", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD6, 1, 9 }, { 10000, CLAIM6, 1, 9 } },
	    CLAIMED6 "10300 1:round:9 10300 1:ask:9 ", 20000 },
	{ "nor is an answer of his while the address moves", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 },
		{ 4411, ANSWER, 1, 9 } },
	    CLAIMED "5511 1:ask.9 10511 1:ask.9 15511 1:ask.9 20511 1:ask.9 25511 1:round.9 "
		    "25511 1:ask.9 ",
	    30000 },
	{ "when he answers again, his kernel has the address", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, FELLOW, 1, 1 }, { 10, ADD, 1, 9 }, { 4411, ANSWER, 1, 9 },
		{ 5512, ANSWER, 1, 9 }, { 10513, ANSWER, 1, 9 } },
	    CLAIMED "5511 1:ask.9 5512 1:kernel.9<03 10511 1:ask.9 15511 1:ask.9 20511 1:ask.9 "
		    "25511 1:ask.9 30511 1:ask.9 35511 1:over.9<03 35511 1:round.9 35511 1:ask.9 ",
	    40000 },
	{ "who turns out to be a fellow was none", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5100, FELLOW, 1, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:round.9 6100 1:ask.9 ", 20000 },
	{ "who is no fellow any more is a rival", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 5, FELLOW, 1, 1 }, { 5, FELLOW, 1, 1 }, { 6, FELLOW, 1, 0 },
		{ 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 " },

	{ "for IPv6 the defence is an advertisement that overrides", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 5000, CLAIM6, 1, 9 }, { 6101, ANSWER6, 1, 9 },
		{ 15000, CLAIM6, 1, 9 } },
	    CLAIMED6 "5000 1:round:9 6100 1:rival:9<03 6100 1:ask:9 11100 1:ask:9 "
		     "15000 1:round:9 ",
	    16000 },
	{ "and it is yielded, asked for and claimed again as IPv4 is", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 5000, CLAIM6, 1, 9 }, { 6101, ANSWER6, 1, 9 },
		{ 6200, ASK6, 1, 9 }, { 66102, ASK6, 1, 9 } },
	    CLAIMED6 "5000 1:round:9 6100 1:rival:9<03 6100 1:ask:9 6101 1:yield:9<03 "
		     "66101 1:ask:9 67101 1:ask:9 68101 1:ask:9 69101 1:over:9<03 69101 1:round:9 "
		     "69101 1:ask:9 ",
	    70000 },
};

static void
check_quarrel(void **state)
{
	const struct quarrel_case *c = *state;

	start_asking(c->policy);
	tell(c->script, c->until_ms ? c->until_ms : 6000, c->want);
}

static void
keep(void *arg, const struct ann_status *seen)
{
	*(struct ann_status *)arg = *seen;
}

static void
test_the_quietest_of_many_rivals_is_forgotten(void **state)
{
	struct arp arp = arp_notice(ARP_GRATUITOUS_REPLY, &MAC_BROADCAST,
	    &(struct ip){ IPV4, { 10, 0, 0, 9 } });
	struct ann_status seen;

	(void)state;
	start_asking(POLICY_DEFEND);
	happen(UP, 1, 0);
	happen(ADD, 1, 9);
	for (uint8_t host = 1; host <= 5; host++) {
		for (uint8_t i = 0; i < (host == 2 ? 1 : host + 1); i++) {
			arp.sender_mac = arp.ether_src = (struct mac){ { 2, 9, [5] = host } };
			announcer_on_arp(lan.a, 1, &arp, 1);
		}
	}
	announcer_each(lan.a, keep, &seen);
	assert_int_equal(seen.n_hosts, ANN_HOSTS_MAX);
	assert_int_equal(seen.hosts[0].frames, 2);
	assert_int_equal(seen.hosts[1].mac.b[5], 5); /* in the place of 2 */
	assert_int_equal(seen.hosts[1].frames, 6);
	assert_int_equal(seen.conflicts, 2 + 1 + 4 + 5 + 6);
	announcer_free(lan.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_quietest_of_many_rivals_is_forgotten),
	};

	return UNIT_TABLE("quarrels", quarrels, check_quarrel) +
	    cmocka_run_group_tests_name("rivals", tests, NULL, NULL);
}
