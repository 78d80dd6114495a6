/* SPDX-License-Identifier: Apache-2.0 */
#include "net/addr_list.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* Random changes, which the test applies to a sorted and to an unsorted list, and to a bitmap. */
static const struct list_case {
	const char *name;
	size_t changes, different; /* numbers of changes, and of different addresses */
	int removed_of_4;          /* this many of four changes remove an address */
} cases[] = {
	{ "addresses are sorted, whatever their order", 1000, 5000, 0 },
	{ "duplicates are kept once", 1000, 50, 0 },
	{ "a list can become empty and grow again", 2000, 3, 2 },
	{ "removed addresses are gone", 2000, 200, 1 },
	{ "a list of 10,000 addresses is sorted", 20000, 10000, 0 },
};

static struct link_addr
addr_of(size_t n)
{
	return (struct link_addr){ { n % 3 ? IPV4 : IPV6, { 10, (uint8_t)(n >> 8), (uint8_t)n } },
		(uint8_t)(n % 5 + 8) };
}

static void
check(void **state)
{
	const struct list_case *c = *state;
	struct link sorted = { 0 }, unsorted = { 0 };
	bool *has = calloc(c->different, sizeof(*has));
	size_t n = 0;

	srand48(4711);
	for (size_t i = 0; i < c->changes; i++) {
		size_t which = (size_t)lrand48() % c->different;
		struct link_addr addr = addr_of(which);
		bool adds = lrand48() % 4 >= c->removed_of_4;

		if (adds)
			addr_list_add(&unsorted, &addr, true);
		else
			assert_int_equal(addr_list_remove(&unsorted, &addr, true), has[which]);
		assert_int_equal(adds ? addr_list_add(&sorted, &addr, false)
				      : addr_list_remove(&sorted, &addr, false),
		    has[which] != adds);
		n += adds && !has[which];
		n -= !adds && has[which];
		has[which] = adds;
	}
	addr_list_sort(&unsorted);
	assert_int_equal(sorted.n_addrs, n);
	assert_true(link_equal(&sorted, &unsorted));
	for (size_t i = 0; i < c->different; i++) {
		const struct link_addr addr = addr_of(i);

		assert_int_equal(link_has_address(&sorted, &addr.ip), has[i]);
	}
	for (size_t i = 1; i < n; i++)
		assert_true(link_addr_cmp(&sorted.addrs[i - 1], &sorted.addrs[i]) < 0);
	free(sorted.addrs);
	free(unsorted.addrs);
	free(has);
}

int
main(void)
{
	return UNIT_TABLE("lists of addresses", cases, check);
}
