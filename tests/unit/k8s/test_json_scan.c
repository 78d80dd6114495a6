/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_scan.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct leave_case {
	const char *name, *in, *rest; /* @rest: the part of @in after the closing bracket */
	unsigned int depth;           /* number of brackets that are still open at the end */
} leave_cases[] = {
	{ "an object ends with its brace", "{}x", "x", 0 },
	{ "nested brackets do not end an object", "{\"a\":[{}],\"b\":[]},7", ",7", 0 },
	{ "brackets in strings do not count", "[\"]}\",\"[\"]]", "]", 0 },
	{ "escaped quotes do not end a string", "[\"\\\"]\",\"\\\\\"]]", "]", 0 },
	{ "an open object continues in the next piece", "[{\"a\":[1]}", "", 1 },
	{ "a bracket in an open string does not close a list", "[\"]", "", 1 },
};

/* Checks that the result does not depend on the size of the pieces in which the text arrives. */
static void
check_leave(void **state)
{
	const struct leave_case *c = *state;
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len; piece++) {
		struct json_scan scan = { 0 };
		size_t offset = 0;

		do {
			size_t n = len - offset < piece ? len - offset : piece;

			offset += json_scan_leave(&scan, 0, c->in + offset, n);
		} while (scan.depth && offset < len);
		assert_string_equal(c->in + offset, c->rest);
		assert_int_equal(scan.depth, c->depth);
	}
}

static const struct managed_fields_case {
	/* @want: @in without managedFields' entries; NULL: it has none */
	const char *name, *in, *want;
} managed_fields_cases[] = {
	{ "managedFields can be the last member",
	    "{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"f\":{}},{}]},\"spec\":{}}",
	    "{\"metadata\":{\"name\":\"a\",\"managedFields\":[]},\"spec\":{}}" },
	{ "managedFields can be the first member", "{\"managedFields\":[1],\"name\":\"a\"}",
	    "{\"managedFields\":[],\"name\":\"a\"}" },
	{ "managedFields can contain keys with quotes and brackets",
	    "{\"managedFields\":[{\"k:{\\\"port\\\":80,\\\"x\\\":\\\"]\\\\\\\\\\\"}\":{}}],\"b\":[2]}",
	    "{\"managedFields\":[],\"b\":[2]}" },
	{ "managedFields can be empty", "{\"managedFields\":[]}", "{\"managedFields\":[]}" },
	{ "an object can have no managedFields", "{\"metadata\":{\"name\":\"a\"}}", NULL },
	{ "managedFields in the string of an annotation do not count",
	    "{\"a\":\"{\\\"managedFields\\\":[1],\\\"b\\\":[]}\"}", NULL },
	{ "a key that ends in managedFields does not count", "{\"a\\\"managedFields\":[1]}", NULL },
	{ "a value \"managedFields\" does not count", "{\"a\":\"managedFields\",\"b\":[1]}", NULL },
	{ "managedFields can be null", "{\"managedFields\":null}", NULL },
	{ "a text with spaces is not searched", "{ \"managedFields\": [ 1 ] }", NULL },
	{ "managedFields without their end do not count", "{\"managedFields\":[{\"a\":1}", NULL },
	{ "managedFields need an object around them", "\"managedFields\":[1]", NULL },
	{ "an empty text has no managedFields", "", NULL },
};

static void
check_managed_fields(void **state)
{
	const struct managed_fields_case *c = *state;
	size_t len = strlen(c->in), from, to;
	char got[256];

	assert_int_equal(json_scan_managed_fields(c->in, len, &from, &to), c->want != NULL);
	if (!c->want)
		return;
	snprintf(got, sizeof(got), "%.*s%s", (int)from, c->in, c->in + to);
	assert_string_equal(got, c->want);
}

int
main(void)
{
	int failed = UNIT_TABLE("brackets", leave_cases, check_leave);

	failed += UNIT_TABLE("managedFields", managed_fields_cases, check_managed_fields);
	return failed != 0;
}
