/* SPDX-License-Identifier: Apache-2.0 */
#include "../../../src/k8s/next.h"

#include "unit.h"

static const struct next_case {
	const char *name;
	enum phase phase;
	enum outcome outcome;
	enum phase then;
	enum reflector_state state;
	bool failed;
} cases[] = {
	{ "after a page comes the next", PHASE_LIST, OUT_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "and the next", PHASE_PAGE, OUT_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "a list of one page is watched", PHASE_LIST, OUT_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "so is one of several", PHASE_PAGE, OUT_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "a watch that ends is resumed", PHASE_WATCH, OUT_ENDED, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "one that ends at once is resumed later", PHASE_WATCH, OUT_IDLE, PHASE_WATCH, REFLECTOR_RETRYING, true },
	{ "a version too old means a new list", PHASE_WATCH, OUT_GONE, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a continue token too old too", PHASE_PAGE, OUT_GONE, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a list fails: again", PHASE_LIST, OUT_FAILED, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a page fails: that page again", PHASE_PAGE, OUT_FAILED, PHASE_PAGE, REFLECTOR_RETRYING, true },
	{ "a watch fails: no new list", PHASE_WATCH, OUT_FAILED, PHASE_WATCH, REFLECTOR_RETRYING, true },
	{ "a watch that makes no sense may have lost something", PHASE_WATCH, OUT_GARBLED, PHASE_LIST,
	    REFLECTOR_RETRYING, true },
	{ "the CRD is missing", PHASE_LIST, OUT_MISSING, PHASE_LIST, REFLECTOR_NOT_INSTALLED, true },
	{ "the CRD went away", PHASE_WATCH, OUT_MISSING, PHASE_LIST, REFLECTOR_NOT_INSTALLED, true },
	{ "not allowed", PHASE_LIST, OUT_REFUSED, PHASE_LIST, REFLECTOR_FORBIDDEN, true },
	{ "no longer allowed to watch", PHASE_WATCH, OUT_REFUSED, PHASE_WATCH, REFLECTOR_FORBIDDEN, true },
};

static void
check_next(void **state)
{
	const struct next_case *c = *state;
	struct progress progress = { c->phase, 0 };
	struct step step = next_step(&progress, c->outcome, -1, 0);

	assert_int_equal(step.phase, c->then);
	assert_int_equal(progress.phase, c->then);
	assert_int_equal(step.state, c->state);
	assert_int_equal(step.failed, c->failed);
	assert_int_equal(step.delay_ms > 0, c->failed);
	assert_int_equal(step.complete, c->outcome == OUT_LAST_PAGE);
	assert_int_equal(progress.failures, c->failed);
}

static void
pauses_double_up_to_half_a_minute(void **state)
{
	static const int64_t want[] = { 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };
	struct progress progress = { PHASE_LIST, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++)
		assert_int_equal(next_step(&progress, OUT_FAILED, -1, 0).delay_ms, want[i]);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(next_step(&progress, OUT_FAILED, -1, 0).delay_ms, 30000);
}

static void
a_pause_is_cut_by_chance_but_never_below_half(void **state)
{
	int64_t low = INT64_MAX, high = 0;

	(void)state;
	for (uint32_t random = 0; random < 1000; random++) {
		struct progress progress = { PHASE_LIST, 0 };
		int64_t ms = next_step(&progress, OUT_FAILED, -1, random).delay_ms;

		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
	}
	assert_int_equal(low, 100);
	assert_int_equal(high, 200);
}

static void
a_list_that_works_does_not_shorten_the_pauses_of_a_watch_that_does_not(void **state)
{
	struct progress progress = { PHASE_WATCH, 0 };

	(void)state;
	assert_int_equal(next_step(&progress, OUT_GARBLED, -1, 0).delay_ms, 200);
	next_step(&progress, OUT_LAST_PAGE, -1, 0);
	assert_int_equal(next_step(&progress, OUT_GARBLED, -1, 0).delay_ms, 400);
	next_heard(&progress);
	assert_int_equal(next_step(&progress, OUT_GARBLED, -1, 0).delay_ms, 200);
}

static void
the_server_may_ask_for_more_time_and_not_for_less(void **state)
{
	struct progress progress = { PHASE_LIST, 0 };

	(void)state;
	assert_int_equal(next_step(&progress, OUT_FAILED, 7000, 0).delay_ms, 7000);
	assert_int_equal(next_step(&progress, OUT_FAILED, 1, 0).delay_ms, 400);
}

static void
a_missing_crd_is_asked_for_gently_for_ever(void **state)
{
	struct progress progress = { PHASE_LIST, 0 };

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(next_step(&progress, OUT_MISSING, -1, 0).delay_ms, 5000);
}

static void
a_status_is_an_outcome(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_status(0), OUT_FAILED);
	assert_int_equal(outcome_of_status(401), OUT_REFUSED);
	assert_int_equal(outcome_of_status(403), OUT_REFUSED);
	assert_int_equal(outcome_of_status(404), OUT_MISSING);
	assert_int_equal(outcome_of_status(410), OUT_GONE);
	assert_int_equal(outcome_of_status(429), OUT_FAILED);
	assert_int_equal(outcome_of_status(503), OUT_FAILED);
}

static void
watches_last_five_to_ten_minutes(void **state)
{
	(void)state;
	assert_int_equal(watch_seconds(0), 300);
	assert_int_equal(watch_seconds(300), 600);
	assert_int_equal(watch_seconds(301), 300);
	assert_in_range(watch_seconds(UINT32_MAX), 300, 600);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_double_up_to_half_a_minute),
		cmocka_unit_test(a_pause_is_cut_by_chance_but_never_below_half),
		cmocka_unit_test(a_list_that_works_does_not_shorten_the_pauses_of_a_watch_that_does_not),
		cmocka_unit_test(the_server_may_ask_for_more_time_and_not_for_less),
		cmocka_unit_test(a_missing_crd_is_asked_for_gently_for_ever),
		cmocka_unit_test(a_status_is_an_outcome),
		cmocka_unit_test(watches_last_five_to_ten_minutes),
	};
	int failed = UNIT_TABLE("what a reflector does next", cases, check_next);

	failed += cmocka_run_group_tests_name("next", tests, NULL, NULL);
	return failed != 0;
}
