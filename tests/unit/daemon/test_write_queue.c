/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/write_queue.h"

#include "util/log.h"
#include "fake_client.h"
#include "unit.h"
#include "write_queue_fixture.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
count_pool(void)
{
	struct action act = { .kind = ACT_POOL_STATUS,
		.on = { KIND_POOL, "pools", "p", "u1", "42" }, .u.pool_status = { 1, 0, 2, 0 } };

	write_queue_do(api.ex, &act);
}

/* Responses to a write, and the expected time until the write_queue retries the write. */
static const struct answer_case {
	const char *name;
	int status, retry_after_ms;
	int retry_ms; /* shortest time until the retry; 0: no retry */
	unsigned int write_conflicts, write_errors;
} answers[] = {
	{ "a write that gets 200 is done", 200, -1, 0, 0, 0 },
	{ "a write that gets 409 is not retried: the watch delivers the new object",
	    409, -1, 0, 1, 0 },
	{ "a write that gets 404 is not retried: the object is gone", 404, -1, 0, 1, 0 },
	{ "a write that gets 500 is retried soon", 500, -1, 100, 0, 1 },
	{ "a write without a response is retried soon", 0, -1, 100, 0, 1 },
	{ "a write that gets 429 is retried after its Retry-After", 429, 400, 400, 0, 1 },
	{ "a write that gets 503 is retried after its Retry-After", 503, 400, 400, 0, 1 },
};

static void
check_answer(void **state)
{
	const struct answer_case *c = *state;

	setup(NULL);
	assign("web", 1);
	if (c->retry_ms) {
		assert_true(pause_after(c->status, c->retry_after_ms) >= c->retry_ms);
	} else {
		answer_full(TAILQ_FIRST(&fake.open), c->status, c->retry_after_ms, "");
		run_for(api.loop, 150);
		assert_int_equal(fake.n_made, 1);
	}
	assert_int_equal(write_queue_stats(api.ex)->write_conflicts, c->write_conflicts);
	assert_int_equal(write_queue_stats(api.ex)->write_errors, c->write_errors);
	assert_int_equal(write_queue_idle(api.ex), !c->retry_ms);
	assert_int_equal(api.n_responses, 1);
	teardown(NULL);
}

static void
a_service_that_always_fails_delays_no_other(void **state)
{
	static const int failures[] = { 500, 422, 403, 0 };
	unsigned int served = 0;

	(void)state;
	assign_many(0, 40);
	for (size_t i = 0; i < COUNT(failures); i++) {
		char name[32];

		snprintf(name, sizeof(name), "/svc-%zu/", i);
		answer(open_call(name), failures[i]);
	}
	while (!TAILQ_EMPTY(&fake.open)) {
		answer(TAILQ_FIRST(&fake.open), 200);
		served++;
	}
	assert_int_equal(served, 36);
	assert_int_equal(write_queue_stats(api.ex)->backing_off, 4);
	assert_int_equal(write_queue_stats(api.ex)->writes[ACT_SERVICE_STATUS], 36);
	run_for(api.loop, 200);
	assert_non_null(open_call("/svc-0/"));
	assert_non_null(open_call("/svc-3/"));
	assert_int_equal(fake.n_open, 2); /* the two refused writes still back off */
}

static void
the_backoff_grows_with_each_failure(void **state)
{
	(void)state;
	assign("web", 1);
	assert_true(pause_after(500, -1) >= 100);
	assert_true(pause_after(500, -1) >= 200);
	assert_true(pause_after(500, -1) >= 400);
}

static void
the_latest_action_is_written_after_the_request_in_flight(void **state)
{
	(void)state;
	assign("web", 1);
	assign("web", 2);
	assign("web", 3);
	assert_int_equal(fake.n_open, 1);
	assert_non_null(strstr(TAILQ_FIRST(&fake.open)->body, "10.0.0.1"));
	answer(TAILQ_FIRST(&fake.open), 409);
	assert_int_equal(fake.n_open, 1);
	assert_non_null(strstr(TAILQ_FIRST(&fake.open)->body, "10.0.0.3"));
	answer(TAILQ_FIRST(&fake.open), 200);
	assert_int_equal(fake.n_made, 2);
	assert_int_equal(api.n_responses, 2);
}

static void
the_latest_action_replaces_a_write_that_backs_off(void **state)
{
	(void)state;
	assign("web", 1);
	answer(TAILQ_FIRST(&fake.open), 422); /* backs off for 30 s */
	assign("web", 2);
	assert_int_equal(fake.n_open, 1);
	assert_non_null(strstr(TAILQ_FIRST(&fake.open)->body, "10.0.0.2"));
	accept_all();
	assert_true(write_queue_idle(api.ex));
}

static void
addresses_are_written_before_anything_else(void **state)
{
	(void)state;
	assign_many(0, 40);
	for (int i = 0; i < 5; i++)
		post_event();
	assert_int_equal(fake.n_open, 32); /* 32 writes of addresses; all Events stay queued */
	for (int i = 0; i < 8; i++)
		answer(TAILQ_FIRST(&fake.open), 200);
	assert_int_equal(fake.n_open, 32 + 1);
	accept_all();
	assert_int_equal(fake.n_made, 45);
	assert_int_equal(write_queue_stats(api.ex)->queued, 0);
	assert_int_equal(write_queue_stats(api.ex)->in_flight, 0);
}

static void
events_beyond_2000_are_dropped_and_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 2003; i++)
		post_event();
	assert_int_equal(write_queue_stats(api.ex)->events_dropped, 3);
	answer(TAILQ_FIRST(&fake.open), 201);
	post_event(); /* the queue has room for one Event: 1,999 of 2,000 are left */
	assert_int_equal(write_queue_stats(api.ex)->events_dropped, 3);
	accept_all();
	assert_int_equal(write_queue_stats(api.ex)->writes[ACT_EVENT], 2001);
}

/* The API server refuses all Events in a terminating namespace, so a retry would be useless. */
static void
a_refused_event_is_dropped(void **state)
{
	(void)state;
	post_event();
	answer(TAILQ_FIRST(&fake.open), 403);
	assert_true(write_queue_idle(api.ex));
	assert_int_equal(write_queue_stats(api.ex)->write_errors, 1);
	assert_int_equal(write_queue_stats(api.ex)->events_dropped, 1);
	post_event();
	answer(TAILQ_FIRST(&fake.open), 500);
	assert_false(write_queue_idle(api.ex)); /* after a server error the Event is retried */
}

static void
without_the_lease_no_allocation_is_written(void **state)
{
	(void)state;
	api.leads = false;
	assign("web", 1);
	count_pool();
	assert_int_equal(fake.n_made, 0);
	assert_true(write_queue_idle(api.ex));
	post_event(); /* a daemon without the Lease also writes Events */
	assert_int_equal(fake.n_made, 1);
}

static void
a_retry_is_dropped_once_the_lease_is_lost(void **state)
{
	(void)state;
	assign("web", 1);
	answer(TAILQ_FIRST(&fake.open), 500);
	api.leads = false;
	run_for(api.loop, 200);
	assert_int_equal(fake.n_made, 1);
	assert_true(write_queue_idle(api.ex));
}

static void
dropped_allocations_are_not_sent(void **state)
{
	(void)state;
	assign_many(0, 40);
	answer(open_call("/svc-0/"), 500); /* svc-0 backs off; the queue sends another write */
	assign("svc-1", 99);               /* a second write of svc-1, which is dropped */
	count_pool();
	post_event();
	write_queue_drop_allocations(api.ex);
	assert_int_equal(write_queue_stats(api.ex)->queued, 1); /* the Event */
	assert_int_equal(write_queue_stats(api.ex)->backing_off, 0);
	assert_true(write_queue_allocating(api.ex)); /* the requests in flight */
	accept_all();
	assert_false(write_queue_allocating(api.ex));
	run_for(api.loop, 200);
	assert_int_equal(fake.n_made, 33 + 1); /* of Services; the Event */
	assert_int_equal(write_queue_stats(api.ex)->writes[ACT_SERVICE_STATUS], 32);
	assert_true(write_queue_idle(api.ex));
}

/*
 * The daemon loses the Lease and acquires the Lease again.  Between both, another allocator could
 * have allocated the address.
 */
static void
a_request_of_an_earlier_lease_is_not_retried(void **state)
{
	(void)state;
	assign("web", 1);
	assign("app", 2);
	write_queue_drop_allocations(api.ex);
	assign("app", 3); /* decided after the daemon acquired the Lease again */
	answer(open_call("/web/"), 500);
	answer(open_call("/app/"), 0);
	assert_int_equal(fake.n_open, 1);
	assert_non_null(strstr(open_call("/app/")->body, "10.0.0.3"));
	answer(open_call("/app/"), 500);
	run_for(api.loop, 200);
	assert_int_equal(fake.n_made, 4);
	assert_null(open_call("/web/"));
	assert_non_null(open_call("/app/"));
}

static void
only_a_request_in_flight_counts_as_allocating(void **state)
{
	(void)state;
	post_event();
	assert_false(write_queue_allocating(api.ex));
	assign("web", 1);
	assert_true(write_queue_allocating(api.ex));
	answer(open_call("/web/"), 500);
	assert_false(write_queue_allocating(api.ex)); /* the write backs off */
}

static void
allocations_have_the_timeout_that_the_lease_permits(void **state)
{
	(void)state;
	assign("web", 1);
	post_event();
	assert_int_equal(open_call("/services/")->req.timeout_ms, 2500);
	assert_int_equal(open_call("/events")->req.timeout_ms, 0);
}

static void
the_status_of_a_created_object_is_patched_after_it(void **state)
{
	struct action act = { .kind = ACT_L2STATUS_CREATE,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.l2status = { "web", "api", { 0 } } };

	(void)state;
	write_queue_do(api.ex, &act);
	answer_full(TAILQ_FIRST(&fake.open), 201, -1,
	    "{\"metadata\":{\"name\":\"l2-x7\",\"namespace\":\"pools\"}}");
	assert_non_null(open_call("/servicel2statuses/l2-x7/status"));
	assert_int_equal(TAILQ_FIRST(&fake.open)->req.verb, VERB_PATCH);
	accept_all();
	assert_int_equal(fake.n_made, 2);
}

int
main(void)
{
	const struct CMUnitTest rules[] = {
		RULE(a_service_that_always_fails_delays_no_other),
		RULE(the_backoff_grows_with_each_failure),
		RULE(the_latest_action_is_written_after_the_request_in_flight),
		RULE(the_latest_action_replaces_a_write_that_backs_off),
		RULE(addresses_are_written_before_anything_else),
		RULE(events_beyond_2000_are_dropped_and_counted),
		RULE(a_refused_event_is_dropped),
		RULE(without_the_lease_no_allocation_is_written),
		RULE(a_retry_is_dropped_once_the_lease_is_lost),
		RULE(dropped_allocations_are_not_sent),
		RULE(a_request_of_an_earlier_lease_is_not_retried),
		RULE(only_a_request_in_flight_counts_as_allocating),
		RULE(allocations_have_the_timeout_that_the_lease_permits),
		RULE(the_status_of_a_created_object_is_patched_after_it),
	};

	log_init(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	return UNIT_TABLE("answers", answers, check_answer) +
	    cmocka_run_group_tests_name("write_queue", rules, NULL, NULL);
}
