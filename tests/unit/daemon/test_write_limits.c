/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/write_queue.h"

#include "fake_client.h"
#include "unit.h"
#include "util/clock.h"
#include "util/log.h"
#include "write_queue_fixture.h"

#include <string.h>

/* The write_queue limits how often it writes an object, and how many Events it writes. */

/* Writes the addresses of "web" again and again; returns the number of writes. */
static unsigned int
write_often(int n)
{
	unsigned int made = fake.n_made;

	for (int i = 0; i < n; i++) {
		assign("web", (uint8_t)i);
		accept_all();
	}
	return fake.n_made - made;
}

static void
a_service_that_changes_all_the_time_is_written_twice_a_second(void **state)
{
	int64_t from_ms = clock_ms();
	size_t writes = write_often(100);

	(void)state;
	/* valgrind is slow: the bucket gets a token every 500 ms meanwhile */
	assert_in_range(writes, 10, 11 + (clock_ms() - from_ms) / 500);
	assert_int_equal(write_queue_stats(api.ex)->paced, 1);
	assert_true(write_queue_idle(api.ex)); /* a delayed write delays no stop */
	assign("other", 1);
	assert_non_null(open_call("/other/"));
	accept_all();
	while (!open_call("/web/") && clock_ms() < from_ms + 10000)
		run_for(api.loop, 5);
	assert_true(clock_ms() - from_ms >= 450);
	assert_non_null(strstr(open_call("/web/")->body, "10.0.0.99")); /* the last state */
	accept_all();
	assert_int_equal(write_queue_stats(api.ex)->paced, 0);
}

static void
a_service_whose_writes_always_conflict_backs_off(void **state)
{
	int64_t from_ms = clock_ms();

	(void)state;
	for (int i = 0; i < 2; i++) {
		assign("web", 1);
		answer(open_call("/web/"), 409);
	}
	assign("web", 2);
	assert_int_equal(fake.n_open, 0);
	assign("web", 3);
	while (!open_call("/web/") && clock_ms() < from_ms + 10000)
		run_for(api.loop, 5);
	assert_true(clock_ms() - from_ms >= 100);
	assert_non_null(strstr(open_call("/web/")->body, "10.0.0.3"));
	assert_int_equal(api.n_conflicts, 0);
	while (api.n_conflicts == 0 && clock_ms() < from_ms + 20000) {
		if (open_call("/web/"))
			answer(open_call("/web/"), 409);
		assign("web", 3);
		run_for(api.loop, 5);
	}
	assert_int_equal(write_queue_stats(api.ex)->write_conflicts, 5);
	assert_int_equal(api.n_conflicts, 1);
}

static void
namespaces_take_turns(void **state)
{
	struct action act = { .kind = ACT_SERVICE_STATUS, .on = { KIND_SERVICE, "quiet", "dns", "u2", "7" },
		.u.service_status = { { { IPV4, { 10, 0, 0, 9 } } }, 1, "p" } };

	(void)state;
	assign_many(0, 200); /* 32 in flight, 168 queued */
	write_queue_do(api.ex, &act);
	for (int i = 0; i < 2; i++)
		answer(TAILQ_FIRST(&fake.open), 200);
	assert_non_null(open_call("/quiet/"));
	accept_all();
}

static void
a_repeated_event_is_one_event_with_a_count(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		post_event_about("web", "no luck");
	assert_int_equal(fake.n_open, 1); /* the create; its update follows */
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_POST);
	answer(TAILQ_FIRST(&fake.open), 201);
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_PATCH);
	assert_non_null(strstr(TAILQ_FIRST(&fake.open)->body, "\"count\":5"));
	answer(TAILQ_FIRST(&fake.open), 404); /* somebody deleted the Event */
	post_event_about("web", "no luck");
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_POST);
	accept_all();
	assert_int_equal(write_queue_stats(api.ex)->events_repeated, 4);
}

/* While the create is queued, a repetition only changes the count in the create. */
static void
an_event_that_is_not_created_yet_is_created_with_its_count(void **state)
{
	(void)state;
	assign_many(0, 40);
	for (int i = 0; i < 5; i++)
		post_event_about("web", "no luck");
	accept_all();
	assert_int_equal(write_queue_stats(api.ex)->writes[ACT_EVENT], 1);
	post_event_about("db", "no luck");
	answer(open_call("/events"), 500);
	post_event_about("db", "no luck");
	run_for(api.loop, 200);
	assert_int_equal(open_call("/events")->req.verb, VERB_POST);
	assert_non_null(strstr(open_call("/events")->body, "\"count\":2"));
}

/* The API server would answer 404 to an update of an Event that it has not created. */
static void
an_event_whose_create_fails_is_created_before_it_is_updated(void **state)
{
	(void)state;
	post_event_about("web", "no luck");
	post_event_about("web", "no luck"); /* the update waits for the create */
	answer(open_call("/events"), 500);
	while (!fake.n_open)
		run_for(api.loop, 5);
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_POST);
	answer(open_call("/events"), 201);
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_PATCH);
	accept_all();
}

static void
too_many_events_about_one_object_are_dropped(void **state)
{
	int written = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		written += post_event_about("web", i % 2 ? "up" : "down");
		accept_all();
	}
	assert_int_equal(written, 25);
	assert_int_equal(write_queue_stats(api.ex)->events_dropped, 75);
	assert_true(post_event_about("other", "down"));
	accept_all();
}

static void
an_action_with_a_pause_waits_until_one_without_a_pause_replaces_it(void **state)
{
	struct action act = { .kind = ACT_SERVICE_STATUS, .on = { KIND_SERVICE, "ns", "web", "u1", "42" },
		.pause_ms = 100, .u.service_status = { { { IPV4, { 10, 0, 0, 1 } } }, 1, "p" } };
	int64_t from_ms = clock_ms();

	(void)state;
	ev_now_update(api.loop);
	write_queue_do(api.ex, &act);
	assert_int_equal(fake.n_open, 0);
	while (!fake.n_open && clock_ms() < from_ms + 10000)
		run_for(api.loop, 5);
	assert_true(clock_ms() - from_ms >= 95);
	accept_all();
	write_queue_do(api.ex, &act);
	assert_int_equal(fake.n_open, 0);
	assign("web", 2); /* without a pause: the Service was deleted and created again */
	assert_non_null(strstr(open_call("/web/")->body, "10.0.0.2"));
	accept_all();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(a_service_that_changes_all_the_time_is_written_twice_a_second),
		RULE(a_service_whose_writes_always_conflict_backs_off),
		RULE(namespaces_take_turns),
		RULE(a_repeated_event_is_one_event_with_a_count),
		RULE(an_event_that_is_not_created_yet_is_created_with_its_count),
		RULE(an_event_whose_create_fails_is_created_before_it_is_updated),
		RULE(too_many_events_about_one_object_are_dropped),
		RULE(an_action_with_a_pause_waits_until_one_without_a_pause_replaces_it),
	};

	log_init(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	return cmocka_run_group_tests_name("write limits", tests, NULL, NULL);
}
