/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "unit.h"

#include "core/pools/pool_rules.h"

#include <string.h>

/* The syntax of the annotations of a pool, and the errors of invalid values. */
static const struct rules_case {
	const char *name;
	enum pool_annotation annotation;
	const char *text;
	const char *error; /* a part of the error; NULL: the value is valid */
} cases[] = {
	{ "arplet.io/exclude accepts addresses, blocks and ranges",
	    ANNOTATION_EXCLUDE, "10.0.0.1, 10.0.0.8/29,\n fd00::1 - fd00::9 ,10.9.0.0/16" },
	{ "arplet.io/exclude accepts an empty list", ANNOTATION_EXCLUDE, " " },
	{ "arplet.io/exclude refuses an invalid block",
	    ANNOTATION_EXCLUDE, "10.0.0.1,10.0.0.0/33",
	    "metadata.annotations[\"arplet.io/exclude\"]: \"10.0.0.0/33\": the prefix length" },
	{ "arplet.io/exclude refuses an empty entry",
	    ANNOTATION_EXCLUDE, "10.0.0.1,", "\"\" is neither a CIDR" },
	{ "arplet.io/exclude refuses a host name",
	    ANNOTATION_EXCLUDE, "router", "\"router\" is neither a CIDR" },
	{ "arplet.io/reservations accepts several addresses and Services",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=d/a, 10.0.0.2=d/b,fd00::1=d/a,10.0.0.1=e/a" },
	{ "arplet.io/reservations accepts an empty list", ANNOTATION_RESERVATIONS, "" },
	{ "arplet.io/reservations refuses an address without a Service",
	    ANNOTATION_RESERVATIONS, "10.0.0.1",
	    "metadata.annotations[\"arplet.io/reservations\"]: \"10.0.0.1\" is not of the form" },
	{ "arplet.io/reservations refuses a Service without a namespace",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=a", "form ADDRESS=" },
	{ "arplet.io/reservations refuses a namespace without a Service",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=d/", "form ADDRESS=" },
	{ "arplet.io/reservations refuses an empty namespace",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=/a", "form ADDRESS=" },
	{ "arplet.io/reservations refuses a path with three parts",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=d/a/b", "form ADDRESS=" },
	{ "arplet.io/reservations refuses a block",
	    ANNOTATION_RESERVATIONS, "10.0.0.0/24=d/a", "\"10.0.0.0/24\" is not an address" },
	{ "arplet.io/reservations refuses an address outside of the pool",
	    ANNOTATION_RESERVATIONS, "10.1.0.1=d/a", "the pool does not contain 10.1.0.1" },
	{ "arplet.io/reservations refuses two addresses of one family for a Service",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=d/a,10.0.0.2=d/a",
	    "more than one IPv4 address for Service d/a" },
	{ "arplet.io/reservations refuses the same reservation twice",
	    ANNOTATION_RESERVATIONS, "10.0.0.1=d/a,10.0.0.1=d/a",
	    "more than one IPv4 address for Service d/a" },
	{ "arplet.io/reuse-after accepts a duration", ANNOTATION_REUSE_AFTER, "1h30m" },
	{ "arplet.io/reuse-after accepts 0s", ANNOTATION_REUSE_AFTER, "0s" },
	{ "arplet.io/reuse-after refuses a number without a unit",
	    ANNOTATION_REUSE_AFTER, "10",
	    "metadata.annotations[\"arplet.io/reuse-after\"]: \"10\" is not a time such as" },
	{ "arplet.io/reuse-after refuses more than 720h",
	    ANNOTATION_REUSE_AFTER, "9000h", "\"9000h\" is longer than 720h" },
	{ "arplet.io/reuse-after refuses a number that overflows",
	    ANNOTATION_REUSE_AFTER, "99999999999999999999h", "is not a time" },
	{ "arplet.io/namespace-quota accepts a number", ANNOTATION_QUOTA, "1" },
	{ "arplet.io/namespace-quota refuses 0",
	    ANNOTATION_QUOTA, "0",
	    "metadata.annotations[\"arplet.io/namespace-quota\"]: \"0\" is not a number of" },
	{ "arplet.io/namespace-quota refuses a negative number",
	    ANNOTATION_QUOTA, "-1", "is not a number of addresses" },
	{ "arplet.io/namespace-quota refuses a number with a unit",
	    ANNOTATION_QUOTA, "5 addresses", "is not a number of addresses" },
	{ "arplet.io/namespace-quota refuses a number that overflows",
	    ANNOTATION_QUOTA, "99999999999999999999", "is not a number of" },
	{ "arplet.io/namespace-quota refuses an empty value",
	    ANNOTATION_QUOTA, "", "is not a number of addresses" },
	{ "arplet.io/conflict accepts defend", ANNOTATION_CONFLICT, "defend" },
	{ "arplet.io/share-across-namespaces accepts false", ANNOTATION_SHARE_NAMESPACES, "false" },
	{ "arplet.io/share-across-namespaces accepts true", ANNOTATION_SHARE_NAMESPACES, "true" },
	{ "arplet.io/share-across-namespaces accepts metallb", ANNOTATION_SHARE_NAMESPACES,
	    "metallb" },
	{ "arplet.io/share-across-namespaces refuses yes", ANNOTATION_SHARE_NAMESPACES, "yes",
	    "metadata.annotations[\"arplet.io/share-across-namespaces\"]: \"yes\" is not \"false\", "
	    "\"true\" or \"metallb\"" },
	{ "arplet.io/conflict accepts yield", ANNOTATION_CONFLICT, "yield" },
	{ "arplet.io/conflict refuses another word",
	    ANNOTATION_CONFLICT, "fight", "\"fight\" is neither \"defend\" nor \"yield\"" },
	{ "arplet.io/allow-infrastructure accepts true", ANNOTATION_NODE_GATEWAY, "true" },
	{ "arplet.io/allow-infrastructure accepts false", ANNOTATION_NODE_GATEWAY, "false" },
	{ "arplet.io/ignore-proxy-arp accepts true", ANNOTATION_IGNORE_PROXY_ARP, "true" },
	{ "arplet.io/ignore-proxy-arp refuses 1", ANNOTATION_IGNORE_PROXY_ARP, "1",
	    "metadata.annotations[\"arplet.io/ignore-proxy-arp\"]: \"1\" is neither \"true\" nor "
	    "\"false\"" },
	{ "arplet.io/allow-infrastructure refuses yes",
	    ANNOTATION_NODE_GATEWAY, "yes",
	    "metadata.annotations[\"arplet.io/allow-infrastructure\"]: \"yes\" is neither "
	    "\"true\" nor \"false\"" },
};

static int
parse(enum pool_annotation annotation, const char *text, struct pool_rules *ret_rules,
    struct err *err)
{
	struct pool spec = { 0 };
	struct ip_range ranges[2];

	spec.annotations[annotation] = text;
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
	int rc = parse(c->annotation, c->text, &rules, &err);

	assert_int_equal(rc < 0, c->error != NULL);
	if (c->error && !strstr(err.text, c->error))
		fail_msg("the error is: %s", err.text);
	if (rc < 0)
		assert_int_equal(rules.quota, 77); /* an invalid value does not change the rules */
	else
		pool_rules_done(&rules);
}

static void
pool_rules_excluded_returns_the_range_that_contains_an_address(void **state)
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
reservations_are_found_by_address_and_by_service(void **state)
{
	struct ip one = ip_from_text("10.0.0.1"), other = ip_from_text("10.0.0.3"), ips[2];
	struct pool_rules rules;

	(void)state;
	assert_int_equal(parse(ANNOTATION_RESERVATIONS,
	    "fd00::7=d/a,10.0.0.2=d/c,10.0.0.1=e/a,10.0.0.1=d/b", &rules, NULL), 0);
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
		cmocka_unit_test(pool_rules_excluded_returns_the_range_that_contains_an_address),
		cmocka_unit_test(reservations_are_found_by_address_and_by_service),
	};

	return UNIT_TABLE("pool rules", cases, check_rules) +
	    cmocka_run_group_tests_name("lookups", tests, NULL, NULL);
}
