/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct watch_case {
	const char *name, *line;
	int type; /* -1: refused with @error */
	const char *version, *error;
	int code;
} watches[] = {
	{ "ADDED puts an object", "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"5\"}}}",
	    WATCH_PUT, "5", NULL, 0 },
	{ "DELETED deletes an object", "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"6\"}}}",
	    WATCH_DELETE, "6", NULL, 0 },
	{ "a bookmark has a version and no name",
	    "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}", WATCH_BOOKMARK,
	    "9", NULL, 0 },
	{ "ERROR has the code of its Status", "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}",
	    WATCH_ERROR, "", NULL, 410 },
	{ "an unknown type is refused", "{\"type\":\"MOVED\",\"object\":{}}", -1, NULL, "type: unknown watch event type \"MOVED\"", 0 },
	{ "an event without an object is refused", "{\"type\":\"ADDED\"}", -1, NULL, "object: is required", 0 },
	{ "an event without a version is refused", "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"n\"}}}", -1, NULL,
	    "object.metadata.resourceVersion: is required", 0 },
	{ "half a line is refused", "{\"type\":\"ADDED\",\"obj", -1, NULL, "the JSON text is incomplete", 0 },
};

static void
check_watch(void **state)
{
	const struct watch_case *c = *state;
	struct watch_event event = { 0 };
	struct err err = { "" };
	int rc = decode_watch(KIND_NODE, c->line, strlen(c->line), 0, &event, &err);

	assert_int_equal(rc, c->type < 0 ? -EBADMSG : 0);
	if (c->type < 0) {
		if (strncmp(err.text, c->error, strlen(c->error)) != 0)
			fail_msg("error: %s", err.text);
		return;
	}
	assert_int_equal(event.type, c->type);
	assert_string_equal(event.version, c->version);
	assert_int_equal(event.status.code, c->code);
	assert_int_equal(event.obj != NULL, c->type == WATCH_PUT || c->type == WATCH_DELETE);
	object_free(event.obj);
}

static void
all_fields_of_a_status_are_read(void **state)
{
	static const char json[] = "{\"kind\":\"Status\",\"message\":\"too old\",\"reason\":\"Expired\",\"code\":410,"
	    "\"details\":{\"retryAfterSeconds\":3}}";
	struct api_status status;

	(void)state;
	assert_int_equal(decode_status(json, strlen(json), &status), 0);
	assert_string_equal(status.message, "too old");
	assert_string_equal(status.reason, "Expired");
	assert_int_equal(status.code, 410);
	assert_int_equal(status.retry_after_s, 3);
	assert_int_equal(decode_status("{\"kind\":\"Pod\"}", 14, &status), -EBADMSG);
	assert_int_equal(decode_status("404 page not found", 18, &status), -EBADMSG);
}

static void
a_long_message_is_cut_between_characters(void **state)
{
	char json[2048] = "{\"kind\":\"Status\",\"message\":\"x";
	struct api_status status;

	(void)state;
	for (int i = 0; i < 400; i++)
		strcat(json, "\xc3\xa4");
	strcat(json, "\"}");
	assert_int_equal(decode_status(json, strlen(json), &status), 0);
	assert_int_equal(strlen(status.message), 511);
	assert_int_equal((unsigned char)status.message[510], 0xa4);
}

static void
list_metadata_has_the_version_and_the_continue_token(void **state)
{
	static const char first[] = "{\"metadata\":{\"resourceVersion\":\"8\",\"continue\":\"abc\"},\"items\":[]}";
	static const char last[] = "{\"metadata\":{\"resourceVersion\":\"8\",\"continue\":\"\"}}";
	struct list_meta list;
	struct err err;

	(void)state;
	assert_int_equal(decode_list_meta(first, strlen(first), &list, &err), 0);
	assert_string_equal(list.version, "8");
	assert_string_equal(list.continue_token, "abc");
	free(list.continue_token);
	assert_int_equal(decode_list_meta(last, strlen(last), &list, &err), 0);
	assert_null(list.continue_token);
	assert_int_equal(decode_list_meta("{}", 2, &list, &err), -EBADMSG);
}

#define V1 "client.authentication.k8s.io/v1"
static const struct exec_case {
	const char *name, *json, *token, *error;
	int64_t expires_s;
} execs[] = {
	{ "a token without an end is valid for ever", "{\"apiVersion\":\"" V1 "\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\"}}", "t",
	    NULL, 0 },
	{ "a token has an expiration time",
	    "{\"apiVersion\":\"" V1 "\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\","
	    "\"expirationTimestamp\":\"2026-01-02T04:04:05.25+01:00\"}}", "t", NULL, 1767323045 },
	{ "another apiVersion is refused", "{\"apiVersion\":\"" V1 "beta1\",\"kind\":\"ExecCredential\"}", NULL,
	    "apiVersion: must be " V1, 0 },
	{ "a status without a credential is refused", "{\"apiVersion\":\"" V1 "\",\"kind\":\"ExecCredential\",\"status\":{}}", NULL,
	    "status: must have a token or a client certificate", 0 },
	{ "a certificate without its key is refused",
	    "{\"apiVersion\":\"" V1 "\",\"kind\":\"ExecCredential\",\"status\":{\"clientCertificateData\":\"c\"}}",
	    NULL, "status: clientCertificateData and clientKeyData", 0 },
	{ "an output that is not JSON is refused", "please log in", NULL, "not JSON", 0 },
};

static void
check_exec(void **state)
{
	const struct exec_case *c = *state;
	struct exec_credential cred = { 0 };
	struct err err = { "" };
	int rc = decode_exec_credential(c->json, strlen(c->json), V1, &cred, &err);

	assert_int_equal(rc, c->error ? -EBADMSG : 0);
	if (c->error && strncmp(err.text, c->error, strlen(c->error)) != 0)
		fail_msg("error: %s", err.text);
	if (c->token)
		assert_string_equal(cred.token, c->token);
	assert_int_equal(cred.expires_s, c->expires_s);
	exec_credential_done(&cred);
}

#define READY(status) "{\"type\":\"Ready\",\"status\":\"" status "\"}"
#define POD(meta, conditions) "{\"metadata\":{" meta "},\"status\":{\"conditions\":[" conditions "]}}"

static const struct pods_case {
	const char *name, *json;
	bool ready;
} pods[] = {
	{ "a Ready pod is Ready", "{\"items\":[" POD("", READY("True")) "]}", true },
	{ "the second pod is Ready",
	    "{\"items\":[" POD("", READY("False")) "," POD("", READY("True")) "]}", true },
	{ "no pod is Ready", "{\"items\":[" POD("", READY("False")) "]}", false },
	{ "another condition does not count",
	    "{\"items\":[" POD("", "{\"type\":\"Initialized\",\"status\":\"True\"}") "]}", false },
	{ "a pod that is being deleted does not count",
	    "{\"items\":[" POD("\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", READY("True")) "]}",
	    false },
	{ "a list without pods has no Ready pod", "{\"items\":[]}", false },
	{ "a list of a wrong type has no Ready pod", "{\"items\":7}", false },
	{ "half a text has no Ready pod", "{\"items\":[{", false },
};

static void
check_pods(void **state)
{
	const struct pods_case *c = *state;

	assert_int_equal(decode_pods_ready(c->json, strlen(c->json)), c->ready);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields_of_a_status_are_read),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
		cmocka_unit_test(list_metadata_has_the_version_and_the_continue_token),
	};
	int failed = UNIT_TABLE("watch events", watches, check_watch);

	failed += UNIT_TABLE("credentials of plugins", execs, check_exec);
	failed += UNIT_TABLE("pods", pods, check_pods);
	failed += cmocka_run_group_tests_name("decode_api", tests, NULL, NULL);
	return failed != 0;
}
