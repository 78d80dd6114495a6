/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "arplet/err.h"
#include "unit.h"

#include <stdint.h>
#include <string.h>

static void
blocks_are_zeroed_aligned_and_do_not_overlap(void **state)
{
	struct arena mem = { 0 };
	unsigned char *blocks[200];

	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		size_t size = i * i % 700;

		blocks[i] = arena_alloc(&mem, size);
		assert_int_equal((uintptr_t)blocks[i] % 8, 0);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(blocks[i][j], 0);
		memset(blocks[i], (int)i, size);
	}
	for (size_t i = 0; i < COUNT(blocks); i++) {
		for (size_t j = 0; j < i * i % 700; j++)
			assert_int_equal(blocks[i][j], (unsigned char)i);
	}
	arena_done(&mem);
}

static void
an_arena_uses_lent_memory_to_the_last_byte_and_does_not_free_it(void **state)
{
	_Alignas(8) char room[16] = { 0 };
	struct arena mem;
	char *text, *block;

	(void)state;
	arena_lend(&mem, room, sizeof(room));
	text = arena_strdup(&mem, "seven b");
	block = arena_alloc(&mem, 5);
	assert_ptr_equal(text, room + 8);
	assert_ptr_equal(block, room);
	assert_int_equal(mem.left, 0);
	assert_null(mem.chunks);
	memset(block, 'x', 8);
	assert_string_equal(arena_strdup(&mem, "more"), "more");
	assert_non_null(mem.chunks);
	assert_string_equal(text, "seven b");
	arena_done(&mem);
}

static void
a_block_may_be_larger_than_any_chunk(void **state)
{
	struct arena mem = { 0 };
	char *small = arena_strdup(&mem, "small"), *large;

	(void)state;
	large = arena_alloc(&mem, 1 << 20);
	memset(large, 'x', 1 << 20);
	assert_string_equal(small, "small");
	assert_string_equal(arena_strdup(&mem, "after"), "after");
	arena_done(&mem);
}

static void
an_arena_is_empty_and_usable_after_arena_done(void **state)
{
	struct arena mem = { 0 };

	(void)state;
	arena_done(&mem);
	arena_strdup(&mem, "once");
	arena_done(&mem);
	assert_null(mem.chunks);
	assert_int_equal(mem.left, 0);
	assert_string_equal(arena_strdup(&mem, "again"), "again");
	arena_done(&mem);
}

static void
texts_are_copied_cut_and_printed(void **state)
{
	struct arena mem = { 0 };
	char text[] = "a text";
	char *copy = arena_strdup(&mem, text), *cut = arena_strndup(&mem, text, 3);
	char *printed = arena_printf(&mem, "%s, %0600d", text, 7);

	(void)state;
	*text = 'X';
	assert_string_equal(copy, "a text");
	assert_string_equal(cut, "a t");
	assert_string_equal(arena_strndup(&mem, "ab", 99), "ab");
	assert_int_equal(strlen(printed), strlen("a text, ") + 600);
	assert_null(arena_strdup(&mem, NULL));
	assert_null(xstrdup(NULL));
	arena_done(&mem);
}

static void
a_message_is_set_prefixed_and_cut(void **state)
{
	struct err err = { "" };
	char old[sizeof(err.text)];

	(void)state;
	assert_int_equal(err_set(&err, -22, "\"%s\" is no address", "x"), -22);
	assert_string_equal(err.text, "\"x\" is no address");
	err_prefix(&err, "addresses[%d]: ", 3);
	err_prefix(&err, "spec.");
	assert_string_equal(err.text, "spec.addresses[3]: \"x\" is no address");
	memcpy(old, err.text, sizeof(old));
	err_prefix(&err, "%0500d", 0);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text + 500, old, sizeof(err.text) - 1 - 500);
	err_prefix(&err, "%0600d", 0);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void
err_set_without_a_struct_returns_the_code(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, -5, "lost"), -5);
	err_prefix(NULL, "lost");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_zeroed_aligned_and_do_not_overlap),
		cmocka_unit_test(an_arena_uses_lent_memory_to_the_last_byte_and_does_not_free_it),
		cmocka_unit_test(a_block_may_be_larger_than_any_chunk),
		cmocka_unit_test(an_arena_is_empty_and_usable_after_arena_done),
		cmocka_unit_test(texts_are_copied_cut_and_printed),
		cmocka_unit_test(a_message_is_set_prefixed_and_cut),
		cmocka_unit_test(err_set_without_a_struct_returns_the_code),
	};

	return cmocka_run_group_tests_name("arena and err", tests, NULL, NULL);
}
