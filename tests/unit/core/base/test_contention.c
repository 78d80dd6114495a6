/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/contention.h"
#include "unit.h"

static const struct contention_rule rule = { .free = 2, .first_ms = 1000, .cap_ms = 8000 };

/* The change is undone at these times, s; then the pause ends at @until_s. */
static const struct contention_case {
	const char *name;
	int64_t at_s[8];
	size_t n;
	int64_t until_s; /* 0: no pause */
} cases[] = {
	{ "a change that was never undone has no pause", { 0 }, 0, 0 },
	{ "the first times cause no pause", { 10, 11 }, 2, 0 },
	{ "then there is a pause", { 10, 11, 12 }, 3, 13 },
	{ "each pause is twice as long", { 10, 11, 12, 13, 15 }, 5, 19 },
	{ "a pause is never longer than its limit", { 10, 11, 12, 13, 14, 15, 16, 17 }, 8, 25 },
	{ "after a calm time the count starts again", { 10, 11, 12, 75 }, 4, 0 },
	{ "a longer pause needs a longer calm time", { 10, 11, 12, 13, 76 }, 5, 80 },
	{ "times far apart are no contention", { 10, 100, 200, 300 }, 4, 0 },
};

static void
check_pause(void **state)
{
	const struct contention_case *c = *state;
	struct contention contention = { 0 };
	int64_t last_ms = 0;

	for (size_t i = 0; i < c->n; i++) {
		last_ms = c->at_s[i] * 1000;
		contention_count(&contention, &rule, last_ms);
	}
	assert_int_equal(contention_until_ms(&contention, &rule), c->until_s * 1000);
	assert_int_equal(contention_is_long(&contention, &rule, last_ms), c->until_s != 0);
	assert_false(contention_is_long(&contention, &rule, last_ms + 77000));
}

int
main(void)
{
	return UNIT_TABLE("contention", cases, check_pause);
}
