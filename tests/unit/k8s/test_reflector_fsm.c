/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/reflector_fsm.h"

#include "unit.h"

static const struct next_case {
	const char *name;
	enum phase phase;
	enum request_outcome request_outcome;
	enum phase then;
	enum reflector_state state;
	bool failed;
} cases[] = {
	{ "after a page comes the next", PHASE_LIST, OUT_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "and the next", PHASE_PAGE, OUT_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "a list of one page is watched", PHASE_LIST, OUT_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "so is one of several", PHASE_PAGE, OUT_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "a list that does not count is watched all the same", PHASE_LIST, OUT_UNCONFIRMED, PHASE_WATCH, REFLECTOR_HOLDING, false },
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
	struct reflector_fsm reflector_fsm = { c->phase, 0 };
	struct step step = reflector_fsm_step(&reflector_fsm, c->request_outcome, -1, 0);

	assert_int_equal(step.phase, c->then);
	assert_int_equal(reflector_fsm.phase, c->then);
	assert_int_equal(step.state, c->state);
	assert_int_equal(step.failed, c->failed);
	assert_int_equal(step.delay_ms > 0, c->failed);
	assert_int_equal(step.complete, c->request_outcome == OUT_LAST_PAGE);
	assert_int_equal(reflector_fsm.failures, c->failed);
}

static void
pauses_double_up_to_half_a_minute(void **state)
{
	static const int64_t want[] = { 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };
	struct reflector_fsm reflector_fsm = { PHASE_LIST, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++)
		assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_FAILED, -1, 0).delay_ms, want[i]);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_FAILED, -1, 0).delay_ms, 30000);
}

static void
a_pause_grows_by_up_to_a_quarter_at_random(void **state)
{
	int64_t low = INT64_MAX, high = 0;

	(void)state;
	for (uint32_t random = 0; random < 1000; random++) {
		struct reflector_fsm reflector_fsm = { PHASE_LIST, 0 };
		int64_t ms = reflector_fsm_step(&reflector_fsm, OUT_FAILED, -1, random).delay_ms;

		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
	}
	assert_int_equal(low, 200);
	assert_int_equal(high, 250);
}

static void
a_list_that_works_does_not_shorten_the_pauses_of_a_watch_that_does_not(void **state)
{
	struct reflector_fsm reflector_fsm = { PHASE_WATCH, 0 };

	(void)state;
	assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_GARBLED, -1, 0).delay_ms, 200);
	reflector_fsm_step(&reflector_fsm, OUT_LAST_PAGE, -1, 0);
	assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_GARBLED, -1, 0).delay_ms, 400);
	reflector_fsm_watch_works(&reflector_fsm);
	assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_GARBLED, -1, 0).delay_ms, 200);
}

static void
the_server_may_ask_for_more_time_and_not_for_less(void **state)
{
	struct reflector_fsm reflector_fsm = { PHASE_LIST, 0 };

	(void)state;
	assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_FAILED, 7000, 0).delay_ms, 7000);
	assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_FAILED, 1, 0).delay_ms, 400);
}

static void
a_missing_crd_is_asked_for_gently_for_ever(void **state)
{
	struct reflector_fsm reflector_fsm = { PHASE_LIST, 0 };

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(reflector_fsm_step(&reflector_fsm, OUT_MISSING, -1, 0).delay_ms, 5000);
}

/* A story of one reflector: what happens, and whether it counts. */
enum happening { PUT, DEL, LIST, MISSING };
static const struct doubt_case {
	const char *name;
	bool confirm_deletes;
	struct {
		int64_t at_ms;
		enum happening what;
		size_t n; /* objects in the list */
		bool counts;
	} steps[8];
} doubt_cases[] = {
	{ "where nothing is lost, a deletion and an empty list count at once", false,
	    { { 0, LIST, 2, true }, { 1, DEL, 0, true }, { 2, LIST, 0, true } } },
	{ "a first list counts, empty or not", true, { { 0, LIST, 0, true }, { 1, LIST, 0, true } } },
	{ "a deletion counts after two seconds, by a list with other objects in it", true,
	    { { 0, LIST, 2, true }, { 10, DEL, 0, false }, { 2009, LIST, 1, false },
		{ 2010, LIST, 1, true }, { 2020, LIST, 1, true } } },
	{ "each deletion starts the time anew", true,
	    { { 0, LIST, 3, true }, { 10, DEL, 0, false }, { 1500, DEL, 0, false },
		{ 2010, LIST, 1, false }, { 3500, LIST, 1, true } } },
	{ "the last one goes for good when two lists have none", true,
	    { { 0, LIST, 1, true }, { 10, DEL, 0, false }, { 2010, LIST, 0, false },
		{ 7009, LIST, 0, false }, { 7010, LIST, 0, true }, { 7020, LIST, 0, true } } },
	{ "an empty list that nothing has announced is doubted, too", true,
	    { { 0, LIST, 1, true }, { 10, LIST, 0, false }, { 5010, LIST, 0, true } } },
	{ "objects that come by a watch can be lost as those of a list can", true,
	    { { 0, LIST, 0, true }, { 5, PUT, 0, true }, { 10, DEL, 0, false }, { 20, LIST, 0, false } } },
	{ "an object comes in between: the doubt is over", true,
	    { { 0, LIST, 1, true }, { 10, LIST, 0, false }, { 5010, LIST, 1, true },
		{ 5020, LIST, 0, false } } },
	{ "a CRD that goes takes its objects with it, and none is lost", true,
	    { { 0, LIST, 2, true }, { 10, DEL, 0, false }, { 11, DEL, 0, false },
		{ 2011, LIST, 0, false }, { 7011, MISSING, 0, false }, { 99999, MISSING, 0, false },
		{ 100000, LIST, 0, false }, { 100010, LIST, 1, false } } },
	{ "for a minute after it is back nothing counts as lost", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 1, false },
		{ 2000, DEL, 0, false }, { 60999, LIST, 1, false }, { 61000, LIST, 1, true } } },
	{ "and what is empty then has to be so twice", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 0, false },
		{ 61000, LIST, 0, false }, { 66000, LIST, 0, true } } },
	{ "a deletion near the end of that minute has its two seconds", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 2, false },
		{ 60000, DEL, 0, false }, { 61000, LIST, 1, false }, { 62000, LIST, 1, true } } },
	{ "objects of a CRD that comes for the first time count together, or that there is none", true,
	    { { 0, MISSING, 0, false }, { 10, LIST, 1, false }, { 5009, LIST, 2, false },
		{ 5010, LIST, 3, true }, { 5011, LIST, 0, false } } },
	{ "so do those of one that went without objects", true,
	    { { 0, LIST, 0, true }, { 5, MISSING, 0, false }, { 10, LIST, 0, false },
		{ 5010, LIST, 0, true } } },
};

static bool
happens(struct reflector_fsm *reflector_fsm, enum happening what, size_t n, int64_t at_ms)
{
	switch (what) {
	case PUT:
		reflector_fsm_put(reflector_fsm);
		return true;
	case DEL:
		return !reflector_fsm_deleted(reflector_fsm, at_ms);
	case LIST:
		return reflector_fsm_listed(reflector_fsm, n, at_ms) == OUT_LAST_PAGE;
	case MISSING:
		return reflector_fsm_step(reflector_fsm, OUT_MISSING, -1, 0).complete;
	}
	return false;
}

static void
check_doubt(void **state)
{
	const struct doubt_case *c = *state;
	struct reflector_fsm reflector_fsm = { PHASE_LIST, 0, .confirm_deletes = c->confirm_deletes };

	for (size_t i = 0; i < COUNT(c->steps) && (i == 0 || c->steps[i].at_ms); i++) {
		bool counts = happens(&reflector_fsm, c->steps[i].what, c->steps[i].n, c->steps[i].at_ms);

		if (counts != c->steps[i].counts)
			fail_msg("step %zu: %s", i, counts ? "counts" : "does not count");
		if (c->steps[i].what == LIST) /* who doubts says so, and lists again */
			assert_int_equal(!counts, reflector_fsm.list_ms && reflector_fsm_pending_reason(&reflector_fsm));
	}
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
		cmocka_unit_test(a_pause_grows_by_up_to_a_quarter_at_random),
		cmocka_unit_test(a_list_that_works_does_not_shorten_the_pauses_of_a_watch_that_does_not),
		cmocka_unit_test(the_server_may_ask_for_more_time_and_not_for_less),
		cmocka_unit_test(a_missing_crd_is_asked_for_gently_for_ever),
		cmocka_unit_test(a_status_is_an_outcome),
		cmocka_unit_test(watches_last_five_to_ten_minutes),
	};
	int failed = UNIT_TABLE("what a reflector does next", cases, check_next);

	failed += UNIT_TABLE("what is lost, and when", doubt_cases, check_doubt);
	failed += cmocka_run_group_tests_name("next", tests, NULL, NULL);
	return failed != 0;
}
