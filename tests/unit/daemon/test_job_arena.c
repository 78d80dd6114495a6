/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/job_arena.h"
#include "unit.h"

#include <string.h>

static void
users_share_a_block_that_has_room(void **state)
{
	struct job_arena *current = NULL, *a = job_arena_join(&current), *b = job_arena_join(&current);

	(void)state;
	assert_ptr_equal(a, b);
	job_arena_leave(a);
	assert_ptr_equal(current, b);
	job_arena_leave(b);
	assert_null(current);
}

static void
a_full_block_is_followed_by_another_and_keeps_its_texts(void **state)
{
	struct job_arena *current = NULL, *first = job_arena_join(&current), *next = first;
	char *kept = arena_strdup(&first->mem, "kept");

	(void)state;
	for (int i = 0; i < 1000 && next == first; i++) {
		next = job_arena_join(&current);
		arena_alloc(&next->mem, 1000);
		job_arena_leave(next);
	}
	assert_ptr_not_equal(next, first);
	assert_null(current);
	assert_string_equal(kept, "kept");
	job_arena_leave(first);
	assert_null(current);
}

static void
a_text_larger_than_a_block_has_room(void **state)
{
	struct job_arena *current = NULL, *a = job_arena_join(&current), *b;

	(void)state;
	memset(arena_alloc(&a->mem, 1 << 20), 'x', 1 << 20);
	b = job_arena_join(&current);
	assert_ptr_not_equal(a, b);
	job_arena_leave(a);
	job_arena_leave(b);
	assert_null(current);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_share_a_block_that_has_room),
		cmocka_unit_test(a_full_block_is_followed_by_another_and_keeps_its_texts),
		cmocka_unit_test(a_text_larger_than_a_block_has_room),
	};

	return cmocka_run_group_tests_name("job_arena", tests, NULL, NULL);
}
