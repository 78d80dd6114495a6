/* SPDX-License-Identifier: Apache-2.0 */
#include "http/text_buf.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Numbers are written as by printf("%.16g"). */
static const struct number_case {
	const char *name;
	double value;
} numbers[] = {
	{ "zero", 0 }, { "a count", 1234567890 }, { "a fraction", 0.05 }, { "a third", 1.0 / 3 },
	{ "a negative count", -1 }, { "the largest count", 999999999999999 },
	{ "a number above the largest count", 1e15 }, { "a number with an exponent", 1e300 },
	{ "infinity", INFINITY },
};

static void
check_number(void **state)
{
	const struct number_case *c = *state;
	struct text_buf buf = { 0 };
	char want[40];

	snprintf(want, sizeof(want), "%.16g", c->value);
	text_put_number(&buf, c->value);
	assert_string_equal(buf.text, want);
	free(buf.text);
}

static void
a_text_grows_and_keeps_its_bytes(void **state)
{
	struct text_buf buf = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		text_put_all(&buf, "ab", "", "c", NULL);
	assert_int_equal(buf.len, 3000);
	for (size_t i = 0; i < buf.len; i++)
		assert_int_equal(buf.text[i], "abc"[i % 3]);
	assert_int_equal(buf.text[buf.len], '\0');
	free(buf.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_grows_and_keeps_its_bytes),
	};

	return UNIT_TABLE("numbers", numbers, check_number) +
	    cmocka_run_group_tests_name("text buffers", tests, NULL, NULL);
}
