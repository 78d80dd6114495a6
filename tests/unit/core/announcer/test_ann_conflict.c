/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "unit.h"

/*
 * Another host claims an address of this node.  The tests check the frames that this node sends and
 * the conflicts that it reports.  If an address is added at 10 ms, its claim ends at 4410 ms.
 */
#define CLAIMED "10 1:round.9 10 1:probe.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 " \
		"4410 1:round.9 4410 1:probe.9 "
#define CLAIMED6 "10 1:round:9 10 1:probe:9 1110 1:round:9 2210 1:round:9 3310 1:round:9 " \
		 "4410 1:round:9 4410 1:probe:9 "

static const struct conflict_case {
	const char *name;
	enum ann_policy policy;
	struct ann_step script[14];
	const char *want;
	int64_t until_ms; /* time at which the script ends; 0: 6,000 ms */
} conflicts[] = {
	{ "the first and the last round of a claim send a probe", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 } }, CLAIMED },
	{ "every round while holding sends a probe",
	    POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 } },
	    CLAIMED "53355 1:round.9 53355 1:probe.9 ", 60000 },
	{ "a claim by another host is defended at once, and reported with the next probe",
	    POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5001, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 ", 7000 },
	{ "a conflict is reported earlier if the host claims the address again", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6050, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6050 1:defended.9<03 6100 1:probe.9 ", 7000 },
	{ "a conflict is probed every 5 s, and ends after 20 s of silence",
	    POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 11100 1:probe.9 "
		    "16100 1:probe.9 "
		    "21100 1:probe.9 26100 1:over.9<03 26100 1:round.9 26100 1:probe.9 ",
	    40000 },
	{ "a host that keeps claiming is answered by a defence every 10 s at most", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 11105, ANSWER, 1, 9 },
		{ 14999, CLAIM, 1, 9 }, { 15000, CLAIM, 1, 9 }, { 24999, CLAIM, 1, 9 },
		{ 25000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 11100 1:probe.9 "
		    "15000 1:defend.9 16100 1:probe.9 21100 1:probe.9 25000 1:defend.9 ",
	    26000 },
	{ "a host that has the address is found by the probe of the first round", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 } },
	    "10 1:round.9 10 1:probe.9 11 1:defend.9 1110 1:round.9 1110 1:probe.9 "
	    "1111 1:defended.9<03 ",
	    2000 },
	{ "a single claim while claiming is not reported, it may be from the last holder",
	    POLICY_DEFEND, { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:probe.9 11 1:defend.9 1110 1:round.9 1110 1:probe.9 2210 1:round.9 "
	    "2210 1:probe.9 3310 1:round.9 3310 1:probe.9 4410 1:round.9 4410 1:probe.9 "
	    "9410 1:probe.9 "
	    "14410 1:probe.9 19410 1:probe.9 24410 1:round.9 24410 1:probe.9 ",
	    30000 },
	{ "conflicts on two addresses are defended independently", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 5500, ADD, 1, 8 }, { 5500, ADD, 1, 9 }, { 5600, CLAIM, 1, 9 },
		{ 5700, CLAIM, 1, 8 } },
	    "5500 1:round.8 5500 1:probe.8 5500 1:round.9 5500 1:probe.9 5600 1:defend.9 "
	    "5700 1:defend.8 " },
	{ "a link that goes down ends the conflict", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6200, DOWN, 1 },
		{ 6300, UP, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 6200 1:over.9<03 "
		    "6300 1:round.9 "
		    "6300 1:probe.9 ",
	    7000 },
	{ "removing the address ends the conflict without a report", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6200, REMOVE, 1, 9 },
		{ 6300, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 ", 40000 },

	{ "with policy yield the first claim is defended, and its first second counts as one",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5900, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 ", 7000 },
	{ "a yielded address is probed after 60 s, and yielded again if a host answers",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 6200, REQUEST, 1, 9 }, { 6300, CLAIM, 1, 9 }, { 66102, ANSWER, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 6101 1:yielded.9<03 "
		    "66101 1:probe.9 126102 1:probe.9 127102 1:probe.9 128102 1:probe.9 "
		    "129102 1:over.9<03 129102 1:round.9 129102 1:probe.9 ",
	    130000 },
	{ "a yielded address is claimed again if no host answers three probes", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 68000, REQUEST, 1, 9 }, { 69200, REQUEST, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 6101 1:yielded.9<03 "
		    "66101 1:probe.9 67101 1:probe.9 68101 1:probe.9 69101 1:over.9<03 "
		    "69101 1:round.9 "
		    "69101 1:probe.9 69200 1:answer.9>03 ",
	    70000 },
	{ "with policy yield a claim 10 s after a defence is defended again", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 15000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 11100 1:probe.9 "
		    "15000 1:defend.9 ",
	    16000 },
	{ "an address is yielded while claiming, too", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 } },
	    "10 1:round.9 10 1:probe.9 11 1:defend.9 1110 1:round.9 1110 1:probe.9 "
	    "1111 1:yielded.9<03 " },
	{ "the owner's policy for an address overrides the default", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 7 }, { 11, ANSWER, 1, 7 }, { 1111, ANSWER, 1, 7 } },
	    "10 1:round.7 10 1:probe.7 11 1:defend.7 1110 1:round.7 1110 1:probe.7 "
	    "1111 1:yielded.7<03 " },
	{ "a link that comes up again claims its yielded addresses", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 }, { 1111, ANSWER, 1, 9 },
		{ 1200, DOWN, 1 }, { 5500, UP, 1 } },
	    "10 1:round.9 10 1:probe.9 11 1:defend.9 1110 1:round.9 1110 1:probe.9 "
	    "1111 1:yielded.9<03 "
	    "1200 1:over.9<03 5500 1:round.9 5500 1:probe.9 " },

	{ "a claim by a peer is no conflict", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 4000, CLAIM, 1, 9 },
		{ 4500, CLAIM, 1, 9 }, { 5600, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:probe.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4300 1:round.9 "
	    "4300 1:probe.9 5300 1:round.9 5300 1:probe.9 6300 1:round.9 6300 1:probe.9 ",
	    7000 },
	{ "a round follows 300 ms after a peer announced an address that this node holds",
	    POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 10000, CLAIM, 1, 9 },
		{ 10001, CLAIM, 1, 9 }, { 10310, CLAIM, 1, 9 } },
	    CLAIMED "10300 1:round.9 10300 1:probe.9 11300 1:round.9 11300 1:probe.9 ",
	    20000 },
	{ "a round follows the end of a partition, even if this node is alone", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 9000, ALONE, 1, 1 },
		{ 10000, REANNOUNCE, 1, 9 }, { 10100, REANNOUNCE, 1, 9 } },
	    CLAIMED "10300 1:round.9 10300 1:probe.9 ", 20000 },
	{ "a peer's announcement does not delay the first round of a claim", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 10, CLAIM, 1, 9 },
		{ 10, REANNOUNCE, 1, 9 } },
	    CLAIMED, 6000 },
	{ "a round of a claim is delayed to the round that follows a partition", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 4350, REANNOUNCE, 1, 9 },
		{ 4400, CLAIM, 1, 9 } },
	    "10 1:round.9 10 1:probe.9 1110 1:round.9 2210 1:round.9 3310 1:round.9 4650 1:round.9 "
	    "4650 1:probe.9 ",
	    7000 },
	{ "an earlier answer of the peer does not suppress the round after a partition",
	    POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 4411, ANSWER, 1, 9 },
		{ 4420, REANNOUNCE, 1, 9 } },
	    CLAIMED "4720 1:round.9 4720 1:probe.9 ", 30000 },
	{ "no round follows if the peer has become the holder", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 10000, CLAIM, 1, 9 },
		{ 10010, REMOVE, 1, 9 } },
	    CLAIMED, 20000 },
	{ "no round follows a peer's announcement if this node may be the isolated one",
	    POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 9000, ALONE, 1, 1 },
		{ 10000, CLAIM, 1, 9 } },
	    CLAIMED, 20000 },
	{ "a round follows a peer's announcement of an IPv6 address, too", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD6, 1, 9 }, { 10000, CLAIM6, 1, 9 } },
	    CLAIMED6 "10300 1:round:9 10300 1:probe:9 ", 20000 },
	{ "a single answer of a peer while the address moves is no conflict", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 },
		{ 4411, ANSWER, 1, 9 } },
	    CLAIMED "5511 1:probe.9 10511 1:probe.9 15511 1:probe.9 20511 1:probe.9 "
		    "25511 1:round.9 "
		    "25511 1:probe.9 ",
	    30000 },
	{ "a peer that answers again after a second has the address in its kernel", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 4411, ANSWER, 1, 9 },
		{ 5512, ANSWER, 1, 9 }, { 10513, ANSWER, 1, 9 } },
	    CLAIMED "5511 1:probe.9 5512 1:kernel.9<03 10511 1:probe.9 15511 1:probe.9 "
		    "20511 1:probe.9 "
		    "25511 1:probe.9 30511 1:probe.9 35511 1:over.9<03 35511 1:round.9 "
		    "35511 1:probe.9 ",
	    40000 },
	{ "arplet on a peer that holds the address, too, may answer for longer than a second",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, PEER, 1, 1 }, { 10, ADD, 1, 9 }, { 4411, ANSWER, 1, 9 },
		{ 5511, PEER_HOLDS, 1, 1 }, { 5512, ANSWER, 1, 9 } },
	    CLAIMED "5511 1:probe.9 10511 1:probe.9 15511 1:probe.9 20511 1:probe.9 "
		    "25511 1:round.9 25511 1:probe.9 ",
	    30000 },
	{ "a conflict ends unreported if the host turns out to be a peer", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5100, PEER, 1, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:round.9 6100 1:probe.9 ", 20000 },
	{ "a claim by a former peer is a conflict", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 5, PEER, 1, 1 }, { 5, PEER, 1, 1 }, { 6, PEER, 1, 0 },
		{ 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 " },

	{ "an answer of a proxy host is no conflict", POLICY_YIELD,
	    { { 5, UP, 1 }, { 6, PROXY, 1, 1 }, { 10, ADD, 1, 9 }, { 11, ANSWER, 1, 9 },
		{ 900, ANSWER, 1, 9 }, { 4411, ANSWER, 1, 9 }, { 5400, ANSWER, 1, 9 } },
	    CLAIMED, 20000 },
	{ "an announcement by a proxy host is defended every 10 s, even with policy yield",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 6, PROXY, 1, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 },
		{ 5001, CLAIM, 1, 9 }, { 8000, CLAIM, 1, 9 }, { 14999, CLAIM, 1, 9 },
		{ 15000, CLAIM, 1, 9 } },
	    CLAIMED "5000 1:defend.9 15000 1:defend.9 ", 20000 },
	{ "a conflict ends unreported if the host turns out to be a proxy host", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 5005, PROXY, 1, 1 },
		{ 6100, CLAIM, 1, 9 }, { 10000, PROXY, 1, 0 } },
	    CLAIMED "5000 1:defend.9 5005 1:round.9 5005 1:probe.9 ", 20000 },
	{ "an address that was yielded to a proxy host is claimed again at once", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 6200, PROXY, 1, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 6101 1:yielded.9<03 "
		    "6200 1:over.9<03 6200 1:round.9 6200 1:probe.9 ",
	    7000 },
	{ "an address that is probed after a yield is claimed again if a proxy host answers",
	    POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD, 1, 9 }, { 5000, CLAIM, 1, 9 }, { 6101, ANSWER, 1, 9 },
		{ 66102, PROXY, 1, 1 } },
	    CLAIMED "5000 1:defend.9 6100 1:defended.9<03 6100 1:probe.9 6101 1:yielded.9<03 "
		    "66101 1:probe.9 66102 1:over.9<03 66102 1:round.9 66102 1:probe.9 ",
	    66200 },
	{ "a conflict with a proxy host ends during a claim, and for IPv6", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 11, ANSWER6, 1, 9 }, { 12, PROXY, 1, 1 },
		{ 1111, ANSWER6, 1, 9 } },
	    "10 1:round:9 10 1:probe:9 11 1:round:9 1110 1:round:9 2210 1:round:9 3310 1:round:9 "
	    "4410 1:round:9 4410 1:probe:9 ", 20000 },
	{ "an IPv6 address is defended by an NA with the override flag", POLICY_DEFEND,
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 5000, CLAIM6, 1, 9 }, { 6101, ANSWER6, 1, 9 },
		{ 15000, CLAIM6, 1, 9 } },
	    CLAIMED6 "5000 1:round:9 6100 1:defended:9<03 6100 1:probe:9 11100 1:probe:9 "
		     "15000 1:round:9 ",
	    16000 },
	{ "an IPv6 address is yielded, probed and claimed again like IPv4", POLICY_YIELD,
	    { { 5, UP, 1 }, { 10, ADD6, 1, 9 }, { 5000, CLAIM6, 1, 9 }, { 6101, ANSWER6, 1, 9 },
		{ 6200, REQUEST6, 1, 9 }, { 66102, REQUEST6, 1, 9 } },
	    CLAIMED6 "5000 1:round:9 6100 1:defended:9<03 6100 1:probe:9 6101 1:yielded:9<03 "
		     "66101 1:probe:9 67101 1:probe:9 68101 1:probe:9 69101 1:over:9<03 "
		     "69101 1:round:9 "
		     "69101 1:probe:9 ",
	    70000 },
};

static void
check_conflict(void **state)
{
	const struct conflict_case *c = *state;

	start_with_probes(c->policy);
	run_script(c->script, c->until_ms ? c->until_ms : 6000, c->want);
}

static void
keep(void *arg, const struct ann_status *seen)
{
	*(struct ann_status *)arg = *seen;
}

static void
test_a_fifth_host_replaces_the_one_with_the_fewest_frames(void **state)
{
	struct arp arp = arp_notice(ARP_GRATUITOUS_REPLY, &MAC_BROADCAST,
	    &(struct ip){ IPV4, { 10, 0, 0, 9 } });
	struct ann_status seen;

	(void)state;
	start_with_probes(POLICY_DEFEND);
	apply(UP, 1, 0);
	apply(ADD, 1, 9);
	for (uint8_t host = 1; host <= 5; host++) {
		for (uint8_t i = 0; i < (host == 2 ? 1 : host + 1); i++) {
			arp.sender_mac = arp.ether_src = (struct mac){ { 2, 9, [5] = host } };
			announcer_on_arp(lan.a, 1, &arp, 1);
		}
	}
	announcer_each(lan.a, keep, &seen);
	assert_int_equal(seen.n_hosts, ANN_HOSTS_MAX);
	assert_int_equal(seen.hosts[0].frames, 2);
	assert_int_equal(seen.hosts[1].mac.b[5], 5); /* replaces host 2 */
	assert_int_equal(seen.hosts[1].frames, 6);
	assert_int_equal(seen.conflicts, 2 + 1 + 4 + 5 + 6);
	announcer_free(lan.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fifth_host_replaces_the_one_with_the_fewest_frames),
	};

	return UNIT_TABLE("conflicts", conflicts, check_conflict) +
	    cmocka_run_group_tests_name("conflicting hosts", tests, NULL, NULL);
}
