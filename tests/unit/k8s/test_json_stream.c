/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_stream.h"

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The texts, joined by '|'. */
struct got {
	char text[512];
	int rc; /* return value of the callback */
};

static int
collect(void *arg, const char *text, size_t len)
{
	struct got *got = arg;

	if (got->text[0])
		strcat(got->text, "|");
	strncat(got->text, text, len);
	return got->rc;
}

static const struct lines_case {
	const char *name, *in, *want;
} line_cases[] = {
	{ "one line is one text", "{\"a\":1}\n", "{\"a\":1}" },
	{ "two lines are two texts", "a\nbc\n", "a|bc" },
	{ "empty lines are skipped", "\n\na\n\n", "a" },
	{ "a line without its end is kept back", "a\nb", "a" },
	{ "no bytes are no text", "", "" },
};

/* Checks that the texts do not depend on the size of the pieces in which they arrive. */
static void
check_lines(void **state)
{
	const struct lines_case *c = *state;
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len + 1; piece++) {
		struct json_lines lines = { 0 };
		struct got got = { "", 0 };

		for (size_t offset = 0; offset < len; offset += piece)
			assert_int_equal(json_lines_feed(&lines, c->in + offset,
			    len - offset < piece ? len - offset : piece, collect, &got), 0);
		assert_string_equal(got.text, c->want);
		json_lines_done(&lines);
	}
}

static const struct items_case {
	const char *name, *in, *want, *frame;
	int rc;
	bool complete;
} item_cases[] = {
	{ "items can come first, as in lists of custom resources", "{\"items\":[{\"a\":1},{\"b\":[2]}],\"m\":{}}",
	    "{\"a\":1}|{\"b\":[2]}", "{\"items\":[],\"m\":{}}", 0, true },
	{ "items can come last, as in lists of built-in kinds", "{\"m\":{\"v\":\"1\"},\"items\":[{}]}\n", "{}",
	    "{\"m\":{\"v\":\"1\"},\"items\":[]}", 0, true },
	{ "a list can be empty", "{\"items\":[]}", "", "{\"items\":[]}", 0, true },
	{ "items can be null", "{\"items\":null}", "", "{\"items\":null}", 0, true },
	{ "braces, brackets and quotes in strings do not count", "{\"items\":[{\"a\":\"]}\\\"{,\\\\\"},{}]}",
	    "{\"a\":\"]}\\\"{,\\\\\"}|{}", "{\"items\":[]}", 0, true },
	{ "blanks between items are dropped", "{ \"items\" : [ {} ,\n {} ] }", "{}|{}", "{ \"items\" : [] }", 0, true },
	{ "items of a nested object are not the list's items", "{\"m\":{\"items\":[{\"x\":1}]}}", "",
	    "{\"m\":{\"items\":[{\"x\":1}]}}", 0, true },
	{ "a value \"items\" is no key", "{\"kind\":\"items\",\"x\":[{\"a\":1}]}", "",
	    "{\"kind\":\"items\",\"x\":[{\"a\":1}]}", 0, true },
	{ "a list that ends in an item is not complete", "{\"items\":[{\"a\":1},{\"b\"", "{\"a\":1}", "{\"items\":[", 0,
	    false },
	{ "an item that is no object is refused", "{\"items\":[{},7]}", "{}", "{\"items\":[", -EBADMSG, false },
	{ "an array is refused", "[]", "", "", -EBADMSG, false },
	{ "an HTML page is refused", "<html>", "", "", -EBADMSG, false },
	{ "text after the end is refused", "{}x", "", "{}", -EBADMSG, true },
};

static void
check_items(void **state)
{
	const struct items_case *c = *state;
	size_t len = strlen(c->in);

	for (size_t piece = 1; piece <= len + 1; piece++) {
		struct json_items items = { 0 };
		struct got got = { "", 0 };
		int rc = 0;

		for (size_t offset = 0; rc == 0 && offset < len; offset += piece)
			rc = json_items_feed(&items, c->in + offset, len - offset < piece ? len - offset : piece,
			    collect, &got);
		assert_int_equal(rc, c->rc);
		assert_string_equal(got.text, c->want);
		assert_int_equal(items.complete, c->complete);
		assert_int_equal(items.frame.len, strlen(c->frame));
		if (items.frame.len)
			assert_memory_equal(items.frame.data, c->frame, items.frame.len);
		json_items_done(&items);
	}
}

static void
a_text_beyond_the_limit_is_refused(void **state)
{
	char *big = malloc(FRAME_MAX);
	struct json_lines lines = { 0 };
	struct json_items items = { 0 };
	struct got got = { "", 0 };

	(void)state;
	memset(big, 'a', FRAME_MAX);
	assert_int_equal(json_lines_feed(&lines, big, FRAME_MAX, collect, &got), 0);
	assert_int_equal(json_lines_feed(&lines, "a", 1, collect, &got), -EMSGSIZE);
	memcpy(big, "{\"items\":[{\"", 12);
	assert_int_equal(json_items_feed(&items, big, FRAME_MAX, collect, &got), 0);
	assert_int_equal(json_items_feed(&items, big + 20, 30, collect, &got), -EMSGSIZE);
	json_lines_done(&lines);
	json_items_done(&items);
	free(big);
}

static void
a_negative_return_value_stops_the_feeding(void **state)
{
	struct json_lines lines = { 0 };
	struct json_items items = { 0 };
	struct got got = { "", -ESTALE };

	(void)state;
	assert_int_equal(json_lines_feed(&lines, "a\nb\n", 4, collect, &got), -ESTALE);
	assert_string_equal(got.text, "a");
	assert_int_equal(json_items_feed(&items, "{\"items\":[{},{}]}", 17, collect, &got), -ESTALE);
	assert_string_equal(got.text, "a|{}");
	json_lines_done(&lines);
	json_items_done(&items);
}

static void
a_large_buffer_is_freed_after_use(void **state)
{
	struct json_buf json_buf = { 0 };
	char data[20000] = "";

	(void)state;
	assert_int_equal(json_buf_add(&json_buf, data, 100), 0);
	json_buf_reset(&json_buf);
	assert_int_equal(json_buf.room, 1024);
	assert_int_equal(json_buf_add(&json_buf, data, sizeof(data)), 0);
	json_buf_reset(&json_buf);
	assert_null(json_buf.data);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_beyond_the_limit_is_refused),
		cmocka_unit_test(a_negative_return_value_stops_the_feeding),
		cmocka_unit_test(a_large_buffer_is_freed_after_use),
	};
	int failed = UNIT_TABLE("lines of a watch", line_cases, check_lines);

	failed += UNIT_TABLE("items of a list", item_cases, check_items);
	failed += cmocka_run_group_tests_name("frames", tests, NULL, NULL);
	return failed != 0;
}
