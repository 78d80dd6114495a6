/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_scan.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct leave_case {
	const char *name, *in, *rest; /* @rest: what is behind the bracket that closes */
	unsigned int depth;           /* that is left open */
} leave_cases[] = {
	{ "an object ends with its brace", "{}x", "x", 0 },
	{ "what is nested in it does not end it", "{\"a\":[{}],\"b\":[]},7", ",7", 0 },
	{ "brackets in strings do not count", "[\"]}\",\"[\"]]", "]", 0 },
	{ "nor do quotes that are escaped end a string", "[\"\\\"]\",\"\\\\\"]]", "]", 0 },
	{ "what is not closed goes on", "[{\"a\":[1]}", "", 1 },
	{ "nor is it closed in a string", "[\"]", "", 1 },
};

/* Whatever the pieces in which it arrives. */
static void
check_leave(void **state)
{
	const struct leave_case *c = *state;
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len; piece++) {
		struct json_scan scan = { 0 };
		size_t at = 0;

		do {
			size_t n = len - at < piece ? len - at : piece;

			at += json_scan_leave(&scan, 0, c->in + at, n);
		} while (scan.depth && at < len);
		assert_string_equal(c->in + at, c->rest);
		assert_int_equal(scan.depth, c->depth);
	}
}

static const struct unread_case {
	const char *name, *in, *want; /* @want: without what is not read; NULL: all of it is */
} unread_cases[] = {
	{ "the last member of an object's metadata",
	    "{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"f\":{}},{}]},\"spec\":{}}",
	    "{\"metadata\":{\"name\":\"a\",\"managedFields\":[]},\"spec\":{}}" },
	{ "its first member", "{\"managedFields\":[1],\"name\":\"a\"}",
	    "{\"managedFields\":[],\"name\":\"a\"}" },
	{ "keys with quotes and brackets in them, as lists have",
	    "{\"managedFields\":[{\"k:{\\\"port\\\":80,\\\"x\\\":\\\"]\\\\\\\\\\\"}\":{}}],\"b\":[2]}",
	    "{\"managedFields\":[],\"b\":[2]}" },
	{ "an empty list", "{\"managedFields\":[]}", "{\"managedFields\":[]}" },
	{ "an object without", "{\"metadata\":{\"name\":\"a\"}}", NULL },
	{ "an annotation with an object as text",
	    "{\"a\":\"{\\\"managedFields\\\":[1],\\\"b\\\":[]}\"}", NULL },
	{ "a key that ends in it", "{\"a\\\"managedFields\":[1]}", NULL },
	{ "a value that is it", "{\"a\":\"managedFields\",\"b\":[1]}", NULL },
	{ "null", "{\"managedFields\":null}", NULL },
	{ "blanks, which the API server does not write", "{ \"managedFields\": [ 1 ] }", NULL },
	{ "a text that breaks off in them", "{\"managedFields\":[{\"a\":1}", NULL },
	{ "nothing before them", "\"managedFields\":[1]", NULL },
	{ "nothing", "", NULL },
};

static void
check_unread(void **state)
{
	const struct unread_case *c = *state;
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

	failed += UNIT_TABLE("what is not read of an object", unread_cases, check_unread);
	return failed != 0;
}
