/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate/write_pace.h"
#include "unit.h"

#include <stdio.h>

static int
setup(void **state)
{
	*state = write_pace_new(7);
	return 0;
}

static int
teardown(void **state)
{
	write_pace_free(*state);
	return 0;
}

static int64_t
reserve(struct write_pace *pace, const char *ns, int i, int64_t now_ms)
{
	char name[16];

	snprintf(name, sizeof(name), "svc-%d", i);
	return write_pace_reserve(pace, "Service", ns, name, now_ms, 0);
}

/*
 * An object changes each 20 ms for @for_ms.  The writer sends the newest state, at most one write at
 * a time.  Returns the number of writes sent.
 */
static int
write_often(struct write_pace *pace, const char *ns, int i, int64_t for_ms)
{
	int64_t due_ms = 0;
	int sent = 0;

	for (int64_t now_ms = 1000; now_ms < 1000 + for_ms; now_ms += 20) {
		if (due_ms && due_ms <= now_ms)
			sent++, due_ms = 0;
		if (due_ms)
			continue;
		due_ms = now_ms + reserve(pace, ns, i, now_ms);
		if (due_ms == now_ms)
			sent++, due_ms = 0;
	}
	return sent;
}

static void
different_objects_are_written_at_full_speed(void **state)
{
	for (int i = 0; i < 1000; i++) {
		for (int write = 0; write < 3; write++)
			assert_int_equal(reserve(*state, "shop", i, 1000 + i), 0);
	}
}

static void
an_object_that_changes_50_times_a_second_is_written_twice_a_second(void **state)
{
	assert_in_range(write_often(*state, "shop", 1, 60000), 125, 131);
}

static void
a_thousand_such_objects_of_a_namespace_are_written_50_times_a_second(void **state)
{
	int64_t longest_ms = 0;

	for (int write = 0; write < 10; write++) {
		for (int i = 0; i < 1000; i++) {
			int64_t wait_ms = reserve(*state, "shop", i, 1000);

			longest_ms = wait_ms > longest_ms ? wait_ms : longest_ms;
		}
	}
	/* 3,000 writes at once, 200 of the burst, and 6,800 at 50 a second */
	assert_int_equal(longest_ms, 6800 * 20);
	assert_int_equal(reserve(*state, "shop", 5000, 1000), 0);
	for (int write = 0; write < 10; write++)
		assert_int_equal(reserve(*state, "other", 1, 1000), 0);
}

static void
conflicts_in_a_row_delay_an_object_longer_and_longer(void **state)
{
	static const int64_t pauses_ms[] = { 0, 0, 100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000 };
	int64_t now_ms = 1000;

	for (size_t i = 0; i < COUNT(pauses_ms); i++) {
		assert_int_equal(reserve(*state, "shop", 1, now_ms), pauses_ms[i]);
		now_ms += 20000;
		write_pace_conflict(*state, "Service", "shop", "svc-1", now_ms);
	}
	assert_int_equal(reserve(*state, "shop", 2, now_ms), 0);
	write_pace_accepted(*state, "Service", "shop", "svc-1");
	assert_int_equal(reserve(*state, "shop", 1, now_ms), 0);
}

static void
conflicts_are_forgotten_after_a_calm_minute(void **state)
{
	for (int i = 0; i < 8; i++)
		write_pace_conflict(*state, "Service", "shop", "svc-1", 1000);
	assert_int_equal(reserve(*state, "shop", 1, 2000), 6400);
	assert_int_equal(reserve(*state, "shop", 1, 2000 + 62000), 0);
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(different_objects_are_written_at_full_speed),
		RULE(an_object_that_changes_50_times_a_second_is_written_twice_a_second),
		RULE(a_thousand_such_objects_of_a_namespace_are_written_50_times_a_second),
		RULE(conflicts_in_a_row_delay_an_object_longer_and_longer),
		RULE(conflicts_are_forgotten_after_a_calm_minute),
	};

	return cmocka_run_group_tests_name("write_pace", tests, NULL, NULL);
}
