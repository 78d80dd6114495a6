/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rate/event_correlator.h"
#include "unit.h"

#include <stdio.h>

static struct {
	struct event_correlator *correlator;
	int64_t now_ms;
	uint32_t serial;
} at;

static int
setup(void **state)
{
	(void)state;
	at.correlator = event_correlator_new(7);
	at.now_ms = 1000000;
	at.serial = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	event_correlator_free(at.correlator);
	return 0;
}

static struct event_fate
post_in(const char *ns, const char *name, const char *message)
{
	struct correlated_event event = { "Service", ns, name, "u1", "Flapping", message, false };

	return event_correlate(at.correlator, &event, at.now_ms, at.now_ms * 1000, ++at.serial);
}

static struct event_fate
post(const char *message)
{
	return post_in("shop", "web", message);
}

static void
a_repeated_event_changes_the_count_of_the_first(void **state)
{
	struct event_fate first = post("down"), again;

	(void)state;
	assert_int_equal(first.verdict, EVENT_CREATE);
	assert_int_equal(first.count, 1);
	at.now_ms += 599000;
	again = post("down");
	assert_int_equal(again.verdict, EVENT_UPDATE);
	assert_int_equal(again.count, 2);
	assert_int_equal(again.first_us, first.first_us);
	assert_int_equal(again.serial, first.serial);
}

static void
an_event_is_new_after_ten_quiet_minutes(void **state)
{
	(void)state;
	post("down");
	at.now_ms += 602000;
	assert_int_equal(post("down").verdict, EVENT_CREATE);
}

static void
events_about_different_objects_are_not_combined(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "svc-%d", i);
		assert_int_equal(post_in("shop", name, "Assigned").verdict, EVENT_CREATE);
	}
}

static void
the_eleventh_message_of_a_reason_is_combined(void **state)
{
	struct event_fate fate;
	char message[16];

	(void)state;
	for (int i = 0; i < 10; i++) {
		snprintf(message, sizeof(message), "message %d", i);
		fate = post(message);
		assert_int_equal(fate.verdict, EVENT_CREATE);
		assert_false(fate.combined);
	}
	fate = post("message 10");
	assert_true(fate.combined);
	assert_int_equal(fate.verdict, EVENT_CREATE);
	fate = post("message 11");
	assert_true(fate.combined);
	assert_int_equal(fate.verdict, EVENT_UPDATE);
	assert_int_equal(fate.count, 2);
	at.now_ms += 602000;
	assert_false(post("message 12").combined);
}

static void
two_messages_that_alternate_are_never_combined(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		assert_false(post(i % 2 ? "up" : "down").combined);
}

static void
an_object_has_25_events_and_then_one_every_five_minutes(void **state)
{
	int written = 0;

	(void)state;
	for (int i = 0; i < 3000; i++, at.now_ms += 20)
		written += post(i % 2 ? "up" : "down").verdict != EVENT_DROP;
	assert_int_equal(written, 25);
	at.now_ms += 300000;
	assert_int_equal(post("up").verdict, EVENT_UPDATE);
	assert_int_equal(post("up").verdict, EVENT_DROP);
	assert_int_equal(post_in("shop", "other", "up").verdict, EVENT_CREATE);
}

static void
dropped_events_count_in_the_next_one(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		post("down");
	at.now_ms += 301000;
	assert_int_equal(post("down").count, 101);
}

/* 1,000 Services of one namespace change all the time; one Service of another namespace does not. */
static void
a_noisy_namespace_has_a_limit_and_leaves_room_for_others(void **state)
{
	int written = 0;
	char name[16];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "svc-%d", i % 1000);
		written += post_in("noisy", name, i / 1000 % 2 ? "up" : "down").verdict != EVENT_DROP;
		at.now_ms += i % 2;
	}
	assert_in_range(written, 1000, 3000 + 50 * 5);
	assert_int_equal(post_in("quiet", "web", "down").verdict, EVENT_CREATE);
}

static void
repeats_cost_a_namespace_more_than_the_first_events_of_an_object(void **state)
{
	int written = 0;
	char name[16];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "svc-%d", i % 100);
		written += post_in("noisy", name, "down").verdict != EVENT_DROP;
	}
	assert_int_equal(written, 4 * 100 + (3000 - 4 * 100) / 20);
}

static void
an_event_that_the_api_lost_is_created_again(void **state)
{
	struct event_fate fate = post("down");

	(void)state;
	event_correlator_forget(at.correlator, fate.id);
	fate = post("down");
	assert_int_equal(fate.verdict, EVENT_CREATE);
	assert_int_equal(fate.count, 2);
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(a_repeated_event_changes_the_count_of_the_first),
		RULE(an_event_is_new_after_ten_quiet_minutes),
		RULE(events_about_different_objects_are_not_combined),
		RULE(the_eleventh_message_of_a_reason_is_combined),
		RULE(two_messages_that_alternate_are_never_combined),
		RULE(an_object_has_25_events_and_then_one_every_five_minutes),
		RULE(dropped_events_count_in_the_next_one),
		RULE(a_noisy_namespace_has_a_limit_and_leaves_room_for_others),
		RULE(repeats_cost_a_namespace_more_than_the_first_events_of_an_object),
		RULE(an_event_that_the_api_lost_is_created_again),
	};

	return cmocka_run_group_tests_name("event_correlator", tests, NULL, NULL);
}
