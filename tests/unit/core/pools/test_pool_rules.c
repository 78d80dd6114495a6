/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "unit.h"

#include "core/pools/pool_rules.h"

#include <string.h>

/* What annotations of a pool may say, and what a person is told who writes something else. */
static const struct rules_case {
	const char *name;
	enum pool_annotation note;
	const char *text;
	const char *says; /* a part of the sentence; NULL: fine */
} cases[] = {
	{ "addresses, blocks and ranges are excluded", ANNOTATION_EXCLUDE,
	    "10.0.0.1, 10.0.0.8/29,\n fd00::1 - fd00::9 ,10.9.0.0/16" },
	{ "nothing is excluded", ANNOTATION_EXCLUDE, " " },
	{ "a block that is none", ANNOTATION_EXCLUDE, "10.0.0.1,10.0.0.0/33",
	    "metadata.annotations[\"arplet.io/exclude\"]: \"10.0.0.0/33\": the prefix length" },
	{ "an entry that is empty", ANNOTATION_EXCLUDE, "10.0.0.1,", "\"\" is neither a CIDR" },
	{ "a name", ANNOTATION_EXCLUDE, "router", "\"router\" is neither a CIDR" },
	{ "reservations", ANNOTATION_RESERVATIONS, "10.0.0.1=d/a, 10.0.0.2=d/b,fd00::1=d/a,10.0.0.1=e/a" },
	{ "no reservations", ANNOTATION_RESERVATIONS, "" },
	{ "a reservation for nobody", ANNOTATION_RESERVATIONS, "10.0.0.1",
	    "metadata.annotations[\"arplet.io/reservations\"]: \"10.0.0.1\" is not of the form" },
	{ "for a Service without a namespace", ANNOTATION_RESERVATIONS, "10.0.0.1=a", "form ADDRESS=" },
	{ "for a namespace", ANNOTATION_RESERVATIONS, "10.0.0.1=d/", "form ADDRESS=" },
	{ "for an empty namespace", ANNOTATION_RESERVATIONS, "10.0.0.1=/a", "form ADDRESS=" },
	{ "for a path", ANNOTATION_RESERVATIONS, "10.0.0.1=d/a/b", "form ADDRESS=" },
	{ "of a block", ANNOTATION_RESERVATIONS, "10.0.0.0/24=d/a", "\"10.0.0.0/24\" is not an address" },
	{ "of an address elsewhere", ANNOTATION_RESERVATIONS, "10.1.0.1=d/a",
	    "the pool does not contain 10.1.0.1" },
	{ "of two addresses for one Service", ANNOTATION_RESERVATIONS, "10.0.0.1=d/a,10.0.0.2=d/a",
	    "more than one IPv4 address for Service d/a" },
	{ "of one address twice", ANNOTATION_RESERVATIONS, "10.0.0.1=d/a,10.0.0.1=d/a",
	    "more than one IPv4 address for Service d/a" },
	{ "a rest", ANNOTATION_REUSE_AFTER, "1h30m" },
	{ "no rest", ANNOTATION_REUSE_AFTER, "0s" },
	{ "a rest without a unit", ANNOTATION_REUSE_AFTER, "10",
	    "metadata.annotations[\"arplet.io/reuse-after\"]: \"10\" is not a time such as" },
	{ "a rest of years", ANNOTATION_REUSE_AFTER, "9000h", "\"9000h\" is more than 720h" },
	{ "a rest without end", ANNOTATION_REUSE_AFTER, "99999999999999999999h", "is not a time" },
	{ "a quota", ANNOTATION_QUOTA, "1" },
	{ "a quota of nothing", ANNOTATION_QUOTA, "0",
	    "metadata.annotations[\"arplet.io/namespace-quota\"]: \"0\" is not a number of" },
	{ "a quota below nothing", ANNOTATION_QUOTA, "-1", "is not a number of addresses" },
	{ "a quota with a unit", ANNOTATION_QUOTA, "5 addresses", "is not a number of addresses" },
	{ "a quota beyond all numbers", ANNOTATION_QUOTA, "99999999999999999999", "is not a number of" },
	{ "an empty quota", ANNOTATION_QUOTA, "", "is not a number of addresses" },
	{ "a rival is told that the address is taken", ANNOTATION_CONFLICT, "defend" },
	{ "or is left the address", ANNOTATION_CONFLICT, "yield" },
	{ "or is fought", ANNOTATION_CONFLICT, "fight", "\"fight\" is neither defend nor yield" },
	{ "allowed", ANNOTATION_NODE_GATEWAY, "true" },
	{ "not allowed", ANNOTATION_NODE_GATEWAY, "false" },
	{ "allowed in another language", ANNOTATION_NODE_GATEWAY, "yes",
	    "metadata.annotations[\"arplet.io/allow-infrastructure\"]: \"yes\" is neither true nor" },
};

static int
parse(enum pool_annotation note, const char *text, struct pool_rules *ret_rules, struct err *err)
{
	struct pool spec = { 0 };
	struct ip_range ranges[2];

	spec.annotations[note] = text;
	assert_int_equal(ip_range_parse("10.0.0.0/24", &ranges[0], NULL), 0);
	assert_int_equal(ip_range_parse("fd00::/120", &ranges[1], NULL), 0);
	return pool_rules_parse(&spec, ranges, 2, ret_rules, err);
}

static void
check_rules(void **state)
{
	const struct rules_case *c = *state;
	struct pool_rules rules = { .quota = 77 };
	struct err err = { "" };
	int rc = parse(c->note, c->text, &rules, &err);

	assert_int_equal(rc < 0, c->says != NULL);
	if (c->says && !strstr(err.text, c->says))
		fail_msg("said: %s", err.text);
	if (rc < 0)
		assert_int_equal(rules.quota, 77); /* untouched */
	else
		pool_rules_done(&rules);
}

static void
test_the_excluded_block_of_an_address_is_found(void **state)
{
	static const struct {
		const char *ip, *last; /* NULL: not excluded */
	} want[] = {
		{ "10.0.0.0", NULL }, { "10.0.0.1", "10.0.0.20" }, { "10.0.0.4", "10.0.0.20" },
		{ "10.0.0.20", "10.0.0.20" }, { "10.0.0.21", NULL }, { "10.0.0.30", "10.0.0.30" },
		{ "10.0.0.31", NULL }, { "fd00::", "fd00::1" }, { "fd00::2", NULL },
		{ "9.0.0.0", NULL },
	};
	struct pool_rules rules;

	(void)state;
	assert_int_equal(parse(ANNOTATION_EXCLUDE, "fd00::/127,10.0.0.30,10.0.0.4-10.0.0.20,"
	    "10.0.0.1-10.0.0.9,10.0.0.2", &rules, NULL), 0);
	for (size_t i = 0; i < COUNT(want); i++) {
		struct ip one = ip_from_text(want[i].ip);
		const struct ip_range *found = pool_rules_excluded(&rules, &one);
		char buf[IP_TEXT_MAX] = "";

		assert_string_equal(found ? ip_format(&found->last, buf) : "",
		    want[i].last ? want[i].last : "");
	}
	pool_rules_done(&rules);
}

static void
test_reservations_are_found_by_address_and_by_service(void **state)
{
	struct ip one = ip_from_text("10.0.0.1"), other = ip_from_text("10.0.0.3"), ips[2];
	struct pool_rules rules;

	(void)state;
	assert_int_equal(parse(ANNOTATION_RESERVATIONS, "fd00::7=d/a,10.0.0.2=d/c,10.0.0.1=e/a,10.0.0.1=d/b",
	    &rules, NULL), 0);
	assert_string_equal(pool_rules_reservation(&rules, &one)->name, "b");
	assert_null(pool_rules_reservation(&rules, &other));
	assert_true(pool_rules_reserved_for(&rules, &one, "e", "a"));
	assert_true(pool_rules_reserved_for(&rules, &one, "d", "b"));
	assert_false(pool_rules_reserved_for(&rules, &one, "d", "a"));
	assert_int_equal(pool_rules_reserved_ips(&rules, "d", "a", ips), 1);
	assert_int_equal(ips[0].family, IPV6);
	assert_int_equal(pool_rules_reserved_ips(&rules, "a", "a", ips), 0);
	assert_int_equal(pool_rules_reserved_ips(&rules, "e", "z", ips), 0);
	pool_rules_done(&rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_excluded_block_of_an_address_is_found),
		cmocka_unit_test(test_reservations_are_found_by_address_and_by_service),
	};

	return UNIT_TABLE("rules", cases, check_rules) +
	    cmocka_run_group_tests_name("lookups", tests, NULL, NULL);
}
