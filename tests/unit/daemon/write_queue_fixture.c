/* SPDX-License-Identifier: Apache-2.0 */
#include "write_queue_fixture.h"

#include "fake_client.h"
#include "unit.h"
#include "util/clock.h"

#include <stdio.h>
#include <string.h>

struct write_queue_fixture api;

static bool
may_allocate(void *arg)
{
	(void)arg;
	return api.leads;
}

static void
on_response(void *arg)
{
	(void)arg;
	api.n_responses++;
}

static void
on_conflicts(void *arg, const char *ns, const char *name)
{
	(void)arg;
	assert_string_equal(ns, "ns");
	assert_string_equal(name, "web");
	api.n_conflicts++;
}

int
setup(void **state)
{
	static const struct write_queue_ops ops = { may_allocate, on_response, on_conflicts };

	(void)state;
	memset(&api, 0, sizeof(api));
	fake_init();
	api.leads = true;
	api.loop = ev_loop_new(0);
	api.ex = write_queue_new(api.loop, NULL,
	    &(struct write_queue_opts){ .node_name = "n1", .pool_ns = "pools",
		.allocate_timeout_ms = 2500 }, &ops, NULL);
	return 0;
}

int
teardown(void **state)
{
	(void)state;
	write_queue_free(api.ex);
	ev_loop_destroy(api.loop);
	return fake.n_open ? -1 : 0; /* write_queue_free() must cancel the requests in flight */
}

int64_t
pause_after(int status, int retry_after_ms)
{
	int64_t from_ms = clock_ms();
	unsigned int made = fake.n_made;

	ev_now_update(api.loop);
	answer_full(TAILQ_FIRST(&fake.open), status, retry_after_ms, "");
	while (fake.n_made == made && clock_ms() < from_ms + 10000)
		run_for(api.loop, 5);
	assert_int_equal(fake.n_made, made + 1);
	return clock_ms() - from_ms;
}

void
assign(const char *service, uint8_t last)
{
	struct action act = { .kind = ACT_SERVICE_STATUS,
		.on = { KIND_SERVICE, "ns", service, "u1", "42" },
		.u.service_status = { { { IPV4, { 10, 0, 0, last } } }, 1, "p" } };

	write_queue_do(api.ex, &act);
}

void
assign_many(int first, int n)
{
	char name[16];

	for (int i = first; i < first + n; i++) {
		snprintf(name, sizeof(name), "svc-%d", i);
		assign(name, (uint8_t)i);
	}
}

bool
post_event_about(const char *service, const char *message)
{
	struct action act = { .kind = ACT_EVENT, .on = { KIND_SERVICE, "ns", service, "u1", "42" },
		.u.event = { true, "AllocationFailed", message } };

	return write_queue_do(api.ex, &act);
}

void
post_event(void)
{
	static unsigned int n;
	char name[32];

	snprintf(name, sizeof(name), "web-%u", n++);
	post_event_about(name, "no luck");
}
