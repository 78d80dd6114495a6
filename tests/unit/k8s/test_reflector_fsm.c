/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/reflector_fsm.h"

#include "unit.h"

static const struct step_case {
	const char *name;
	enum reflector_phase phase;
	enum request_outcome outcome;
	enum reflector_phase then;
	enum reflector_state state;
	bool failed;
} cases[] = {
	{ "the page after the first page is listed", PHASE_LIST, REQ_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "the page after a later page is listed", PHASE_PAGE, REQ_PAGE, PHASE_PAGE, REFLECTOR_STARTING, false },
	{ "a watch follows a list of one page", PHASE_LIST, REQ_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "a watch follows a list of several pages", PHASE_PAGE, REQ_LAST_PAGE, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "a watch follows a list whose deletions are not confirmed", PHASE_LIST, REQ_UNCONFIRMED, PHASE_WATCH, REFLECTOR_HOLDING, false },
	{ "a watch that ends is resumed at once", PHASE_WATCH, REQ_ENDED, PHASE_WATCH, REFLECTOR_SYNCED, false },
	{ "a watch that ends without an event within 1 s is resumed later", PHASE_WATCH, REQ_IDLE, PHASE_WATCH, REFLECTOR_RETRYING, true },
	{ "a watch whose resourceVersion has expired leads to a new list", PHASE_WATCH, REQ_GONE, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a continue token that has expired leads to a new list", PHASE_PAGE, REQ_GONE, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a list that fails is retried", PHASE_LIST, REQ_FAILED, PHASE_LIST, REFLECTOR_RETRYING, true },
	{ "a page that fails is retried", PHASE_PAGE, REQ_FAILED, PHASE_PAGE, REFLECTOR_RETRYING, true },
	{ "a watch that fails is retried without a new list", PHASE_WATCH, REQ_FAILED, PHASE_WATCH, REFLECTOR_RETRYING, true },
	{ "a watch with malformed data leads to a new list", PHASE_WATCH, REQ_MALFORMED, PHASE_LIST,
	    REFLECTOR_RETRYING, true },
	{ "a list whose CRD is missing is retried", PHASE_LIST, REQ_MISSING, PHASE_LIST, REFLECTOR_NOT_INSTALLED, true },
	{ "a watch whose CRD was deleted leads to a list", PHASE_WATCH, REQ_MISSING, PHASE_LIST, REFLECTOR_NOT_INSTALLED, true },
	{ "a list that is forbidden is retried", PHASE_LIST, REQ_REFUSED, PHASE_LIST, REFLECTOR_FORBIDDEN, true },
	{ "a watch that is forbidden is retried", PHASE_WATCH, REQ_REFUSED, PHASE_WATCH, REFLECTOR_FORBIDDEN, true },
};

static void
check_step(void **state)
{
	const struct step_case *c = *state;
	struct reflector_fsm fsm = { c->phase, 0 };
	struct reflector_step step = reflector_fsm_step(&fsm, c->outcome, -1, 0);

	assert_int_equal(step.phase, c->then);
	assert_int_equal(fsm.phase, c->then);
	assert_int_equal(step.state, c->state);
	assert_int_equal(step.failed, c->failed);
	assert_int_equal(step.delay_ms > 0, c->failed);
	assert_int_equal(step.complete, c->outcome == REQ_LAST_PAGE);
	assert_int_equal(fsm.failures, c->failed);
}

static void
the_pause_doubles_up_to_30_s(void **state)
{
	static const int64_t want[] = { 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };
	struct reflector_fsm fsm = { PHASE_LIST, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++)
		assert_int_equal(reflector_fsm_step(&fsm, REQ_FAILED, -1, 0).delay_ms, want[i]);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(reflector_fsm_step(&fsm, REQ_FAILED, -1, 0).delay_ms, 30000);
}

static void
a_pause_grows_by_up_to_a_quarter_at_random(void **state)
{
	int64_t low = INT64_MAX, high = 0;

	(void)state;
	for (uint32_t random = 0; random < 1000; random++) {
		struct reflector_fsm fsm = { PHASE_LIST, 0 };
		int64_t ms = reflector_fsm_step(&fsm, REQ_FAILED, -1, random).delay_ms;

		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
	}
	assert_int_equal(low, 200);
	assert_int_equal(high, 250);
}

static void
a_list_that_works_does_not_reset_the_pause_of_a_watch_that_fails(void **state)
{
	struct reflector_fsm fsm = { PHASE_WATCH, 0 };

	(void)state;
	assert_int_equal(reflector_fsm_step(&fsm, REQ_MALFORMED, -1, 0).delay_ms, 200);
	reflector_fsm_step(&fsm, REQ_LAST_PAGE, -1, 0);
	assert_int_equal(reflector_fsm_step(&fsm, REQ_MALFORMED, -1, 0).delay_ms, 400);
	reflector_fsm_watch_works(&fsm);
	assert_int_equal(reflector_fsm_step(&fsm, REQ_MALFORMED, -1, 0).delay_ms, 200);
}

static void
retry_after_lengthens_the_pause_and_never_shortens_it(void **state)
{
	struct reflector_fsm fsm = { PHASE_LIST, 0 };

	(void)state;
	assert_int_equal(reflector_fsm_step(&fsm, REQ_FAILED, 7000, 0).delay_ms, 7000);
	assert_int_equal(reflector_fsm_step(&fsm, REQ_FAILED, 1, 0).delay_ms, 400);
}

static void
a_missing_crd_is_listed_every_5_s(void **state)
{
	struct reflector_fsm fsm = { PHASE_LIST, 0 };

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(reflector_fsm_step(&fsm, REQ_MISSING, -1, 0).delay_ms, 5000);
}

/* The events of one reflector, and whether all deletions count after each event. */
enum fsm_event { PUT, DEL, LIST, MISSING };
static const struct confirm_case {
	const char *name;
	bool confirm_deletes;
	struct {
		int64_t at_ms;
		enum fsm_event what;
		size_t n; /* objects in the list */
		bool counts;
	} steps[8];
} confirm_cases[] = {
	{ "without confirm_deletes, a deletion and an empty list count at once", false,
	    { { 0, LIST, 2, true }, { 1, DEL, 0, true }, { 2, LIST, 0, true } } },
	{ "an empty first list counts at once", true, { { 0, LIST, 0, true }, { 1, LIST, 0, true } } },
	{ "a list with other objects confirms a deletion after 2 s", true,
	    { { 0, LIST, 2, true }, { 10, DEL, 0, false }, { 2009, LIST, 1, false },
		{ 2010, LIST, 1, true }, { 2020, LIST, 1, true } } },
	{ "a second deletion starts the 2 s again", true,
	    { { 0, LIST, 3, true }, { 10, DEL, 0, false }, { 1500, DEL, 0, false },
		{ 2010, LIST, 1, false }, { 3500, LIST, 1, true } } },
	{ "two empty lists confirm the deletion of the last object", true,
	    { { 0, LIST, 1, true }, { 10, DEL, 0, false }, { 2010, LIST, 0, false },
		{ 7009, LIST, 0, false }, { 7010, LIST, 0, true }, { 7020, LIST, 0, true } } },
	{ "an empty list without a deletion before it needs a second empty list", true,
	    { { 0, LIST, 1, true }, { 10, LIST, 0, false }, { 5010, LIST, 0, true } } },
	{ "the deletion of an object that a watch reported needs a list, too", true,
	    { { 0, LIST, 0, true }, { 5, PUT, 0, true }, { 10, DEL, 0, false }, { 20, LIST, 0, false } } },
	{ "a list with an object ends the confirmation of an empty list", true,
	    { { 0, LIST, 1, true }, { 10, LIST, 0, false }, { 5010, LIST, 1, true },
		{ 5020, LIST, 0, false } } },
	{ "a CRD that is deleted with its objects does not delete known objects", true,
	    { { 0, LIST, 2, true }, { 10, DEL, 0, false }, { 11, DEL, 0, false },
		{ 2011, LIST, 0, false }, { 7011, MISSING, 0, false }, { 99999, MISSING, 0, false },
		{ 100000, LIST, 0, false }, { 100010, LIST, 1, false } } },
	{ "no deletion counts within 60 s after the CRD was reinstalled", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 1, false },
		{ 2000, DEL, 0, false }, { 60999, LIST, 1, false }, { 61000, LIST, 1, true } } },
	{ "an empty list 60 s after the CRD was reinstalled needs a second empty list", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 0, false },
		{ 61000, LIST, 0, false }, { 66000, LIST, 0, true } } },
	{ "a deletion at the end of these 60 s still needs its 2 s", true,
	    { { 0, LIST, 2, true }, { 10, MISSING, 0, false }, { 1000, LIST, 2, false },
		{ 60000, DEL, 0, false }, { 61000, LIST, 1, false }, { 62000, LIST, 1, true } } },
	{ "objects of a newly installed CRD count together after 5 s", true,
	    { { 0, MISSING, 0, false }, { 10, LIST, 1, false }, { 5009, LIST, 2, false },
		{ 5010, LIST, 3, true }, { 5011, LIST, 0, false } } },
	{ "an empty list of a reinstalled CRD without known objects counts after 5 s", true,
	    { { 0, LIST, 0, true }, { 5, MISSING, 0, false }, { 10, LIST, 0, false },
		{ 5010, LIST, 0, true } } },
};

static bool
apply_event(struct reflector_fsm *fsm, enum fsm_event what, size_t n, int64_t at_ms)
{
	switch (what) {
	case PUT:
		pending_delete_on_put(&fsm->pending_delete);
		return true;
	case DEL:
		return !pending_delete_on_deleted(&fsm->pending_delete, at_ms);
	case LIST:
		return reflector_fsm_listed(fsm, n, at_ms) == REQ_LAST_PAGE;
	case MISSING:
		return reflector_fsm_step(fsm, REQ_MISSING, -1, 0).complete;
	}
	return false;
}

static void
check_confirm(void **state)
{
	const struct confirm_case *c = *state;
	struct reflector_fsm fsm = { PHASE_LIST, 0, .pending_delete.enabled = c->confirm_deletes };

	for (size_t i = 0; i < COUNT(c->steps) && (i == 0 || c->steps[i].at_ms); i++) {
		bool counts = apply_event(&fsm, c->steps[i].what, c->steps[i].n, c->steps[i].at_ms);

		if (counts != c->steps[i].counts)
			fail_msg("step %zu: %s", i, counts ? "counts" : "does not count");
		/* a pending deletion has a text for the log, and the due time of a list */
		if (c->steps[i].what == LIST)
			assert_int_equal(!counts, fsm.pending_delete.relist_ms &&
			    pending_delete_text(&fsm.pending_delete));
	}
}

static void
each_http_status_has_an_outcome(void **state)
{
	(void)state;
	assert_int_equal(request_outcome_of_status(0), REQ_FAILED);
	assert_int_equal(request_outcome_of_status(401), REQ_REFUSED);
	assert_int_equal(request_outcome_of_status(403), REQ_REFUSED);
	assert_int_equal(request_outcome_of_status(404), REQ_MISSING);
	assert_int_equal(request_outcome_of_status(410), REQ_GONE);
	assert_int_equal(request_outcome_of_status(429), REQ_FAILED);
	assert_int_equal(request_outcome_of_status(503), REQ_FAILED);
}

static void
a_watch_lasts_5_to_10_minutes(void **state)
{
	(void)state;
	assert_int_equal(watch_timeout_s(0), 300);
	assert_int_equal(watch_timeout_s(300), 600);
	assert_int_equal(watch_timeout_s(301), 300);
	assert_in_range(watch_timeout_s(UINT32_MAX), 300, 600);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pause_doubles_up_to_30_s),
		cmocka_unit_test(a_pause_grows_by_up_to_a_quarter_at_random),
		cmocka_unit_test(a_list_that_works_does_not_reset_the_pause_of_a_watch_that_fails),
		cmocka_unit_test(retry_after_lengthens_the_pause_and_never_shortens_it),
		cmocka_unit_test(a_missing_crd_is_listed_every_5_s),
		cmocka_unit_test(each_http_status_has_an_outcome),
		cmocka_unit_test(a_watch_lasts_5_to_10_minutes),
	};
	int failed = UNIT_TABLE("the next request of a reflector", cases, check_step);

	failed += UNIT_TABLE("when a deletion counts", confirm_cases, check_confirm);
	failed += cmocka_run_group_tests_name("reflector_fsm", tests, NULL, NULL);
	return failed != 0;
}
