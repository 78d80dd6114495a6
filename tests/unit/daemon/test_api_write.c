/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/api_write.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const struct api_writer who = { "n1", "metallb-system" };

static const struct of_case {
	const char *name;
	struct action act;
	enum verb verb;
	const char *path, *body; /* body: a part of it; NULL: none */
	bool follows;
} cases[] = {
	{ "an address goes to the Service's status, bound to the version it was decided from",
	    { .kind = ACT_SERVICE_STATUS,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.service_status = { { { IPV4, { 10, 0, 0, 1 } } }, 1, "p" } },
	    VERB_PATCH, "/api/v1/namespaces/web/services/api/status", "\"resourceVersion\":\"42\"" },
	{ "its conditions go there alone where the address stays, bound to the version as well",
	    { .kind = ACT_SERVICE_CONDITIONS,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.conditions = { { CONDITION_SET, false, true, "AllocationFailed", "no luck" } } },
	    VERB_PATCH, "/api/v1/namespaces/web/services/api/status",
	    "{\"metadata\":{\"resourceVersion\":\"42\"},\"status\":{\"conditions\":[{"
	    "\"type\":\"arplet.io/Allocated\",\"status\":\"False\"" },
	{ "a pool's counts go to its status",
	    { .kind = ACT_POOL_STATUS,
		.on = { KIND_POOL, "metallb-system", "p", "u1", "42" },
		.u.pool_status = { 1, 0, 2, 0 } },
	    VERB_PATCH, "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/p/status",
	    "\"availableIPv4\":2" },
	{ "an Event goes to the namespace of its object",
	    { .kind = ACT_EVENT,
		.on = { KIND_SERVICE, "web", "api", "u1", "42" },
		.u.event = { true, "AllocationFailed", "no luck" } },
	    VERB_POST, "/api/v1/namespaces/web/events", "\"reason\":\"AllocationFailed\"" },
	{ "a ServiceL2Status is made, and its status follows",
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
	{ "that a pool is wrong goes to its status",
	    { .kind = ACT_CONFIG_CONDITION,
		.on = { KIND_POOL, "metallb-system", "p", "u1", "42" },
		.u.config_condition = { { CONDITION_SET, false, false, "InvalidConfiguration", "no" }, "2026" } },
	    VERB_PATCH, "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/p/status",
	    "{\"status\":{\"conditions\":[{\"type\":\"arplet.io/Valid\",\"status\":\"False\",\"reason\":"
	    "\"InvalidConfiguration\",\"message\":\"no\",\"lastTransitionTime\":\"2026\"}]}}" },
	{ "so does that of an advertisement, with the time of now where it was not wrong before",
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
	struct api_write api_write;

	api_write_of(&c->act, &who, 7, &api_write);
	assert_int_equal(api_write.verb, c->verb);
	assert_string_equal(api_write.path, c->path);
	assert_int_equal(!c->body, !api_write.body);
	if (c->body && !strstr(api_write.body, c->body))
		fail_msg("body: %s", api_write.body);
	assert_int_equal(c->follows, api_write.then_body != NULL);
	/* the conditions of others are to stay */
	assert_int_equal(c->act.kind == ACT_SERVICE_STATUS || c->act.kind == ACT_SERVICE_CONDITIONS,
	    api_write.content_type && strstr(api_write.content_type, "strategic-merge-patch"));
	api_write_done(&api_write);
	assert_null(api_write.path);
}

static void
the_status_of_what_was_made_is_patched_under_the_name_that_the_api_chose(void **state)
{
	static const char made[] = "{\"kind\":\"ServiceL2Status\",\"apiVersion\":\"metallb.io/v1beta1\","
				   "\"metadata\":{\"name\":\"l2-abc\",\"namespace\":\"metallb-system\"}}";
	struct api_write api_write;

	(void)state;
	api_write_of(&cases[4].act, &who, 7, &api_write);
	assert_false(api_write_follow_up(&api_write, "nonsense", 8));
	assert_true(api_write_follow_up(&api_write, made, strlen(made)));
	assert_int_equal(api_write.verb, VERB_PATCH);
	assert_string_equal(api_write.path, "/apis/metallb.io/v1beta1/namespaces/metallb-system/"
	    "servicel2statuses/l2-abc/status");
	assert_non_null(strstr(api_write.body, "\"node\":\"n1\""));
	assert_false(api_write_follow_up(&api_write, made, strlen(made)));
	api_write_done(&api_write);
}

static void
only_events_differ_though_they_are_about_the_same_object(void **state)
{
	char *a = api_write_key(&cases[0].act, 1), *b = api_write_key(&cases[0].act, 2);
	char *e = api_write_key(&cases[3].act, 1), *f = api_write_key(&cases[3].act, 2);

	(void)state;
	assert_string_equal(a, b);
	assert_string_not_equal(e, f);
	free(a), free(b), free(e), free(f);
}

/* A value of arplet_writes_total for each. */
static void
every_write_has_a_name_and_nothing_else_has(void **state)
{
	(void)state;
	for (enum action_kind kind = 0; kind < ACTIONS; kind++) {
		struct action act = { .kind = kind, .on = { KIND_POOL, "ns", "a", "u1", "1" } };
		struct api_write api_write;

		if (kind == ACT_EVENT)
			act.u.event.reason = act.u.event.message = "x";
		else if (kind == ACT_L2STATUS_CREATE)
			act.u.l2status.service = act.u.l2status.service_ns = "x";
		else if (kind == ACT_SECRET_CREATE)
			act.u.secret.name = "x";
		else if (kind == ACT_CONFIG_CONDITION)
			act.u.config_condition.change.reason = act.u.config_condition.change.message = "x";
		api_write_of(&act, &who, 1, &api_write);
		assert_int_equal(!api_write.path, !api_write_names[kind]);
		api_write_done(&api_write);
	}
}

static const struct judge_case {
	const char *name;
	int status;
	enum api_write_verdict want;
} answers[] = {
	{ "200 is accepted", 200, WRITE_ACCEPTED },
	{ "201 is accepted", 201, WRITE_ACCEPTED },
	{ "a conflict is moot: the object has changed", 409, WRITE_STALE },
	{ "not found is moot: the object is gone", 404, WRITE_STALE },
	{ "no answer is tried again", 0, WRITE_RETRY },
	{ "too many requests are tried again", 429, WRITE_RETRY },
	{ "an API server in trouble is tried again", 503, WRITE_RETRY },
	{ "forbidden is refused", 403, WRITE_REFUSED },
	{ "invalid is refused", 422, WRITE_REFUSED },
};

static void
check_judge(void **state)
{
	const struct judge_case *c = *state;

	assert_int_equal(api_write_judge(c->status), c->want);
}

static const struct pause_case {
	const char *name;
	enum api_write_verdict verdict;
	unsigned int tries;
	int64_t retry_after_ms;
	uint32_t random;
	int64_t want;
} pauses[] = {
	{ "the first pause is short", WRITE_RETRY, 1, -1, 0, 100 },
	{ "pauses double", WRITE_RETRY, 4, -1, 0, 800 },
	{ "the ninth pause is below the cap", WRITE_RETRY, 9, -1, 0, 25600 },
	{ "up to half a minute", WRITE_RETRY, 10, -1, 0, 30000 },
	{ "and no further", WRITE_RETRY, 4000000, -1, 0, 30000 },
	{ "what is refused waits long at once", WRITE_REFUSED, 1, -1, 0, 30000 },
	{ "a quarter is left to chance", WRITE_RETRY, 1, -1, 25, 125 },
	{ "the server may ask for more", WRITE_RETRY, 1, 5000, 0, 5000 },
	{ "but not for less", WRITE_RETRY, 4, 10, 0, 800 },
};

static void
check_pause(void **state)
{
	const struct pause_case *c = *state;

	assert_true(api_write_pause_ms(c->verdict, c->tries, c->retry_after_ms, c->random) == c->want);
}

int
main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(
		    the_status_of_what_was_made_is_patched_under_the_name_that_the_api_chose),
		cmocka_unit_test(every_write_has_a_name_and_nothing_else_has),
		cmocka_unit_test(only_events_differ_though_they_are_about_the_same_object),
	};

	return UNIT_TABLE("writes", cases, check_write) +
	    UNIT_TABLE("answers", answers, check_judge) +
	    UNIT_TABLE("pauses", pauses, check_pause) +
	    cmocka_run_group_tests_name("others", others, NULL, NULL);
}
