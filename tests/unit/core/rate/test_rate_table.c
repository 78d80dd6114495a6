/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate/rate_table.h"
#include "unit.h"

#include <stdio.h>

static uint64_t
key_of(const struct rate_table *table, int i)
{
	char name[16];

	snprintf(name, sizeof(name), "svc-%d", i);
	return rate_key(table, (const char *[]){ "ns", name }, 2);
}

static void
strings_with_another_boundary_have_another_key(void **state)
{
	struct rate_table *table = rate_table_new(7), *other = rate_table_new(8);
	uint64_t key = rate_key(table, (const char *[]){ "a", "bc" }, 2);

	(void)state;
	assert_true(key == rate_key(table, (const char *[]){ "a", "bc" }, 2));
	assert_true(key != rate_key(table, (const char *[]){ "ab", "c" }, 2));
	assert_true(key != rate_key(table, (const char *[]){ "a", "bc", "" }, 3));
	assert_true(key != rate_key(other, (const char *[]){ "a", "bc" }, 2));
	rate_table_free(table);
	rate_table_free(other);
}

static void
a_record_in_use_survives_many_new_keys(void **state)
{
	struct rate_table *table = rate_table_new(7);
	uint64_t mine = key_of(table, -1);

	(void)state;
	rate_table_get(table, mine, 1000)->value = 42;
	for (int i = 0; i < 20 * RATE_RECORDS; i++) {
		rate_table_get(table, key_of(table, i), 1000 + i * 10);
		if (i % 100 == 0)
			assert_int_equal(rate_table_get(table, mine, 1000 + i * 10)->value, 42);
	}
	assert_null(rate_table_find(table, key_of(table, 0)));
	rate_table_free(table);
}

/* The sets of a table fill unevenly, so some records are lost before the table is full. */
static void
half_as_many_keys_as_records_lose_few_records(void **state)
{
	struct rate_table *table = rate_table_new(7);
	int lost = 0;

	(void)state;
	for (int i = 0; i < RATE_RECORDS / 2; i++)
		rate_table_get(table, key_of(table, i), 1000);
	for (int i = 0; i < RATE_RECORDS / 2; i++)
		lost += !rate_table_find(table, key_of(table, i));
	assert_in_range(lost, 0, RATE_RECORDS / 20);
	rate_table_free(table);
}

/* The table grows several times while it gets these records. */
static void
records_and_their_order_survive_when_the_table_grows(void **state)
{
	struct rate_table *table = rate_table_new(7);
	int lost = 0, wrong = 0;

	(void)state;
	for (int i = 0; i < RATE_RECORDS / 8; i++)
		rate_table_get(table, key_of(table, i), 1000 + i)->value = i;
	for (int i = 0; i < RATE_RECORDS / 8; i++) {
		const struct rate_record *record = rate_table_find(table, key_of(table, i));

		lost += !record;
		wrong += record && record->value != i;
	}
	assert_int_equal(wrong, 0);
	assert_in_range(lost, 0, RATE_RECORDS / 8 / 50);
	rate_table_free(table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_with_another_boundary_have_another_key),
		cmocka_unit_test(a_record_in_use_survives_many_new_keys),
		cmocka_unit_test(half_as_many_keys_as_records_lose_few_records),
		cmocka_unit_test(records_and_their_order_survive_when_the_table_grows),
	};

	return cmocka_run_group_tests_name("rate_table", tests, NULL, NULL);
}
