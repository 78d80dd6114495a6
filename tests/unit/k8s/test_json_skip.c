/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_skip.h"

#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NINE(text) text text text text text text text text text
#define DEEP(text) NINE(NINE(text)) /* 81 levels */

static const struct skip_case {
	const char *name, *in, *rest; /* @rest: the part of @in after the value; NULL: no end */
	int rc;
} skip_cases[] = {
	{ "an object ends with its brace", "{}x", "x", 0 },
	{ "nested brackets do not end an object", "{\"a\":[{}],\"b\":[]},7", ",7", 0 },
	{ "brackets in strings do not count", "[\"]}\",\"[\"]]", "]", 0 },
	{ "escaped quotes do not end a string", "\"\\\"\\\\\\\"\",1", ",1", 0 },
	{ "a string ends after two backslashes", "\"\\\\\",", ",", 0 },
	{ "a number ends before the comma", "-12.5e7,", ",", 0 },
	{ "true ends before the brace", "true}", "}", 0 },
	{ "an open object has no end", "{\"a\":[1]", NULL, 0 },
	{ "an open string has no end", "\"a\\\"", NULL, 0 },
	{ "a brace does not close a list", "[1}", NULL, -EBADMSG },
	{ "a bracket does not close an object", "{\"a\":[{]}", NULL, -EBADMSG },
	{ "a comma begins no value", ",", NULL, -EBADMSG },
	{ "a word that JSON does not know begins no value", "yes", NULL, -EBADMSG },
	{ "a value may have more levels than the filter stores types for",
	    DEEP("[") DEEP("]") ",", ",", 0 },
	{ "an object may have more levels than the filter stores types for",
	    "{\"a\":" DEEP("[") DEEP("]") "},", ",", 0 },
};

/* Checks that the result does not depend on the size of the pieces in which the text arrives. */
static void
check_skip(void **state)
{
	const struct skip_case *c = *state;
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len; piece++) {
		struct json_skip skip = { 0 };
		size_t offset = 0;
		bool ends = false;
		long n = 0;

		while (n >= 0 && !ends && offset < len) {
			n = json_skip_value(&skip, c->in + offset,
			    len - offset < piece ? len - offset : piece, &ends);
			offset += n > 0 ? (size_t)n : 0;
		}
		assert_int_equal(n < 0 ? n : 0, c->rc);
		assert_int_equal(ends, c->rest != NULL);
		if (c->rest)
			assert_string_equal(c->in + offset, c->rest);
	}
}

int
main(void)
{
	return UNIT_TABLE("json_skip", skip_cases, check_skip);
}
