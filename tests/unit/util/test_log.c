/* SPDX-License-Identifier: Apache-2.0 */
#include "util/log.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct body_case {
	const char *name, *value;
	const char *text, *json; /* @value as each log format writes it */
} bodies[] = {
	{ "a word", "default/web", "default/web", "\"default/web\"" },
	{ "an IPv6 address", "fd00::1", "fd00::1", "\"fd00::1\"" },
	{ "spaces", "a b", "\"a b\"", "\"a b\"" },
	{ "an empty value", "", "\"\"", "\"\"" },
	{ "a value that looks like a pair", "a=b", "\"a=b\"", "\"a=b\"" },
	{ "a quote", "a\"b", "\"a\\\"b\"", "\"a\\\"b\"" },
	{ "a backslash", "a\\b", "\"a\\\\b\"", "\"a\\\\b\"" },
	{ "a line feed", "a\nb", "\"a\\nb\"", "\"a\\nb\"" },
	{ "a tab", "a\tb", "\"a\\tb\"", "\"a\\tb\"" },
	{ "a terminal's escape", "\x1b[31m", "\"\\x1b[31m\"", "\"\\u001b[31m\"" },
	{ "a delete", "\x7f", "\"\\x7f\"", "\"\\u007f\"" },
	{ "a C1 control", "\xc2\x9b" "2J", "\"\\xc2\\x9b2J\"", "\"\\ufffd\\ufffd2J\"" },
	{ "UTF-8", "caf\xc3\xa9 \xf0\x9f\x99\x82", "\"caf\xc3\xa9 \xf0\x9f\x99\x82\"",
	    "\"caf\xc3\xa9 \xf0\x9f\x99\x82\"" },
	{ "a lone byte", "\xff", "\"\\xff\"", "\"\\ufffd\"" },
	{ "a cut character", "\xe2\x82", "\"\\xe2\\x82\"", "\"\\ufffd\\ufffd\"" },
	{ "an overlong slash", "\xc0\xaf", "\"\\xc0\\xaf\"", "\"\\ufffd\\ufffd\"" },
	{ "a surrogate", "\xed\xa0\x80", "\"\\xed\\xa0\\x80\"", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "beyond Unicode", "\xf4\x90\x80\x80", "\"\\xf4\\x90\\x80\\x80\"",
	    "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
};

static char *
body(enum log_format format, enum log_level level, const struct log_pair *pairs, size_t n)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	log_body(out, format, level, "message", pairs, n);
	fclose(out);
	return text;
}

static void
check_body(void **state)
{
	const struct body_case *c = *state;
	struct log_pair pair = { "key", c->value };
	char *text = body(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, &pair, 1), want[256];
	char *json = body(LOG_FORMAT_JSON, LOG_LEVEL_ERROR, &pair, 1);

	snprintf(want, sizeof(want), "INFO  message key=%s", c->text);
	assert_string_equal(text, want);
	snprintf(want, sizeof(want), "\"level\":\"error\",\"msg\":\"message\",\"key\":%s", c->json);
	assert_string_equal(json, want);
	free(text);
	free(json);
}

static void
a_long_value_is_cut(void **state)
{
	char value[4096], *text;

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	text = body(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, &(struct log_pair){ "key", value }, 1);
	assert_true(strlen(text) < 1100);
	assert_non_null(strstr(text, "xxx...\""));
	free(text);
}

static FILE *captured;
static int stderr_fd;

static int
capture(void **state)
{
	(void)state;
	captured = tmpfile();
	stderr_fd = dup(STDERR_FILENO);
	return captured && dup2(fileno(captured), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int
release(void **state)
{
	(void)state;
	dup2(stderr_fd, STDERR_FILENO);
	close(stderr_fd);
	fclose(captured);
	return 0;
}

/* Returns the captured line that follows the first @skip lines; "": there is none. */
static const char *
line_after(size_t skip)
{
	static char line[512];

	rewind(captured);
	for (size_t i = 0; i <= skip; i++) {
		if (!fgets(line, sizeof(line), captured))
			return "";
	}
	return line;
}

static void
messages_below_the_level_are_not_written(void **state)
{
	(void)state;
	log_init(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
	log_info("hidden", NULL);
	log_warn("shown", "a", "1", "absent", NULL, "b", "2", NULL);
	assert_string_equal(line_after(0) + 24, " WARN  shown a=1 b=2\n");
	assert_int_equal(line_after(0)[10], 'T');
	assert_int_equal(line_after(0)[23], 'Z');
	assert_string_equal(line_after(1), "");
}

/* The message of an Event may quote an annotation that any user can write. */
static void
a_message_cannot_forge_a_line(void **state)
{
	(void)state;
	log_init(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
	log_info("no pool \"a\nERROR \x1b[2Jb\"", NULL);
	assert_string_equal(line_after(0) + 24, " INFO  no pool \"a\\nERROR \\x1b[2Jb\"\n");
	assert_string_equal(line_after(1), "");
}

static void
a_json_line_is_an_object(void **state)
{
	(void)state;
	log_init(LOG_LEVEL_INFO, LOG_FORMAT_JSON);
	log_info("started", "node", "n1", NULL);
	assert_memory_equal(line_after(0), "{\"time\":\"2", 10);
	assert_string_equal(strstr(line_after(0), "Z\""),
	    "Z\",\"level\":\"info\",\"msg\":\"started\",\"node\":\"n1\"}\n");
}

static void
a_repeated_line_is_counted(void **state)
{
	(void)state;
	log_init(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
	for (int i = 0; i < 5; i++)
		log_error("again", "ip", "10.0.0.1", NULL);
	log_error("again", "ip", "10.0.0.2", NULL);
	assert_non_null(strstr(line_after(0), "ERROR again ip=10.0.0.1\n"));
	assert_non_null(strstr(line_after(1), "times=4\n"));
	assert_non_null(strstr(line_after(2), "ERROR again ip=10.0.0.2\n"));
	assert_string_equal(line_after(3), "");
}

int
main(void)
{
	const struct CMUnitTest written[] = {
		cmocka_unit_test(a_long_value_is_cut),
		cmocka_unit_test_setup_teardown(messages_below_the_level_are_not_written,
		    capture, release),
		cmocka_unit_test_setup_teardown(a_message_cannot_forge_a_line, capture, release),
		cmocka_unit_test_setup_teardown(a_json_line_is_an_object, capture, release),
		cmocka_unit_test_setup_teardown(a_repeated_line_is_counted, capture,
		    release),
	};

	return UNIT_TABLE("values", bodies, check_body) +
	    cmocka_run_group_tests_name("lines", written, NULL, NULL);
}
