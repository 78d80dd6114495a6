/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/announcer.h"
#include "unit.h"

#include <string.h>

/* Rounds of announcements for 1,000 addresses of a link: their order, and how many at once. */
#define MANY 1000
#define LATE MANY /* index of an address that is claimed later than the other 1,000 */

static struct {
	int64_t first_ms, last_ms;
	unsigned int rounds;
	size_t order; /* how many addresses were first announced before this address */
} sent[MANY + 1];

static struct {
	size_t started;
	int64_t window_ms, longest_ms;
	unsigned int in_window, window_max;
	bool repeat_before_first;
} crowd;

static struct announcer *announcer;
static int64_t now_ms;

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct arp arp;
	size_t i;

	(void)arg, (void)ifindex, (void)family;
	assert_int_equal(arp_parse(frame, len, &arp), 0);
	if (arp.op == ARP_REPLY || !arp.sender_ip.b[0])
		return 0; /* counts gratuitous requests only: a round sends one of them */
	i = (size_t)arp.target_ip.b[2] * 256 + arp.target_ip.b[3];
	if (now_ms >= crowd.window_ms + 10) {
		crowd.window_ms = now_ms;
		crowd.in_window = 0;
	}
	assert_true(++crowd.in_window <= crowd.window_max);
	if (!sent[i].rounds++) {
		sent[i].first_ms = now_ms;
		sent[i].order = crowd.started++;
	} else if (crowd.started < MANY) {
		crowd.repeat_before_first = true;
	}
	if (sent[i].last_ms && now_ms - sent[i].last_ms > crowd.longest_ms)
		crowd.longest_ms = now_ms - sent[i].last_ms;
	if (sent[i].last_ms)
		assert_true(now_ms - sent[i].last_ms >= 1100);
	sent[i].last_ms = now_ms;
	return 0;
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	(void)arg, (void)ifindex, (void)ip, (void)conflict, (void)other;
	fail();
}

static void
run_until(int64_t until_ms)
{
	int64_t next_ms;

	while ((next_ms = announcer_next_ms(announcer)) < until_ms) {
		if (next_ms > now_ms)
			now_ms = next_ms;
		announcer_tick(announcer, now_ms);
	}
	now_ms = until_ms;
}

static void
start_crowd(const struct announcer_opts *opts)
{
	static const struct announcer_ops ops = { on_send, on_conflict };
	const struct link link = { .ifindex = 1, .up = true, .ether = true, .mac = { { 2 } } };

	memset(&crowd, 0, sizeof(crowd));
	memset(sent, 0, sizeof(sent));
	crowd.window_max = 10;
	announcer = announcer_new(&ops, NULL, opts);
	now_ms = 1000;
	announcer_set_link(announcer, &link, now_ms);
	for (size_t i = 0; i < MANY; i++) { /* not sorted by address */
		size_t n = i * 7 % MANY;
		struct ip ip = { IPV4, { 10, 0, (uint8_t)(n / 256), (uint8_t)n } };

		announcer_add(announcer, &ip, 1, now_ms);
	}
}

static void
test_a_thousand_addresses_are_claimed_in_order_within_a_second(void **state)
{
	(void)state;
	start_crowd(&ANNOUNCER_DEFAULTS);
	run_until(1995);
	assert_int_equal(crowd.started, MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(sent[i * 7 % MANY].order, i);
	run_until(12000);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(sent[i].rounds, 5);
	announcer_free(announcer);
}

static void
test_first_rounds_are_sent_before_later_rounds(void **state)
{
	struct announcer_opts opts = ANNOUNCER_DEFAULTS;

	(void)state;
	/* first announcements of 1,000 addresses take 10 s; second ones are due after 1.1 s */
	opts.pace_rounds = 1;
	start_crowd(&opts);
	run_until(60000);
	assert_int_equal(crowd.started, MANY);
	assert_false(crowd.repeat_before_first);
	announcer_free(announcer);
}

static void
test_refreshes_are_sent_every_minute_and_not_all_together(void **state)
{
	unsigned int before[MANY], in_second[80] = { 0 };

	(void)state;
	start_crowd(&ANNOUNCER_DEFAULTS);
	run_until(7000); /* the claims are over */
	for (size_t i = 0; i < MANY; i++)
		before[i] = sent[i].rounds;
	for (int64_t s = 0; s < 60; s++) {
		size_t sum = 0;

		run_until(7000 + (s + 1) * 1000);
		for (size_t i = 0; i < MANY; i++) {
			sum += sent[i].rounds - before[i];
			before[i] = sent[i].rounds;
		}
		in_second[s] = (unsigned int)sum;
	}
	/* announcements are spread over the minute, although all claims began within a second */
	for (size_t s = 0; s < 60; s++)
		assert_true(in_second[s] < MANY / 5);
	run_until(600000);
	assert_in_range(crowd.longest_ms, 45000, 60000 + 200);
	for (size_t i = 0; i < MANY; i++)
		assert_in_range(sent[i].rounds, 5 + 9, 5 + 13);
	announcer_free(announcer);
}

static void
test_rounds_of_other_addresses_do_not_delay_a_claim(void **state)
{
	const struct ip late = { IPV4, { 10, 0, LATE / 256, LATE % 256 } };
	unsigned int rounds = 0;

	(void)state;
	start_crowd(&ANNOUNCER_DEFAULTS);
	run_until(2505); /* second rounds are due, as many as the limit allows */
	assert_true(crowd.in_window == 10 && now_ms < crowd.window_ms + 10);
	crowd.window_max = 11;
	announcer_add(announcer, &late, 1, now_ms);
	assert_true(announcer_next_ms(announcer) <= now_ms);
	announcer_tick(announcer, now_ms);
	assert_int_equal(sent[LATE].first_ms, now_ms);
	for (size_t i = 0; i < MANY; i++)
		rounds -= sent[i].rounds;
	run_until(2519); /* the next 10 ms make up for the eleventh announcement */
	for (size_t i = 0; i < MANY; i++)
		rounds += sent[i].rounds;
	assert_int_equal(rounds, 9);
	announcer_free(announcer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_thousand_addresses_are_claimed_in_order_within_a_second),
		cmocka_unit_test(test_rounds_of_other_addresses_do_not_delay_a_claim),
		cmocka_unit_test(test_first_rounds_are_sent_before_later_rounds),
		cmocka_unit_test(test_refreshes_are_sent_every_minute_and_not_all_together),
	};

	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
