/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/metrics.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const struct label_case {
	const char *name, *label, *want;
} labels[] = {
	{ "a plain label", "pool-a", "{pool=\"pool-a\"} 3\n" },
	{ "a quote is escaped", "a\"b", "{pool=\"a\\\"b\"} 3\n" },
	{ "a backslash is escaped", "a\\b", "{pool=\"a\\\\b\"} 3\n" },
	{ "a line feed is escaped", "a\nb", "{pool=\"a\\nb\"} 3\n" },
	{ "UTF-8 is not escaped", "\xc3\xa9", "{pool=\"\xc3\xa9\"} 3\n" },
	{ "an empty label", "", "{pool=\"\"} 3\n" },
};

static void
check_label(void **state)
{
	const struct label_case *c = *state;
	struct metrics *m = metrics_new();
	char *text, *line;
	size_t len;

	metric(m, METRIC_POOL_IN_USE, 3, c->label);
	text = metrics_text(m, &len);
	assert_int_equal(len, strlen(text));
	line = strstr(text, "\nmetallb_allocator_addresses_in_use_total{");
	assert_non_null(line);
	assert_string_equal(strchr(line, '{'), c->want);
	free(text);
	metrics_free(m);
}

static const struct value_case {
	const char *name;
	double value;
	const char *want;
} values[] = {
	{ "zero", 0, " 0\n" },
	{ "a count beyond 32 bits", 4294967297, " 4294967297\n" },
	{ "a fraction", 0.1, " 0.1\n" },
	{ "the size of a /64", 9223372036854775807.0, " 9.223372036854776e+18\n" },
};

static void
check_value(void **state)
{
	const struct value_case *c = *state;
	struct metrics *m = metrics_new();
	size_t len;
	char *text;

	metric(m, METRIC_IS_ALLOCATOR, c->value);
	text = metrics_text(m, &len);
	assert_string_equal(strstr(text, "\narplet_is_allocator") + 20, c->want);
	free(text);
	metrics_free(m);
}

static void
the_buckets_of_a_histogram_are_cumulative(void **state)
{
	static const double bounds[] = { 0.1, 1 };
	struct histogram h = { .bounds = bounds, .n = 2 };
	struct metrics *m = metrics_new();
	size_t len;
	char *text;

	(void)state;
	histogram_add(&h, 0.1); /* a bucket of a histogram includes its upper bound */
	histogram_add(&h, 0.5);
	histogram_add(&h, 2);
	histogram_add(&h, 3);
	metrics_histogram(m, METRIC_TAKEOVER, &h);
	text = metrics_text(m, &len);
	assert_non_null(strstr(text, "\n# TYPE arplet_takeover_seconds histogram\n"
	    "arplet_takeover_seconds_bucket{le=\"0.1\"} 1\n"
	    "arplet_takeover_seconds_bucket{le=\"1\"} 2\n"
	    "arplet_takeover_seconds_bucket{le=\"+Inf\"} 4\n"
	    "arplet_takeover_seconds_sum 5.6\n"
	    "arplet_takeover_seconds_count 4\n"));
	free(text);
	metrics_free(m);
}

/* The text format requires all values of a metric in one block, after its HELP and TYPE lines. */
static void
values_added_in_any_order_are_grouped_by_metric(void **state)
{
	struct metrics *m = metrics_new();
	size_t len;
	char *text;

	(void)state;
	metric(m, METRIC_API_REQUESTS, 7, "list", "200");
	metric(m, METRIC_ANNOUNCED, 1, "default/web", "layer2", "node-1", "10.0.0.1");
	metric(m, METRIC_API_REQUESTS, 1, "patch", "409");
	text = metrics_text(m, &len);
	assert_string_equal(text,
	    "# HELP metallb_speaker_announced 1 for each address that this node announces.\n"
	    "# TYPE metallb_speaker_announced gauge\n"
	    "metallb_speaker_announced{service=\"default/web\",protocol=\"layer2\",node=\"node-1\","
	    "ip=\"10.0.0.1\"} 1\n"
	    "# HELP arplet_api_requests_total Requests that the API server answered.\n"
	    "# TYPE arplet_api_requests_total counter\n"
	    "arplet_api_requests_total{verb=\"list\",code=\"200\"} 7\n"
	    "arplet_api_requests_total{verb=\"patch\",code=\"409\"} 1\n");
	free(text);
	metrics_free(m);
}

static void
a_page_without_values_is_empty(void **state)
{
	struct metrics *m = metrics_new();
	size_t len = 1;
	char *text = metrics_text(m, &len);

	(void)state;
	assert_int_equal(len, 0);
	free(text);
	metrics_free(m);
}

int
main(void)
{
	const struct CMUnitTest whole[] = {
		cmocka_unit_test(the_buckets_of_a_histogram_are_cumulative),
		cmocka_unit_test(values_added_in_any_order_are_grouped_by_metric),
		cmocka_unit_test(a_page_without_values_is_empty),
	};

	return UNIT_TABLE("labels", labels, check_label) +
	    UNIT_TABLE("values", values, check_value) +
	    cmocka_run_group_tests_name("page", whole, NULL, NULL);
}
