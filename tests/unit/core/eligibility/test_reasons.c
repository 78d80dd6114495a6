/* SPDX-License-Identifier: Apache-2.0 */
#include "core/eligibility/reasons.h"
#include "unit.h"

static void
reasons_text_is_null_without_a_reason(void **state)
{
	struct reasons reasons = { 0 };

	(void)state;
	assert_null(reasons_text(&reasons));
}

static void
reasons_text_groups_nodes_with_the_same_reason(void **state)
{
	struct arena mem = { 0 };
	struct reasons reasons = { .mem = &mem };

	(void)state;
	reasons_add(&reasons, "n1", "not Ready");
	reasons_add(&reasons, "n2", "cordoned");
	reasons_add(&reasons, "n3", "not Ready");
	assert_string_equal(reasons_text(&reasons), "n1, n3: not Ready; n2: cordoned");
	arena_done(&mem);
}

static void
reasons_text_names_the_first_of_many_nodes(void **state)
{
	struct arena mem = { 0 };
	struct reasons reasons = { .mem = &mem };

	(void)state;
	for (int i = 0; i < 200; i++)
		reasons_add(&reasons, arena_printf(&mem, "node-%03d", i), "not Ready");
	assert_string_equal(reasons_text(&reasons),
	    "node-000, node-001, node-002, node-003, node-004, node-005, node-006, node-007, node-008, "
	    "node-009, node-010, node-011, node-012 and 187 more: not Ready");
	arena_done(&mem);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_text_is_null_without_a_reason),
		cmocka_unit_test(reasons_text_groups_nodes_with_the_same_reason),
		cmocka_unit_test(reasons_text_names_the_first_of_many_nodes),
	};

	return cmocka_run_group_tests_name("reasons", tests, NULL, NULL) != 0;
}
