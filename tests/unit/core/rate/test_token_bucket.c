/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate/token_bucket.h"
#include "unit.h"

static const struct token_rate rate = { .burst = 3, .interval_ms = 100 };

/* Requests of one bucket: "at ms, take n tokens", and the expected results. */
static const struct bucket_case {
	const char *name;
	struct {
		int64_t at_ms, n;
		bool taken;      /* expected result of bucket_take() */
		int64_t wait_ms; /* expected result of bucket_reserve() */
	} takes[6];
	size_t n_takes;
} cases[] = {
	{ "a full bucket has its burst",
	    { { 1000, 1, true, 0 }, { 1000, 1, true, 0 }, { 1000, 1, true, 0 },
		{ 1000, 1, false, 100 } }, 4 },
	{ "a bucket gets a token in each interval",
	    { { 1000, 3, true, 0 }, { 1099, 1, false, 1 }, { 1300, 1, true, 0 } }, 3 },
	{ "a bucket is never more than full",
	    { { 1000, 3, true, 0 }, { 90000, 3, true, 0 }, { 90000, 1, false, 100 } }, 3 },
	{ "a bucket has no token for a request of more than its burst", { { 1000, 4, false, 100 } }, 1 },
};

static void
check_take(void **state)
{
	const struct bucket_case *c = *state;
	int64_t taken_ms = 0, reserved_ms = 0;

	for (size_t i = 0; i < c->n_takes; i++) {
		assert_int_equal(bucket_take(&taken_ms, &rate, c->takes[i].n, c->takes[i].at_ms),
		    c->takes[i].taken);
		assert_int_equal(bucket_reserve(&reserved_ms, &rate, c->takes[i].n,
		    c->takes[i].at_ms), c->takes[i].wait_ms);
		if (!c->takes[i].taken)
			reserved_ms = taken_ms; /* bucket_reserve() takes the tokens anyway */
	}
}

static void
reservations_of_an_empty_bucket_follow_each_other(void **state)
{
	int64_t full_ms = 0;

	(void)state;
	assert_int_equal(bucket_reserve(&full_ms, &rate, 3, 1000), 0);
	for (int i = 1; i <= 5; i++)
		assert_int_equal(bucket_reserve(&full_ms, &rate, 1, 1000), i * 100);
	assert_int_equal(bucket_used(full_ms, &rate, 1000), 8);
	assert_int_equal(bucket_used(full_ms, &rate, 1750), 1);
	assert_int_equal(bucket_used(full_ms, &rate, 1800), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reservations_of_an_empty_bucket_follow_each_other),
	};

	return UNIT_TABLE("token_bucket", cases, check_take) +
	    cmocka_run_group_tests_name("reservations", tests, NULL, NULL);
}
