/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/node_macs.h"
#include "unit.h"

static const struct mac node = { { 2, [5] = 1 } }, rogue = { { 2, [5] = 9 } };
static const struct ip ip = { IPV4, { 10, 0, 0, 1 } };

static void
test_the_only_host_that_answers_three_times_is_the_node(void **state)
{
	struct node_macs node_macs = { 0 };

	(void)state;
	assert_false(node_macs_answer(&node_macs, &ip, &node, 0));
	assert_false(node_macs_answer(&node_macs, &ip, &node, 100));
	assert_true(node_macs_answer(&node_macs, &ip, &node, 200));
	assert_true(node_macs_answer(&node_macs, &ip, &node, 300));
}

static void
test_a_host_that_answers_beside_the_node_is_no_node(void **state)
{
	struct node_macs node_macs = { 0 };

	(void)state;
	for (int64_t ms = 0; ms < 60000; ms += 5000) {
		assert_false(node_macs_answer(&node_macs, &ip, &node, ms));
		assert_false(node_macs_answer(&node_macs, &ip, &rogue, ms + 1));
	}
	assert_false(node_macs_answer(&node_macs, &ip, &node, 90000)); /* counted again */
	assert_false(node_macs_answer(&node_macs, &ip, &node, 90100));
	assert_true(node_macs_answer(&node_macs, &ip, &node, 90200));
}

static void
test_the_number_of_addresses_is_limited(void **state)
{
	struct node_macs node_macs = { 0 };

	(void)state;
	for (int64_t ms = 0; ms < 300; ms += 100) {
		struct ip other = ip;

		for (unsigned int i = 0; i < 200; i++, other.b[3] = (uint8_t)i)
			node_macs_answer(&node_macs, &other, &node, ms + i / 3);
	}
	assert_int_equal(node_macs.n, NODE_MACS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_only_host_that_answers_three_times_is_the_node),
		cmocka_unit_test(test_a_host_that_answers_beside_the_node_is_no_node),
		cmocka_unit_test(test_the_number_of_addresses_is_limited),
	};

	return cmocka_run_group_tests_name("node MACs", tests, NULL, NULL);
}
