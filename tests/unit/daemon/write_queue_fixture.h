/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WRITE_QUEUE_FIXTURE_H
#define WRITE_QUEUE_FIXTURE_H

#include "daemon/write_queue.h"

#include <ev.h>

/* A write_queue with the API client of fake_client.h. */
extern struct write_queue_fixture {
	struct ev_loop *loop;
	struct write_queue *ex;
	unsigned int n_responses;
	unsigned int n_conflicts; /* calls of on_conflicts() */
	bool leads;
} api;

int setup(void **state);
int teardown(void **state);

/*
 * pause_after - answer the oldest call, run the event loop until the next call, and return the time
 * between answer and call, ms.  A busy machine delays the next call, so tests check only a minimum
 * time.
 */
int64_t pause_after(int status, int retry_after_ms);

void assign(const char *service, uint8_t last);
void assign_many(int first, int n);
/* post_event_about - false if the write_queue drops the Event. */
bool post_event_about(const char *service, const char *message);
void post_event(void); /* an Event that repeats no earlier Event */

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
