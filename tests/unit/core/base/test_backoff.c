/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/backoff.h"
#include "unit.h"

static const struct pause_case {
	const char *name;
	int64_t first_ms, cap_ms;
	unsigned int failures;
	uint32_t random;
	int64_t want_ms;
} pauses[] = {
	{ "the first failure pauses for the first pause", 200, 30000, 1, 0, 200 },
	{ "the pause doubles with each failure", 200, 30000, 4, 0, 1600 },
	{ "the pause stops at the cap", 200, 30000, 9, 0, 30000 },
	{ "four billion failures pause for the cap", 200, 30000, UINT32_MAX, 0, 30000 },
	{ "a first pause equal to the cap does not grow", 5000, 5000, 7, 0, 5000 },
	{ "jitter adds up to a quarter", 200, 30000, 1, 50, 250 },
	{ "jitter adds no more than a quarter", 200, 30000, 1, 51, 200 },
	{ "jitter is added to the cap", 200, 30000, 20, 7500, 37500 },
};

static void
check_pause(void **state)
{
	const struct pause_case *c = *state;

	assert_int_equal(backoff_ms(c->first_ms, c->cap_ms, c->failures, c->random), c->want_ms);
}

static void
a_pause_without_jitter_starts_at_the_first_and_doubles_up_to_the_cap(void **state)
{
	static const int64_t want_ms[] = { 100, 200, 400, 800, 1000, 1000 };
	int64_t pause_ms = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(want_ms); i++) {
		pause_ms = backoff_next_ms(pause_ms, 100, 1000);
		assert_int_equal(pause_ms, want_ms[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_pause_without_jitter_starts_at_the_first_and_doubles_up_to_the_cap),
	};

	return UNIT_TABLE("pauses", pauses, check_pause) +
	    cmocka_run_group_tests_name("without jitter", tests, NULL, NULL);
}
