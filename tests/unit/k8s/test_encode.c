/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/encode.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define NOW_US 1767323045000042 /* 2026-01-02T03:04:05.000042Z */

static void
assert_json(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static struct ip
ip(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void
a_service_patch_has_the_addresses(void **state)
{
	const struct ip ips[] = { ip("10.0.0.1"), ip("fd00::1") };

	(void)state;
	assert_json(encode_service_patch(&(struct service_patch){ .version = "7", .ips = ips, .n_ips = 2, .pool = "p\"q" }),
	    "{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":"
	    "{\"metallb.io/ip-allocated-from-pool\":\"p\\\"q\"}},\"status\":{\"loadBalancer\":{\"ingress\":["
	    "{\"ip\":\"10.0.0.1\",\"ipMode\":\"VIP\"},{\"ip\":\"fd00::1\",\"ipMode\":\"VIP\"}]}}}");
}

static void
a_service_patch_has_the_conditions_too(void **state)
{
	const struct condition_change changes[CONDITIONS] = {
		[CONDITION_ALLOCATED] = { CONDITION_SET, true, true, "R", "it \"has\"" },
		[CONDITION_ANNOUNCED] = { .op = CONDITION_DROP },
	};

	(void)state;
	assert_json(encode_service_patch(&(struct service_patch){ "7", NULL, 0, NULL, changes, NOW_US }),
	    "{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":"
	    "{\"metallb.io/ip-allocated-from-pool\":null}},\"status\":{\"loadBalancer\":{\"ingress\":null},"
	    "\"conditions\":[{\"type\":\"arplet.io/Allocated\",\"status\":\"True\",\"reason\":\"R\","
	    "\"message\":\"it \\\"has\\\"\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\"},"
	    "{\"$patch\":\"delete\",\"type\":\"arplet.io/Announced\"}]}}");
}

static void
a_conditions_patch_changes_no_address_and_no_transition_time(void **state)
{
	const struct condition_change changes[CONDITIONS] = {
		[CONDITION_ANNOUNCED] = { CONDITION_SET, false, false, "R", "m" },
	};

	(void)state;
	assert_json(encode_conditions_patch("7", changes, NOW_US),
	    "{\"metadata\":{\"resourceVersion\":\"7\"},\"status\":{\"conditions\":["
	    "{\"type\":\"arplet.io/Announced\",\"status\":\"False\",\"reason\":\"R\",\"message\":\"m\"}]}}");
}

static void
a_service_patch_without_addresses_removes_the_annotation(void **state)
{
	(void)state;
	assert_json(encode_service_patch(&(struct service_patch){ .version = "7", .pool = "p" }),
	    "{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":"
	    "{\"metallb.io/ip-allocated-from-pool\":null}},\"status\":{\"loadBalancer\":{\"ingress\":null}}}");
}

static void
a_pool_patch_has_the_known_counts(void **state)
{
	(void)state;
	assert_json(encode_pool_patch(&(struct pool_counts){ 0, -1, INT64_MAX, -1 }),
	    "{\"status\":{\"assignedIPv4\":0,\"availableIPv4\":9223372036854775807}}");
}

static void
a_valid_patch_sets_missing_counts_to_0(void **state)
{
	const struct condition_change change = { .op = CONDITION_SET, .reason = "R", .message = "m" };
	const char *since = "2026-01-02T03:04:05Z";

	(void)state;
	assert_json(encode_valid_patch(&change, since, &(struct pool_counts){ 5, -1, 0, -1 }, NOW_US),
	    "{\"status\":{\"conditions\":[{\"type\":\"arplet.io/Valid\",\"status\":\"False\","
	    "\"reason\":\"R\",\"message\":\"m\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\"}],"
	    "\"assignedIPv6\":0,\"availableIPv6\":0}}");
}

static void
an_event_has_the_object_reason_and_message(void **state)
{
	const struct event_body event = { KIND_SERVICE, "shop", "web", "u1", "7", true, "AllocationFailed",
		"", "no pool\n\"x\"", "node-1", NOW_US, NOW_US, 3, 1 };

	(void)state;
	assert_string_equal(event_namespace(&event), "shop");
	assert_json(encode_event(&event),
	    "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"web.6475ef64cf36a0003\","
	    "\"namespace\":\"shop\"},\"involvedObject\":{\"kind\":\"Service\",\"apiVersion\":\"v1\","
	    "\"namespace\":\"shop\",\"name\":\"web\",\"uid\":\"u1\",\"resourceVersion\":\"7\"},"
	    "\"type\":\"Warning\",\"reason\":\"AllocationFailed\",\"message\":\"no pool\\n\\\"x\\\"\","
	    "\"source\":{\"component\":\"arplet\",\"host\":\"node-1\"},"
	    "\"firstTimestamp\":\"2026-01-02T03:04:05Z\",\"lastTimestamp\":\"2026-01-02T03:04:05Z\",\"count\":1}");
}

static void
a_long_message_is_cut_between_characters(void **state)
{
	char message[1500] = "x", *text, *found;
	struct event_body event = { KIND_NODE, "", "n", "", "", false, "R", "", message, "", NOW_US,
		NOW_US, 0, 1 };

	(void)state;
	for (int i = 0; i < 600; i++)
		strcat(message, "\xc3\xa4");
	assert_string_equal(event_namespace(&event), "default");
	text = encode_event(&event);
	found = strstr(text, "\"message\":\"");
	assert_non_null(found);
	assert_int_equal(strcspn(found + 11, "\""), 1023);
	assert_null(strstr(text, "\"uid\""));
	assert_null(strstr(text, "\"host\""));
	free(text);
}

/* Of the create, the update contains only the name, which is part of the path. */
static void
an_update_of_an_event_has_its_count_and_last_time(void **state)
{
	const struct event_body event = { KIND_SERVICE, "shop", "web", "u1", "7", true, "Flapping",
		"(all): ", "no pool", "node-1", NOW_US + 60000000, NOW_US, 3, 12 };
	char name[EVENT_NAME_MAX];

	(void)state;
	assert_string_equal(event_name(&event, name), "web.6475ef64cf36a0003");
	assert_json(encode_event_update(&event), "{\"message\":\"(all): no pool\","
	    "\"lastTimestamp\":\"2026-01-02T03:05:05Z\",\"count\":12}");
}

static void
a_lease_has_its_holder_and_times(void **state)
{
	(void)state;
	assert_json(encode_lease(&(struct lease_body){ "ns", "arplet", "9", "node-1", 15, 2, 0, NOW_US }),
	    "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"arplet\","
	    "\"namespace\":\"ns\",\"resourceVersion\":\"9\"},\"spec\":{\"holderIdentity\":\"node-1\","
	    "\"leaseDurationSeconds\":15,\"leaseTransitions\":2,\"renewTime\":\"2026-01-02T03:04:05.000042Z\"}}");
}

static void
a_servicel2status_has_its_interfaces(void **state)
{
	const char *names[] = { "eth0", "eth1" };
	const struct strings two = { names, 2 }, none = { 0 };

	(void)state;
	assert_json(encode_l2status(&(struct l2status_body){ "m", "n", "shop", "web", &two }),
	    "{\"apiVersion\":\"metallb.io/v1beta1\",\"kind\":\"ServiceL2Status\",\"metadata\":{"
	    "\"generateName\":\"l2-\",\"namespace\":\"m\",\"labels\":{\"metallb.io/node\":\"n\","
	    "\"metallb.io/service-name\":\"web\",\"metallb.io/service-namespace\":\"shop\"}}}");
	assert_json(encode_l2status(&(struct l2status_body){ "m", "n", "s", "w", &none, "10.0.0.1,MAC,yielded" }),
	    "{\"apiVersion\":\"metallb.io/v1beta1\",\"kind\":\"ServiceL2Status\",\"metadata\":{"
	    "\"generateName\":\"l2-\",\"namespace\":\"m\",\"labels\":{\"metallb.io/node\":\"n\","
	    "\"metallb.io/service-name\":\"w\",\"metallb.io/service-namespace\":\"s\"},"
	    "\"annotations\":{\"arplet.io/conflict\":\"10.0.0.1,MAC,yielded\"}}}");
	assert_json(encode_l2status_patch(&(struct l2status_body){ "m", "n", "shop", "web", &two }),
	    "{\"status\":{\"node\":\"n\",\"serviceName\":\"web\",\"serviceNamespace\":\"shop\","
	    "\"interfaces\":[{\"name\":\"eth0\"},{\"name\":\"eth1\"}]}}");
	assert_json(encode_l2status_patch(&(struct l2status_body){ "m", "n", "shop", "web", &none }),
	    "{\"status\":{\"node\":\"n\",\"serviceName\":\"web\",\"serviceNamespace\":\"shop\","
	    "\"interfaces\":null}}");
}

static void
exec_info_has_the_cluster_only_on_request(void **state)
{
	(void)state;
	assert_json(encode_exec_info(&(struct exec_info){ .api_version = "v" }),
	    "{\"apiVersion\":\"v\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false}}");
	assert_json(encode_exec_info(&(struct exec_info){ "v", "https://h", "name", "hello world", NULL, true }),
	    "{\"apiVersion\":\"v\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false,\"cluster\":{"
	    "\"server\":\"https://h\",\"tls-server-name\":\"name\",\"insecure-skip-tls-verify\":true,"
	    "\"certificate-authority-data\":\"aGVsbG8gd29ybGQ=\"}}}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_patch_has_the_addresses),
		cmocka_unit_test(a_service_patch_without_addresses_removes_the_annotation),
		cmocka_unit_test(a_service_patch_has_the_conditions_too),
		cmocka_unit_test(
		    a_conditions_patch_changes_no_address_and_no_transition_time),
		cmocka_unit_test(a_pool_patch_has_the_known_counts),
		cmocka_unit_test(a_valid_patch_sets_missing_counts_to_0),
		cmocka_unit_test(an_event_has_the_object_reason_and_message),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
		cmocka_unit_test(an_update_of_an_event_has_its_count_and_last_time),
		cmocka_unit_test(a_lease_has_its_holder_and_times),
		cmocka_unit_test(a_servicel2status_has_its_interfaces),
		cmocka_unit_test(exec_info_has_the_cluster_only_on_request),
	};

	return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
