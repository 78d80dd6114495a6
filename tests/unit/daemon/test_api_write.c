/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/api_write.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const struct api_writer writer = { "n1", "metallb-system" };
static const struct event_fate created = { EVENT_CREATE, .count = 1, .first_us = 16, .serial = 7 };

static const struct of_case {
	const char *name;
	struct action act;
	enum verb verb;
	const char *path, *body; /* the expected body contains @body; NULL: any body */
	bool patches_status;
} cases[] = {
	{ "an address patches the Service's status, with the resourceVersion of its decision",
	    { .kind = ACT_SERVICE_STATUS,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.service_status = { { { IPV4, { 10, 0, 0, 1 } } }, 1, "p" } },
	    VERB_PATCH, "/api/v1/namespaces/web/services/api/status", "\"resourceVersion\":\"42\"" },
	{ "conditions alone patch the Service's status, with the resourceVersion of their decision",
	    { .kind = ACT_SERVICE_CONDITIONS,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.conditions = { { CONDITION_SET, false, true, "AllocationFailed", "no luck" } } },
	    VERB_PATCH, "/api/v1/namespaces/web/services/api/status",
	    "{\"metadata\":{\"resourceVersion\":\"42\"},\"status\":{\"conditions\":[{"
	    "\"type\":\"arplet.io/Allocated\",\"status\":\"False\"" },
	{ "a pool's counts patch its status",
	    { .kind = ACT_POOL_STATUS,
		.on = { KIND_POOL, "metallb-system", "p", "u1", "42" },
		.u.pool_status = { 1, 0, 2, 0 } },
	    VERB_PATCH, "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/p/status",
	    "\"availableIPv4\":2" },
	{ "an Event is created in the namespace of its object",
	    { .kind = ACT_EVENT,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.event = { true, "AllocationFailed", "no luck" } },
	    VERB_POST, "/api/v1/namespaces/web/events", "\"reason\":\"AllocationFailed\"" },
	{ "a ServiceL2Status is created, and its status is patched after it",
	    { .kind = ACT_L2STATUS_CREATE,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.l2status = { "web", "api", { 0 } } },
	    VERB_POST, "/apis/metallb.io/v1beta1/namespaces/metallb-system/servicel2statuses",
	    "\"metallb.io/service-name\":\"api\"", true },
	{ "a ServiceL2Status is deleted by its own name",
	    { .kind = ACT_L2STATUS_DELETE,
		.on = { KIND_L2STATUS, "metallb-system", "l2-x7", "u1", "42" } },
	    VERB_DELETE, "/apis/metallb.io/v1beta1/namespaces/metallb-system/servicel2statuses/l2-x7",
	    NULL },
	{ "a new key patches the Secret, if the Secret still has no key",
	    { .kind = ACT_SECRET_KEY,
		.on = { KIND_SECRET, "metallb-system", "arplet-hello", "u1", "42" } },
	    VERB_PATCH, "/api/v1/namespaces/metallb-system/secrets/arplet-hello",
	    "{\"metadata\":{\"resourceVersion\":\"42\"},\"data\":{\"key\":\"" },
	{ "the condition of an invalid pool patches the pool's status",
	    { .kind = ACT_CONFIG_CONDITION,
		.on = { KIND_POOL, "metallb-system", "p", "u1", "42" },
		.u.config_condition = { { CONDITION_SET, false, false, "InvalidConfiguration", "no" }, "2026" } },
	    VERB_PATCH, "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/p/status",
	    "{\"status\":{\"conditions\":[{\"type\":\"arplet.io/Valid\",\"status\":\"False\",\"reason\":"
	    "\"InvalidConfiguration\",\"message\":\"no\",\"lastTransitionTime\":\"2026\"}]}}" },
	{ "the condition of an advertisement that becomes invalid has the present time",
	    { .kind = ACT_CONFIG_CONDITION,
		.on = { KIND_L2ADV, "metallb-system", "a", "u1", "42" },
		.u.config_condition = { { CONDITION_SET, false, true, "InvalidConfiguration", "no" }, NULL } },
	    VERB_PATCH, "/apis/metallb.io/v1beta1/namespaces/metallb-system/l2advertisements/a/status",
	    "\"lastTransitionTime\":\"20" },
};

static void
check_write(void **state)
{
	const struct of_case *c = *state;
	struct api_write write;

	api_write_of(&c->act, &writer, &created, &write);
	assert_int_equal(write.verb, c->verb);
	assert_string_equal(write.path, c->path);
	assert_int_equal(!c->body, !write.body);
	if (c->body && !strstr(write.body, c->body))
		fail_msg("body: %s", write.body);
	assert_int_equal(c->patches_status, write.status_body != NULL);
	/* a JSON merge patch would remove the conditions that other controllers wrote */
	assert_int_equal(c->act.kind == ACT_SERVICE_STATUS || c->act.kind == ACT_SERVICE_CONDITIONS,
	    write.content_type && strstr(write.content_type, "strategic-merge-patch"));
	api_write_done(&write);
	assert_null(write.path);
}

static void
the_status_of_a_created_object_is_patched_under_its_generated_name(void **state)
{
	static const char made[] = "{\"kind\":\"ServiceL2Status\",\"apiVersion\":\"metallb.io/v1beta1\","
				   "\"metadata\":{\"name\":\"l2-abc\",\"namespace\":\"metallb-system\"}}";
	struct api_write write;

	(void)state;
	api_write_of(&cases[4].act, &writer, &created, &write);
	assert_false(api_write_follow_up(&write, "nonsense", 8));
	assert_true(api_write_follow_up(&write, made, strlen(made)));
	assert_int_equal(write.verb, VERB_PATCH);
	assert_string_equal(write.path, "/apis/metallb.io/v1beta1/namespaces/metallb-system/"
	    "servicel2statuses/l2-abc/status");
	assert_non_null(strstr(write.body, "\"node\":\"n1\""));
	assert_false(api_write_follow_up(&write, made, strlen(made)));
	api_write_done(&write);
}

static void
a_repeated_event_patches_the_count_of_the_first(void **state)
{
	const struct event_fate again = { EVENT_UPDATE, .count = 3, .first_us = 16, .serial = 7,
		.combined = true };
	struct api_write write;

	(void)state;
	api_write_of(&cases[3].act, &writer, &again, &write);
	assert_int_equal(write.verb, VERB_PATCH);
	assert_string_equal(write.path, "/api/v1/namespaces/web/events/api.100007");
	assert_non_null(strstr(write.body, "\"count\":3"));
	assert_non_null(strstr(write.body, "\"message\":\"" EVENT_COMBINED "no luck\""));
	api_write_done(&write);
}

static void
the_key_of_an_event_contains_its_name(void **state)
{
	const struct event_fate next = { EVENT_CREATE, .count = 1, .first_us = 16, .serial = 8 };
	const struct event_fate again = { EVENT_UPDATE, .count = 2, .first_us = 16, .serial = 7 };
	char *a = api_write_key(&cases[3].act, &created);
	char *b = api_write_key(&cases[3].act, &next);
	char *c = api_write_key(&cases[3].act, &again);

	(void)state;
	assert_string_not_equal(a, b);
	assert_string_equal(a, c);
	free(a), free(b), free(c);
}

/* The limits of core/rate/write_pace.h count the ServiceL2Statuses of a Service together. */
static void
the_owner_of_a_servicel2status_is_its_service(void **state)
{
	const struct action deletion = { .kind = ACT_L2STATUS_DELETE,
		.on = { KIND_L2STATUS, "metallb-system", "l2-x7", "u1", "42" },
		.u.l2status = { "web", "api", { 0 } } };
	struct write_owner made = api_write_owner(&cases[4].act);
	struct write_owner deleted = api_write_owner(&deletion);
	struct write_owner address = api_write_owner(&cases[0].act);

	(void)state;
	assert_string_equal(made.kind, "ServiceL2Status");
	assert_string_equal(made.kind, deleted.kind);
	assert_string_equal(made.ns, "web");
	assert_string_equal(deleted.ns, "web");
	assert_string_equal(made.name, "api");
	assert_string_equal(deleted.name, "api");
	assert_string_equal(address.kind, "Service");
}

/* api_write_names[] contains the values of the label "what" of arplet_writes_total. */
static void
exactly_the_actions_that_write_have_a_name(void **state)
{
	(void)state;
	for (enum action_kind kind = 0; kind < ACTIONS; kind++) {
		struct action act = { .kind = kind, .on = { KIND_POOL, "ns", "a", "u1", "1" } };
		struct api_write write;

		if (kind == ACT_EVENT)
			act.u.event.reason = act.u.event.message = "x";
		else if (kind == ACT_L2STATUS_CREATE)
			act.u.l2status.service = act.u.l2status.service_ns = "x";
		else if (kind == ACT_CONFIG_CONDITION)
			act.u.config_condition.change.reason = act.u.config_condition.change.message = "x";
		api_write_of(&act, &writer, &created, &write);
		assert_int_equal(!write.path, !api_write_names[kind]);
		api_write_done(&write);
	}
}

static const struct verdict_case {
	const char *name;
	int status;
	enum api_write_verdict want;
} responses[] = {
	{ "200 is accepted", 200, WRITE_ACCEPTED },
	{ "201 is accepted", 201, WRITE_ACCEPTED },
	{ "409 is stale: the object has changed", 409, WRITE_STALE },
	{ "404 is stale: the object is gone", 404, WRITE_STALE },
	{ "a request without a response is retried", 0, WRITE_RETRY },
	{ "429 is retried", 429, WRITE_RETRY },
	{ "503 is retried", 503, WRITE_RETRY },
	{ "403 is refused", 403, WRITE_REFUSED },
	{ "422 is refused", 422, WRITE_REFUSED },
};

static void
check_verdict(void **state)
{
	const struct verdict_case *c = *state;

	assert_int_equal(api_write_verdict(c->status), c->want);
}

static const struct backoff_case {
	const char *name;
	enum api_write_verdict verdict;
	unsigned int tries;
	int64_t retry_after_ms;
	uint32_t random;
	int64_t want;
} backoffs[] = {
	{ "the first back-off is 0.1 s", WRITE_RETRY, 1, -1, 0, 100 },
	{ "the back-off doubles with each failure", WRITE_RETRY, 4, -1, 0, 800 },
	{ "the ninth back-off is below the cap", WRITE_RETRY, 9, -1, 0, 25600 },
	{ "the back-off stops at 30 s", WRITE_RETRY, 10, -1, 0, 30000 },
	{ "the back-off stays at 30 s", WRITE_RETRY, 4000000, -1, 0, 30000 },
	{ "a refused write backs off for 1 s first", WRITE_REFUSED, 1, -1, 0, 1000 },
	{ "a write that is refused again backs off for twice as long", WRITE_REFUSED, 2, -1, 0, 2000 },
	{ "the back-off of a refused write stops at 30 s", WRITE_REFUSED, 6, -1, 0, 30000 },
	{ "jitter adds up to a quarter", WRITE_RETRY, 1, -1, 25, 125 },
	{ "a longer Retry-After counts", WRITE_RETRY, 1, 5000, 0, 5000 },
	{ "a shorter Retry-After does not count", WRITE_RETRY, 4, 10, 0, 800 },
};

static void
check_backoff(void **state)
{
	const struct backoff_case *c = *state;

	assert_true(api_write_backoff_ms(c->verdict, c->tries, c->retry_after_ms, c->random) == c->want);
}

int
main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(
		    the_status_of_a_created_object_is_patched_under_its_generated_name),
		cmocka_unit_test(exactly_the_actions_that_write_have_a_name),
		cmocka_unit_test(a_repeated_event_patches_the_count_of_the_first),
		cmocka_unit_test(the_key_of_an_event_contains_its_name),
		cmocka_unit_test(the_owner_of_a_servicel2status_is_its_service),
	};

	return UNIT_TABLE("writes", cases, check_write) +
	    UNIT_TABLE("responses", responses, check_verdict) +
	    UNIT_TABLE("back-off", backoffs, check_backoff) +
	    cmocka_run_group_tests_name("others", others, NULL, NULL);
}
