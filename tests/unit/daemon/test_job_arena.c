/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/job_arena.h"
#include "unit.h"

#include <string.h>

static void
those_who_come_together_share_one(void **state)
{
	struct job_arena *batches = NULL, *a = job_arena_join(&batches), *b = job_arena_join(&batches);

	(void)state;
	assert_ptr_equal(a, b);
	job_arena_leave(a);
	assert_ptr_equal(batches, b);
	job_arena_leave(b);
	assert_null(batches);
}

static void
another_begins_when_one_is_full_and_goes_without_it(void **state)
{
	struct job_arena *batches = NULL, *first = job_arena_join(&batches), *next = first;
	char *kept = arena_strdup(&first->mem, "kept");

	(void)state;
	for (int i = 0; i < 1000 && next == first; i++) {
		next = job_arena_join(&batches);
		arena_alloc(&next->mem, 1000);
		job_arena_leave(next);
	}
	assert_ptr_not_equal(next, first);
	assert_null(batches);
	assert_string_equal(kept, "kept");
	job_arena_leave(first);
	assert_null(batches);
}

static void
what_is_larger_than_one_has_room(void **state)
{
	struct job_arena *batches = NULL, *a = job_arena_join(&batches), *b;

	(void)state;
	memset(arena_alloc(&a->mem, 1 << 20), 'x', 1 << 20);
	b = job_arena_join(&batches);
	assert_ptr_not_equal(a, b);
	job_arena_leave(a);
	job_arena_leave(b);
	assert_null(batches);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_who_come_together_share_one),
		cmocka_unit_test(another_begins_when_one_is_full_and_goes_without_it),
		cmocka_unit_test(what_is_larger_than_one_has_room),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
