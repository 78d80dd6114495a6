/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/leader.h"

#include "util/clock.h"
#include "util/log.h"
#include "fake_client.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* The leader under test, and how often this leader called each callback. */
static struct {
	struct ev_loop *loop;
	struct leader *leader;
	unsigned int led, lost, resigned;
} lease;

static void
on_lead(void *arg)
{
	(void)arg;
	lease.led++;
}

static void
on_loss(void *arg)
{
	(void)arg;
	lease.lost++;
}

static void
on_resigned(void *arg)
{
	(void)arg;
	lease.resigned++;
}

/* Runs the event loop until the leader makes a call whose path ends with "leases" and then @end. */
static struct call *
await_call(const char *end)
{
	char path[64];

	snprintf(path, sizeof(path), "/namespaces/pools/leases%s", end);
	for (int i = 0; i < 1000; i++) {
		struct call *call;

		TAILQ_FOREACH(call, &fake.open, link) {
			if (!strstr(call->path, "?") && strlen(call->path) > strlen(path) &&
			    strcmp(call->path + strlen(call->path) - strlen(path), path) == 0)
				return call;
		}
		run_for(lease.loop, 5);
	}
	fail_msg("no request for %s", path);
	return NULL;
}

/* Answers a write like an API server that accepts the write and sets resourceVersion @version. */
static void
accept(struct call *call, int version)
{
	static const char meta[] = "\"metadata\":{";
	const char *at = strstr(call->body, meta);
	char body[1024];

	assert_non_null(at);
	at += strlen(meta);
	snprintf(body, sizeof(body), "%.*s\"uid\":\"u1\",\"resourceVersion\":\"%d\",%s",
	    (int)(at - call->body), call->body, version, at);
	answer_full(call, 200, -1, body);
}

/* Starts a leader, and answers the leader's first list with a list without a Lease. */
static int
setup(void **state)
{
	static const struct leader_ops ops = { on_lead, on_loss, on_resigned };

	(void)state;
	memset(&lease, 0, sizeof(lease));
	fake_init();
	lease.loop = ev_loop_new(0);
	lease.leader = leader_new(lease.loop, NULL,
	    &(struct leader_opts){ .ns = "pools", .lease_name = "arplet", .node_name = "n1",
		.secret_name = "key", .duration_ms = 3000 }, &ops, NULL);
	while (!open_call("/leases?"))
		run_for(lease.loop, 5);
	answer_full(open_call("/leases?"), 200, -1,
	    "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	leader_free(lease.leader);
	ev_loop_destroy(lease.loop);
	return fake.n_open ? -1 : 0;
}

/* Answers the write of the key, which proves that no daemon has led before. */
static void
prove(int status)
{
	struct call *call = open_call("/namespaces/pools/secrets/key");

	assert_non_null(call);
	assert_int_equal(call->req.verb, VERB_PATCH);
	assert_string_equal(call->req.content_type, "application/json-patch+json");
	assert_non_null(strstr(call->body, "{\"op\":\"test\",\"path\":\"/data\",\"value\":null}"));
	assert_non_null(strstr(call->body, "\"value\":{\"key\":\""));
	answer(call, status);
}

static void
a_daemon_creates_a_missing_lease_and_leads(void **state)
{
	struct call *call = await_call("");

	(void)state;
	assert_int_equal(call->req.verb, VERB_POST);
	assert_int_equal(lease.led, 0);
	accept(call, 8);
	assert_int_equal(lease.led, 0);
	prove(201);
	assert_int_equal(lease.led, 1);
	assert_true(leader_leads(lease.leader));
	call = await_call("/arplet"); /* the renewal */
	assert_int_equal(call->req.verb, VERB_PUT);
	assert_non_null(strstr(call->body, "\"resourceVersion\":\"8\""));
}

/* Somebody has deleted the Lease, and its holder may still allocate. */
static void
a_daemon_that_creates_the_lease_but_cannot_write_the_key_waits_before_it_leads(void **state)
{
	int64_t from_ms = clock_ms();
	int version = 8;

	(void)state;
	accept(await_call(""), version++);
	prove(409);
	assert_null(open_call("/secrets"));
	while (!lease.led && clock_ms() < from_ms + 10000) {
		struct call *call = open_call("/leases/arplet");

		if (call)
			accept(call, version++);
		run_for(lease.loop, 5);
	}
	assert_in_range(clock_ms() - from_ms, 2900, 9000);
}

static void
a_daemon_reads_the_lease_after_a_refused_write(void **state)
{
	struct call *call = await_call("");

	(void)state;
	answer(call, 409);
	call = await_call("/arplet");
	assert_int_equal(call->req.verb, VERB_GET);
	answer_full(call, 200, -1, "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\","
	    "\"metadata\":{\"name\":\"arplet\",\"namespace\":\"pools\",\"uid\":\"u1\","
	    "\"resourceVersion\":\"9\"},\"spec\":{\"holderIdentity\":\"n2\","
	    "\"leaseDurationSeconds\":3}}");
	assert_int_equal(lease.led, 0);
	assert_false(leader_leads(lease.leader));
}

static void
a_leader_that_resigns_releases_the_lease(void **state)
{
	struct call *call = await_call("");

	(void)state;
	accept(call, 8);
	prove(201);
	leader_resign(lease.leader);
	call = await_call("/arplet");
	assert_non_null(strstr(call->body, "\"holderIdentity\":\"\""));
	assert_int_equal(lease.resigned, 0);
	accept(call, 9);
	assert_int_equal(lease.resigned, 1);
	assert_int_equal(lease.lost, 1);
}

/*
 * The old holder of a deleted Lease possibly still leads.  A released Lease is free at once, so the
 * next holder would not wait.
 */
static void
a_daemon_that_resigns_while_it_creates_the_lease_does_not_release_it(void **state)
{
	struct call *call = await_call("");

	(void)state;
	leader_resign(lease.leader);
	run_for(lease.loop, 20);
	assert_int_equal(lease.resigned, 0);
	accept(call, 8);
	assert_int_equal(lease.resigned, 1);
	assert_int_equal(fake.n_open, 1); /* the watch */
	assert_int_equal(lease.led, 0);
}

static void
a_daemon_that_does_not_lead_resigns_at_once(void **state)
{
	(void)state;
	answer(await_call(""), 409);
	answer(await_call("/arplet"), 404);
	leader_resign(lease.leader);
	run_for(lease.loop, 20);
	assert_int_equal(lease.resigned, 1);
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest rules[] = {
		RULE(a_daemon_creates_a_missing_lease_and_leads),
		RULE(a_daemon_that_creates_the_lease_but_cannot_write_the_key_waits_before_it_leads),
		RULE(a_daemon_reads_the_lease_after_a_refused_write),
		RULE(a_leader_that_resigns_releases_the_lease),
		RULE(a_daemon_that_resigns_while_it_creates_the_lease_does_not_release_it),
		RULE(a_daemon_that_does_not_lead_resigns_at_once),
	};

	log_init(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	return cmocka_run_group_tests_name("leader", rules, NULL, NULL);
}
