/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_H
#define UNIT_H

/* cmocka.h needs the four headers before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * UNIT_TABLE - runs one cmocka test for each row of @rows.  The name of the test is the member
 * .name of the row.  The test function @check gets the row in *state.
 */
#define UNIT_TABLE(group, rows, check)                                                       \
	unit_table(group, rows, COUNT(rows), sizeof((rows)[0]), offsetof_name(rows), check)
#define offsetof_name(rows) ((size_t)((const char *)&(rows)[0].name - (const char *)&(rows)[0]))

static inline int
unit_table(const char *group, const void *rows, size_t n, size_t size, size_t name_at,
    CMUnitTestFunction check)
{
	struct CMUnitTest *tests = test_calloc(n, sizeof(*tests));
	int failed;

	for (size_t i = 0; i < n; i++) {
		const char *row = (const char *)rows + i * size;

		tests[i].name = *(const char *const *)(row + name_at);
		tests[i].test_func = check;
		tests[i].initial_state = (void *)(uintptr_t)row;
	}
	failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	test_free(tests);
	return failed;
}

#endif
