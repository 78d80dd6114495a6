/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/prober.h"
#include "core/announcer/frame_log.h"
#include "unit.h"

static struct {
	struct prober *p;
	int64_t now_ms;
	char log[4096];
} lan;

static const struct link link1 = { .ifindex = 1, .mac = { { 2, [5] = 1 } } };
static const struct link link2 = { .ifindex = 2, .mac = { { 2, [5] = 2 } } };
static const struct mac host = { { 2, [5] = 9 } };

/* Adds a line with the time and an event to lan.log. */
#define log_event(...) frame_log(lan.log, sizeof(lan.log), lan.now_ms, __VA_ARGS__)

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct arp arp;
	struct ndp ndp;

	(void)arg;
	if (family == IPV4) {
		assert_int_equal(arp_parse(frame, len, &arp), 0);
		assert_int_equal(arp.sender_ip.b[0], 0);
		log_event("%d?%d ", ifindex, arp.target_ip.b[3]);
	} else {
		assert_int_equal(ndp_parse(frame, len, &ndp), 0);
		assert_int_equal(ndp.type, NDP_SOLICITATION);
		log_event("%d?%d ", ifindex, ndp.target.b[15]);
	}
	return 0;
}

static void
on_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	(void)arg;
	log_event("%s%d ", used_by ? "used" : "free", ip->b[ip_len(ip->family) - 1]);
}

static struct ip
ip_of(uint8_t n)
{
	return n < 100 ? (struct ip){ IPV4, { 10, 0, 0, n } } : (struct ip){ IPV6, { 0xfd, [15] = n } };
}

static void
run_until(int64_t until_ms)
{
	int64_t next_ms;

	while ((next_ms = prober_next_ms(lan.p)) < until_ms) {
		if (next_ms > lan.now_ms)
			lan.now_ms = next_ms;
		prober_tick(lan.p, lan.now_ms);
		assert_true(prober_next_ms(lan.p) > lan.now_ms);
	}
	lan.now_ms = until_ms;
}

/*
 * PLAN: the probe plan contains only address @n, on link 1.  PLAN_BOTH: on links 1 and 2.
 * PLAN_NONE: the plan is empty.  CLAIM: a host claims address @n, or answers a probe.
 * FORGET: the prober forgets the results of addresses that the host uses; FORGET_ALL: of all addresses.
 * In the log, "50 1?7" is a probe of address 7 on link 1 at 50 ms; "free7" and "used7" are results.
 */
enum event { END, PLAN, PLAN_BOTH, PLAN_NONE, CLAIM, FORGET, FORGET_ALL };

static const struct probe_case {
	const char *name;
	struct {
		int64_t at_ms;
		enum event event;
		uint8_t n;
	} script[8];
	const char *want;
	int64_t until_ms; /* time at which the script ends; 0: 1,000 ms */
} probes[] = {
	{ "an address is free after 100 ms without an answer, and is probed three times",
	    { { 50, PLAN, 7 } },
	    "50 1?7 150 free7 150 1?7 250 1?7 " },
	{ "an IPv6 address is probed three times",
	    { { 50, PLAN, 107 } }, "50 1?107 150 free107 150 1?107 250 1?107 " },
	{ "an address is probed on each of its links", { { 50, PLAN_BOTH, 7 } },
	    "50 1?7 50 2?7 150 free7 150 1?7 150 2?7 250 1?7 250 2?7 " },
	{ "an address is used if a host answers the first probe",
	    { { 50, PLAN, 7 }, { 51, CLAIM, 7 } },
	    "50 1?7 51 used7 150 1?7 250 1?7 " },
	{ "a free address becomes used if a host answers a later probe",
	    { { 50, PLAN, 7 }, { 251, CLAIM, 7 } },
	    "50 1?7 150 free7 150 1?7 250 1?7 251 used7 " },
	{ "a free address becomes used if a host claims it later",
	    { { 50, PLAN, 7 }, { 900, CLAIM, 7 } },
	    "50 1?7 150 free7 150 1?7 250 1?7 900 used7 " },
	{ "an address is probed again after five minutes, and a changed result is reported",
	    { { 50, PLAN, 7 }, { 51, CLAIM, 7 } },
	    "50 1?7 51 used7 150 1?7 250 1?7 300350 1?7 300450 1?7 300550 1?7 300650 free7 ",
	    301000 },
	{ "an unchanged result is not reported again",
	    { { 50, PLAN, 7 }, { 300351, PLAN_NONE, 0 } },
	    "50 1?7 150 free7 150 1?7 250 1?7 300350 1?7 ", 301000 },
	{ "an address that stays in the plan is not restarted, one that leaves it is dropped",
	    { { 50, PLAN, 7 }, { 60, PLAN, 7 }, { 160, PLAN, 8 } },
	    "50 1?7 150 free7 150 1?7 160 1?8 260 free8 260 1?8 360 1?8 " },
	{ "an address whose host is forgotten is probed again at once",
	    { { 50, PLAN, 7 }, { 51, CLAIM, 7 }, { 60, FORGET, 7 } },
	    "50 1?7 51 used7 60 1?7 160 free7 160 1?7 260 1?7 " },
	{ "a free address is probed again only if all results are forgotten",
	    { { 50, PLAN, 7 }, { 400, FORGET, 7 }, { 500, FORGET_ALL, 107 }, { 600, FORGET_ALL, 7 } },
	    "50 1?7 150 free7 150 1?7 250 1?7 600 1?7 700 free7 700 1?7 800 1?7 " },
	{ "a claim of an address outside the plan is ignored", { { 50, CLAIM, 7 } }, "" },
};

static void
check_probe(void **state)
{
	static const struct prober_ops ops = { on_send, on_result };
	const struct link *links[] = { &link1, &link2 };
	const struct probe_case *c = *state;

	memset(&lan, 0, sizeof(lan));
	lan.p = prober_new(&ops, NULL);
	for (size_t i = 0; c->script[i].event != END; i++) {
		struct ip ip = ip_of(c->script[i].n);

		run_until(c->script[i].at_ms);
		if (c->script[i].event == CLAIM) {
			prober_on_claim(lan.p, &ip, &host);
			continue;
		}
		if (c->script[i].event == FORGET || c->script[i].event == FORGET_ALL) {
			prober_forget(lan.p, ip.family, c->script[i].event == FORGET ? &host : NULL,
			    lan.now_ms);
			continue;
		}
		prober_plan_begin(lan.p);
		if (c->script[i].event != PLAN_NONE)
			prober_plan_add(lan.p, &ip, links, c->script[i].event == PLAN ? 1 : 2,
			    lan.now_ms);
		prober_plan_end(lan.p);
	}
	run_until(c->until_ms ? c->until_ms : 1000);
	assert_string_equal(lan.log, c->want);
	prober_free(lan.p);
}

static size_t sent, known; /* number of sent probes, and of addresses that are free */

static int
count_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	(void)arg, (void)ifindex, (void)family, (void)frame, (void)len;
	sent++;
	return 0;
}

static void
count_free(void *arg, const struct ip *ip, const struct mac *used_by)
{
	(void)arg, (void)ip;
	known += !used_by;
}

static void
test_a_thousand_results_are_known_100_ms_after_their_first_probe(void **state)
{
	static const struct prober_ops ops = { count_send, count_free };
	const struct link *links[] = { &link1 };
	struct ip ips[1];

	(void)state;
	memset(&lan, 0, sizeof(lan));
	known = 0;
	lan.p = prober_new(&ops, NULL);
	prober_plan_begin(lan.p);
	for (size_t i = 0; i < 1000; i++) {
		struct ip ip = { IPV4, { 10, 0, (uint8_t)(i / 256), (uint8_t)i } };

		prober_plan_add(lan.p, &ip, links, 1, 0);
	}
	prober_plan_end(lan.p);
	for (int64_t ms = 100; ms <= 2000; ms += 100) {
		run_until(ms);
		assert_in_range(sent, 0, 2000 * ms / 1000 + PROBER_PACE_FRAMES);
		if (ms > PROBER_SILENCE_MS && ms <= 600)
			assert_in_range(known,
			    2 * (ms - PROBER_SILENCE_MS) - PROBER_PACE_FRAMES, 1000);
	}
	assert_int_equal(sent, 3000);
	assert_int_equal(known, 1000);
	assert_int_equal(prober_addresses(lan.p, 1, IPV4, ips, 1), 1000);
	assert_int_equal(ips[0].b[3], 0);
	assert_int_equal(prober_addresses(lan.p, 1, IPV6, ips, 1), 0);
	assert_int_equal(prober_addresses(lan.p, 2, IPV4, ips, 1), 0);
	prober_free(lan.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_thousand_results_are_known_100_ms_after_their_first_probe),
	};

	return UNIT_TABLE("probes", probes, check_probe) +
	    cmocka_run_group_tests_name("many probes", tests, NULL, NULL);
}
