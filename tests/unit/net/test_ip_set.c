/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ip_set.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const struct set_case {
	const char *name;
	const char *before, *then; /* last bytes of 10.0.0.0/24, sorted */
	size_t ranges;
	const char *missing; /* addresses that must not be in the set at the end */
} cases[] = {
	{ "an empty set has no address", "", "", 0, "0 1 255" },
	{ "an address is a range", "", "7", 1, "6 8" },
	{ "adjacent addresses are one range", "", "7 8 9", 1, "6 10" },
	{ "a gap separates two ranges", "", "1 2 4 6 7", 3, "0 3 5 8" },
	{ "duplicates do not make a range", "", "1 1 2 2", 1, "0 3" },
	{ "a range may end at 10.0.0.255", "", "254 255", 1, "253" },
	{ "a new list replaces the old one", "1 3 5 7 9", "20 21", 1, "1 3 5 7 9 19 22" },
	{ "an empty list empties the set", "1 3", "", 0, "1 3" },
};

static size_t
read_ips(const char *text, struct ip *ret_ips)
{
	size_t n = 0;
	char *end;

	for (long last = strtol(text, &end, 10); end > text; last = strtol(text, &end, 10)) {
		ret_ips[n++] = (struct ip){ IPV4, { 10, 0, 0, (uint8_t)last } };
		text = end;
	}
	return n;
}

static void
set_to(struct ip_set *ip_set, const char *text)
{
	struct ip ips[16];

	ip_set_assign(ip_set, ips, read_ips(text, ips));
}

static void
check_set(void **state)
{
	const struct set_case *c = *state;
	struct ip_set ip_set = { 0 };
	struct ip ips[16];
	size_t n;

	set_to(&ip_set, c->before);
	set_to(&ip_set, c->then);
	assert_int_equal(ip_set.n, c->ranges);
	n = read_ips(c->then, ips);
	for (size_t i = 0; i < n; i++)
		assert_true(ip_set_has(&ip_set, &ips[i]));
	n = read_ips(c->missing, ips);
	for (size_t i = 0; i < n; i++)
		assert_false(ip_set_has(&ip_set, &ips[i]));
	ip_set_done(&ip_set);
}

int
main(void)
{
	return UNIT_TABLE("sets", cases, check_set);
}
