/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_filter.h"

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NINE(text) text text text text text text text text text

static const struct json_want map[] = { { .key = "" }, { 0 } };
static const struct json_want entry[] = { { .key = "type", .must = "own/" }, { .key = "v" }, { 0 } };
static const struct json_want object[] = {
	{ .key = "name" },
	{ .key = "short", .max_text = 3 },
	{ .key = "map", .in = map, .max_n = 2 },
	{ .key = "list", .in = entry, .max_n = 2 },
	{ .key = "all" },
	{ .key = "not", .how = WANT_DROP },
	{ .key = "pre/", .how = WANT_PREFIX },
	{ .key = "first/", .how = WANT_FIRST },
	{ .key = "kind", .must = "A\"" },
	{ 0 },
};
static const struct json_want list_root = { .key = "", .in = (const struct json_want[]){
	{ .key = "m" }, { .key = "items", .in = object, .how = WANT_ITEMS }, { 0 } } };
static const struct json_want event_root = { .key = "", .in = (const struct json_want[]){
	{ .key = "type" }, { .key = "object", .in = object }, { 0 } } };

/* The texts, joined by '|'; "+" follows a text that was cut. */
struct got {
	char text[1024];
	int rc; /* return value of the callback */
};

static int
collect(void *arg, const char *text, size_t len, bool cut)
{
	struct got *got = arg;

	if (got->text[0])
		strcat(got->text, "|");
	strncat(got->text, text, len);
	if (cut)
		strcat(got->text, "+");
	return got->rc;
}

struct filter_case {
	const char *name, *in, *want;
	int rc;
	const char *frame; /* of a list: the text without its items; NULL: the list is incomplete */
};

/* Reads the text in pieces of each size: the result must not depend on the pieces. */
static void
check_pieces(const struct filter_case *c, const struct json_want *root, bool lines)
{
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len; piece++) {
		struct json_filter filter;
		struct got got = { "", 0 };
		int rc = 0;

		json_filter_init(&filter, root, lines, 60, collect, &got);
		for (size_t at = 0; rc == 0 && at < len; at += piece) {
			/* a copy of the piece, so that valgrind finds reads past its end */
			size_t n = len - at < piece ? len - at : piece;
			char *copy = malloc(n);

			memcpy(copy, c->in + at, n);
			rc = json_filter_feed(&filter, copy, n);
			free(copy);
		}
		assert_string_equal(got.text, c->want);
		assert_int_equal(rc, c->rc);
		assert_int_equal(filter.complete, c->frame != NULL);
		if (c->frame) {
			assert_int_equal(filter.out.len, strlen(c->frame));
			assert_memory_equal(filter.out.data, c->frame, filter.out.len);
		}
		json_filter_done(&filter);
	}
}

static const struct filter_case event_cases[] = {
	{ "only wanted members are copied",
	    "{\"type\":\"ADDED\",\"x\":{\"name\":1},\"object\":{\"name\":\"a\",\"y\":[1,{}],\"z\":\"\\\"}\"}}\n",
	    "{\"type\":\"ADDED\",\"object\":{\"name\":\"a\"}}", 0, NULL },
	{ "each line is a text", "{\"type\":\"A\"}\n{\"type\":\"B\"}\n", "{\"type\":\"A\"}|{\"type\":\"B\"}", 0,
	    NULL },
	{ "blanks are dropped", " { \"type\" : \"A\" , \"object\" : { \"all\" : [ 1 , true ] } } \r\n",
	    "{\"type\":\"A\",\"object\":{\"all\":[1,true]}}", 0, NULL },
	{ "an event without its end is kept back", "{\"type\":\"A\"}\n{\"type\":\"B\"", "{\"type\":\"A\"}", 0, NULL },
	{ "a whole value is copied with all that it contains",
	    "{\"object\":{\"all\":{\"a\":[[],{\"b\":null}],\"c\":-1.5e3}}}",
	    "{\"object\":{\"all\":{\"a\":[[],{\"b\":null}],\"c\":-1.5e3}}}", 0, NULL },
	{ "a long string is cut", "{\"object\":{\"short\":\"abcd\\\"\"}}", "{\"object\":{\"short\":\"abc\"}}", 0, NULL },
	{ "a string of the greatest length is not cut", "{\"object\":{\"short\":\"abc\"}}",
	    "{\"object\":{\"short\":\"abc\"}}", 0, NULL },
	{ "a string is cut between escape sequences", "{\"object\":{\"short\":\"\\u0001\\n\\\\\\u0002\\\\\",\"name\":1}}",
	    "{\"object\":{\"short\":\"\\u0001\\n\\\\\",\"name\":1}}", 0, NULL },
	{ "a string is cut between characters of UTF-8", "{\"object\":{\"short\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa4\"}}",
	    "{\"object\":{\"short\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}}", 0, NULL },
	{ "members over the limit of a map are omitted", "{\"object\":{\"map\":{\"a\":1,\"b\":2,\"c\":{}},\"name\":3}}",
	    "{\"object\":{\"map\":{\"a\":1,\"b\":2},\"name\":3}}", 0, NULL },
	{ "elements over the limit of a list are omitted",
	    "{\"object\":{\"list\":[{\"v\":1},{\"w\":2},{\"v\":3}]}}", "{\"object\":{\"list\":[{\"v\":1},{}]}}", 0, NULL },
	{ "elements that lack a text do not count",
	    "{\"object\":{\"list\":[{\"v\":1,\"type\":\"x\"},{\"type\":\"own\"},{\"type\":\"own/\"},{\"type\":\"x\",\"v\":2},"
	    "{\"v\":3}]}}", "{\"object\":{\"list\":[{\"type\":\"own/\"},{\"v\":3}]}}", 0, NULL },
	{ "the whole text of a member can be required", "{\"object\":{\"kind\":\"A\"}}{\"object\":{\"kind\":\"AB\"}}",
	    "{\"object\":{\"kind\":\"A\"}}|{}", 0, NULL },
	{ "a list instead of a required text is copied", "{\"object\":{\"kind\":[\"B\"]}}",
	    "{\"object\":{\"kind\":[\"B\"]}}", 0, NULL },
	{ "all members with a prefix are copied", "{\"object\":{\"pre/\":1,\"pre/a\":2,\"pre\":3}}",
	    "{\"object\":{\"pre/\":1,\"pre/a\":2}}", 0, NULL },
	{ "only the key of the first member with a prefix matters", "{\"object\":{\"first/a\":\"xyz\",\"first/b\":\"x\"}}",
	    "{\"object\":{\"first/a\":\"x\"}}", 0, NULL },
	{ "a member can be excluded", "{\"object\":{\"not\":1}}", "{\"object\":{}}", 0, NULL },
	{ "a member whose key has an escape sequence is omitted", "{\"object\":{\"\\u006eame\":1,\"a\\\"\":2}}",
	    "{\"object\":{}}", 0, NULL },
	{ "a member whose key is too long is omitted",
	    "{\"object\":{\"pre/" NINE(NINE("1234567")) "\":1,\"name\":2}}", "{\"object\":{\"name\":2}}", 0, NULL },
	{ "an object over the limit is cut and still valid",
	    "{\"object\":{\"all\":[\"012345678901234567890123456789012345678901\",{\"a\":2},3],\"name\":{}}}\n{}",
	    "{\"object\":{\"all\":[\"012345678901234567890123456789012345678901\"]}}+|{}", 0, NULL },
	{ "brackets of different types are refused", "{\"type\":[}", "", -EBADMSG, NULL },
	{ "a missing colon is refused", "{\"type\" 1}", "", -EBADMSG, NULL },
	{ "a missing comma is refused", "{\"type\":1 \"x\":2}", "", -EBADMSG, NULL },
	{ "a comma before a bracket is refused", "{\"object\":{\"all\":[1,]}}", "", -EBADMSG, NULL },
	{ "a comma before a brace is refused", "{\"type\":1,}", "", -EBADMSG, NULL },
	{ "a key without quotes is refused", "{type:1}", "", -EBADMSG, NULL },
	{ "an event must be an object", "[]", "", -EBADMSG, NULL },
	{ "a very long number is refused", "{\"type\":" NINE("12345678") "}", "", -EBADMSG, NULL },
};

static void
check_event(void **state)
{
	check_pieces(*state, &event_root, true);
}

static const struct filter_case list_cases[] = {
	{ "items can come first, as in lists of custom resources",
	    "{\"items\":[{\"name\":1},{\"x\":[2]}],\"m\":{}}", "{\"name\":1}|{}", 0, "{\"items\":[],\"m\":{}}" },
	{ "items can come last, as in lists of built-in kinds", "{\"m\":{\"v\":\"1\"},\"items\":[{}]}\n", "{}", 0,
	    "{\"m\":{\"v\":\"1\"},\"items\":[]}" },
	{ "a list can be empty", "{\"items\":[]}", "", 0, "{\"items\":[]}" },
	{ "items can be null", "{\"items\":null}", "", 0, "{\"items\":null}" },
	{ "the limit counts for each item",
	    "{\"items\":[{\"all\":[\"012345678901234567890123456789012345678901234567890123456789\",1]},{\"name\":2}]}",
	    "{\"all\":[\"012345678901234567890123456789012345678901234567890123456789\"]}+|{\"name\":2}", 0, "{\"items\":[]}" },
	{ "blanks between items are dropped", "{ \"items\" : [ {} ,\n {} ] }", "{}|{}", 0, "{\"items\":[]}" },
	{ "items of a nested object are not the list's items", "{\"m\":{\"items\":[{\"x\":1}]}}", "", 0,
	    "{\"m\":{\"items\":[{\"x\":1}]}}" },
	{ "a list that ends in an item is not complete", "{\"items\":[{\"name\":1},{\"b\"", "{\"name\":1}", 0, NULL },
	{ "an item that is no object is refused", "{\"items\":[{},7]}", "{}", -EBADMSG, NULL },
	{ "an item that is a list is refused", "{\"items\":[[]]}", "", -EBADMSG, NULL },
	{ "an object instead of a list of items is refused", "{\"items\":{\"name\":1}}", "", -EBADMSG, NULL },
	{ "an array is refused", "[]", "", -EBADMSG, NULL },
	{ "an HTML page is refused", "<html>", "", -EBADMSG, NULL },
	{ "text after the end is refused", "{}x", "", -EBADMSG, "{}" },
};

static void
check_list(void **state)
{
	check_pieces(*state, &list_root, false);
}

static void
test_the_return_value_of_the_callback_ends_the_reading(void **state)
{
	struct got got = { "", -ESTALE };
	struct json_filter filter;

	(void)state;
	json_filter_init(&filter, &event_root, true, 1000, collect, &got);
	assert_int_equal(json_filter_feed(&filter, "{}{}", 4), -ESTALE);
	json_filter_reset(&filter);
	assert_string_equal(got.text, "{}");
	json_filter_reset(&filter);
	got = (struct got){ "", 0 };
	assert_int_equal(json_filter_feed(&filter, "{}{", 3), 0);
	json_filter_reset(&filter);
	assert_int_equal(json_filter_feed(&filter, "{}", 2), 0);
	assert_string_equal(got.text, "{}|{}");
	json_filter_done(&filter);
}

static void
test_deep_values_are_cut_but_do_not_end_the_stream(void **state)
{
	static const char open[] = "{\"object\":{\"all\":";
	struct got got = { "", 0 };
	struct json_filter filter;
	char text[4096];
	size_t n = strlen(open), deep = 1500;

	(void)state;
	memcpy(text, open, n);
	memset(text + n, '[', deep);
	memset(text + n + deep, ']', deep);
	memcpy(text + n + 2 * deep, "}}", 2);
	json_filter_init(&filter, &event_root, true, 1000, collect, &got);
	assert_int_equal(json_filter_feed(&filter, text, n + 2 * deep + 2), 0);
	assert_int_equal(strlen(got.text), n + 2 * (size_t)(FILTER_DEPTH - 2) + 3);
	json_filter_done(&filter);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_return_value_of_the_callback_ends_the_reading),
		cmocka_unit_test(test_deep_values_are_cut_but_do_not_end_the_stream),
	};
	int failed = UNIT_TABLE("events", event_cases, check_event);

	failed += UNIT_TABLE("lists", list_cases, check_list);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
