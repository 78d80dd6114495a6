/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/wanted_fields.h"

#include "arplet/decode.h"
#include "k8s/decode_limits.h"
#include "unit.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The object that the filter copies must decode to the same object as the whole text.  Each text
 * has all fields that the decoder of the kind reads, and some that it does not read.
 */
#define OTHERS "\"managedFields\":[{\"manager\":\"x\",\"fieldsV1\":{\"f:spec\":{\"name\":{}}}}],\"selfLink\":\"x\""
#define META(labels, more)                                                                        \
	"{\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"namespace\":\"ns\",\"uid\":\"u\",\"resourceVersion\":\"7\",\"generation\":3," \
	"\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\"," OTHERS ",\"labels\":{" labels \
	"}" more "}"
#define CONDITIONS_TEXT "\"conditions\":[{\"type\":\"Other\",\"status\":\"True\",\"message\":\"x\"},{\"message\":\"m\",\"reason\":" \
	"\"R\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\",\"type\":\"arplet.io/Allocated\"},{\"type\":" \
	"\"arplet.io/Valid\",\"status\":\"False\",\"reason\":\"Q\",\"message\":\"l\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\"}]"
#define SELECTOR "{\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":[{\"key\":\"k\",\"operator\":\"In\",\"values\":[\"v\"]}]}"

static const struct same_case {
	const char *name;
	enum kind kind;
	const char *text;
} same_cases[] = {
	{ "a Service", KIND_SERVICE,
	    META("\"a\":\"b\"", ",\"annotations\":{\"other/x\":\"y\",\"metallb.io/loadBalancerIPs\":\"10.0.0.1\","
	    "\"metallb.universe.tf/address-pool\":\"p\",\"metallb.io/allow-shared-ip\":\"key\","
	    "\"metallb.io/ip-allocated-from-pool\":\"p\",\"arplet.io/what\":\"x\"}")
	    ",\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"c\",\"loadBalancerIP\":\"10.0.0.1\","
	    "\"ipFamilyPolicy\":\"RequireDualStack\",\"externalTrafficPolicy\":\"Local\",\"ipFamilies\":[\"IPv4\"],"
	    "\"clusterIPs\":[\"10.96.0.1\",\"fd00::1\"],\"clusterIP\":\"10.96.0.1\",\"selector\":{\"app\":\"x\"},"
	    "\"externalIPs\":[\"10.0.0.7\"],\"ports\":[{\"name\":\"x\",\"protocol\":\"UDP\",\"port\":53,\"targetPort\":53}]},"
	    "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.1\",\"ipMode\":\"VIP\",\"ports\":[]},{\"hostname\":\"h\"}]},"
	    CONDITIONS_TEXT "}}" },
	{ "a Service of a manifest", KIND_SERVICE, META("", "")
	    ",\"spec\":{\"type\":\"LoadBalancer\",\"ipFamilies\":[\"IPv6\",\"IPv4\"]}}" },
	{ "a pool", KIND_POOL,
	    META("\"a\":\"b\"", ",\"annotations\":{\"arplet.io/exclude\":\"10.0.0.1\",\"arplet.io/conflict\":\"x\",\"o\":\"x\"}")
	    ",\"spec\":{\"addresses\":[\"10.0.0.0/24\"],\"autoAssign\":false,\"avoidBuggyIPs\":true,\"serviceAllocation\":"
	    "{\"priority\":5,\"namespaces\":[\"n\"],\"namespaceSelectors\":[" SELECTOR "],\"serviceSelectors\":[" SELECTOR
	    "]}},\"status\":{\"assignedIPv4\":1,\"assignedIPv6\":2,\"availableIPv4\":3,\"availableIPv6\":4,"
	    CONDITIONS_TEXT "}}" },
	{ "an advertisement", KIND_L2ADV, META("\"a\":\"b\"", "")
	    ",\"spec\":{\"ipAddressPools\":[\"p\"],\"ipAddressPoolSelectors\":[" SELECTOR "],\"nodeSelectors\":[" SELECTOR
	    "],\"interfaces\":[\"eth0\"],\"serviceSelectors\":[" SELECTOR "]},\"status\":{" CONDITIONS_TEXT "}}" },
	{ "an EndpointSlice", KIND_SLICE,
	    META("\"kubernetes.io/service-name\":\"web\",\"x\":\"y\"", ",\"ownerReferences\":[{\"kind\":\"Other\",\"uid\":\"x\"},"
	    "{\"kind\":\"Service\",\"uid\":\"u\"}]") ",\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],"
	    "\"nodeName\":\"a\",\"targetRef\":{\"name\":\"x\"},\"conditions\":{\"ready\":false,\"serving\":true,\"terminating\":true}}]}" },
	{ "a Node", KIND_NODE, META("\"a\":\"b\"", "")
	    ",\"spec\":{\"unschedulable\":true,\"podCIDR\":\"x\"},\"status\":{\"images\":[{\"names\":[\"x\"]}],\"conditions\":["
	    "{\"type\":\"Ready\",\"status\":\"True\",\"message\":\"x\"},{\"type\":\"NetworkUnavailable\",\"status\":\"True\"}],"
	    "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.1\"},{\"type\":\"Hostname\",\"address\":\"a\"}]}}" },
	{ "a Namespace", KIND_NAMESPACE, META("\"a\":\"b\"", "") ",\"status\":{\"phase\":\"Active\"}}" },
	{ "a Lease", KIND_LEASE, META("", "")
	    ",\"spec\":{\"holderIdentity\":\"a\",\"leaseDurationSeconds\":5,\"leaseTransitions\":2,"
	    "\"renewTime\":\"2026-01-02T03:04:05.000000Z\",\"acquireTime\":\"2026-01-02T03:04:05.000000Z\"}}" },
	{ "a ServiceL2Status", KIND_L2STATUS,
	    META("\"metallb.io/node\":\"a\",\"metallb.io/service-namespace\":\"s\",\"metallb.io/service-name\":\"web\"",
	    ",\"annotations\":{\"arplet.io/conflict\":\"10.0.0.1\",\"x\":\"y\"}")
	    ",\"status\":{\"node\":\"a\",\"serviceNamespace\":\"s\",\"serviceName\":\"web\",\"interfaces\":[{\"name\":\"eth0\"}]}}" },
	{ "a Secret", KIND_SECRET, META("", "") ",\"data\":{\"other\":\"eA==\",\"key\":\"aGVsbG8=\"},\"type\":\"Opaque\"}" },
};

struct copy {
	char text[32768];
};

static int
keep(void *arg, const char *text, size_t len, bool cut)
{
	struct copy *copy = arg;

	assert_false(cut);
	assert_in_range(len, 1, sizeof(copy->text) - 1);
	memcpy(copy->text, text, len);
	copy->text[len] = '\0';
	return 0;
}

static void
copy_of(enum kind kind, bool all, const char *text, struct copy *ret_copy)
{
	static char list[1 << 17];
	struct json_filter filter;

	json_filter_init(&filter, wanted_list(kind, all), false, 1 << 20, keep, ret_copy);
	snprintf(list, sizeof(list), "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[%s]}", text);
	assert_int_equal(json_filter_feed(&filter, list, strlen(list)), 0);
	assert_true(filter.complete);
	json_filter_done(&filter);
}

static struct object *
decoded(enum kind kind, const char *text, unsigned int flags)
{
	struct object *obj = NULL;

	assert_int_equal(decode_kind(kind, text, strlen(text), flags, &obj, NULL), 0);
	return obj;
}

/*
 * Compares two objects, each of which is one block of memory with the same layout: pointers are
 * compared by their offsets in the block.
 */
static void
assert_same(const struct object *a, const struct object *b)
{
	const uintptr_t *words_a = (const void *)a, *words_b = (const void *)b;
	size_t size = malloc_usable_size((void *)(uintptr_t)a), texts = (size_t)(a->mem.front - (char *)(uintptr_t)a);

	assert_null(a->mem.chunks);
	assert_null(b->mem.chunks);
	assert_int_equal(b->mem.front - (const char *)b, texts);
	for (size_t i = 0; i < texts / sizeof(*words_a); i++) {
		uintptr_t at_a = words_a[i] - (uintptr_t)a, at_b = words_b[i] - (uintptr_t)b;

		if (at_a > size || at_a != at_b)
			assert_int_equal(words_a[i], words_b[i]);
	}
	texts += a->mem.left;
	/* malloc may add some bytes at the end of the block */
	if (size > texts + 24)
		assert_memory_equal((const char *)a + texts, (const char *)b + texts, size - texts - 24);
}

static void
check_same(void **state)
{
	const struct same_case *c = *state;
	struct object *whole = decoded(c->kind, c->text, 0), *filtered;
	struct copy copy;

	assert_null(whole->bad);
	copy_of(c->kind, false, c->text, &copy);
	assert_null(strstr(copy.text, "managedFields"));
	assert_true(strlen(copy.text) < strlen(c->text));
	filtered = decoded(c->kind, copy.text, 0);
	assert_same(whole, filtered);
	object_free(whole);
	object_free(filtered);
}

static void
with_all_fields_only_managed_fields_are_omitted(void **state)
{
	struct copy copy;

	(void)state;
	copy_of(KIND_SERVICE, true, "{\"a\":[{\"b\":1}],\"metadata\":{\"managedFields\":[1],\"x\":{\"managedFields\":2}}}", &copy);
	assert_string_equal(copy.text, "{\"a\":[{\"b\":1}],\"metadata\":{\"x\":{\"managedFields\":2}}}");
}

/* --- limits: fields of a Service that are too long --- */

static const struct limit_case {
	const char *name;
	const char *before, *part, *after; /* @part is repeated */
	size_t n;       /* how often */
	const char *bad; /* start of the member bad; NULL: the object is good */
	bool no_labels, many_ports;
} limit_cases[] = {
	{ "64 labels are stored", "\"labels\":{", "\"k%zu\":\"v\"", "}},\"spec\":{", 64, NULL, false, false },
	{ "65 labels count as unknown", "\"labels\":{", "\"k%zu\":\"v\"", "}},\"spec\":{", 65, NULL, true, false },
	{ "1,500 labels count as unknown", "\"labels\":{", "\"k%zu\":\"v\"", "}},\"spec\":{", 1500, NULL, true, false },
	{ "long labels count as unknown", "\"labels\":{", "\"0123456789012345678901234567890123456789%zu\":\"v\"",
	    "}},\"spec\":{", 40, NULL, true, false },
	{ "256 ports are stored", "\"labels\":{}},\"spec\":{\"ports\":[", "{\"port\":1%zu}", "],", 256, NULL, false, false },
	{ "257 ports are too many", "\"labels\":{}},\"spec\":{\"ports\":[", "{\"port\":1%zu}", "],", 257, NULL, false, true },
	{ "1,500 ports are too many", "\"labels\":{}},\"spec\":{\"ports\":[", "{\"port\":1%zu}", "],", 1500, NULL, false, true },
	{ "a key for sharing of 1,025 bytes is refused", "\"labels\":{}},\"spec\":{\"loadBalancerIP\":\"", "012345678901234567890123", "\",", 44,
	    "spec.loadBalancerIP: must have at most 1024 bytes", false, false },
	{ "many control characters are refused", "\"labels\":{}},\"spec\":{\"loadBalancerIP\":\"", "\\u0001", "\",", 9000,
	    "spec.loadBalancerIP: must have at most 1024 bytes", false, false },
	{ "a long selector counts as unknown", "\"labels\":{}},\"spec\":{\"selector\":{", "\"k%zu\":\"v\"", "},", 65, NULL, false, false },
};

static char *
limit_text(const struct limit_case *c)
{
	char *text = malloc(1 << 17), *at = text;

	at += sprintf(at, "{\"metadata\":{\"name\":\"n\",\"annotations\":{\"metallb.io/allow-shared-ip\":\"k\"},%s",
	    c->before);
	for (size_t i = 0; i < c->n; i++) {
		if (i && c->part[0] != '\\' && c->part[0] != '0')
			*at++ = ',';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		at += sprintf(at, c->part, i);
#pragma GCC diagnostic pop
	}
	sprintf(at, "%s\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\"Local\"},"
	    "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.1\"}]}}}", c->after);
	return text;
}

/* The limits hold for the whole text and for the copy, and always leave type and address. */
static void
check_limit(void **state)
{
	const struct limit_case *c = *state;
	char *text = limit_text(c);
	struct copy copy;

	copy_of(KIND_SERVICE, false, text, &copy);
	for (int i = 0; i < 2; i++) {
		struct object *obj = decoded(KIND_SERVICE, i ? copy.text : text, 0);
		const struct service *svc = &obj->u.service;

		if (c->bad)
			assert_string_equal(obj->bad, c->bad);
		else if (obj->bad)
			fail_msg("%s", obj->bad);
		assert_int_equal(labels_are_unknown(&obj->meta.labels), c->no_labels);
		assert_true(svc->load_balancer);
		assert_int_equal(svc->n_status, 1);
		assert_null(obj->mem.chunks);
		assert_in_range(obj->mem.front + obj->mem.left - (char *)obj, 0, 2560);
		if (!c->bad)
			assert_int_equal(svc->share->many_ports, c->many_ports);
		object_free(obj);
	}
	free(text);
}

static void
a_service_that_is_too_large_keeps_its_addresses(void **state)
{
	char text[8192], long_text[1001] = "";
	struct object *obj;

	(void)state;
	memset(long_text, 'x', 1000);
	snprintf(text, sizeof(text), "{\"metadata\":{\"name\":\"n\",\"annotations\":{\"metallb.io/allow-shared-ip\":\"%s\","
	    "\"metallb.io/address-pool\":\"%s\",\"metallb.io/loadBalancerIPs\":\"%s\"}},\"spec\":{\"type\":\"LoadBalancer\"},"
	    "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.1\"}]}}}", long_text, long_text, long_text);
	obj = decoded(KIND_SERVICE, text, 0);
	assert_string_equal(obj->bad, "the object is too large: the fields that arplet reads must have fewer bytes");
	assert_true(obj->u.service.load_balancer);
	assert_int_equal(obj->u.service.n_status, 1);
	object_free(obj);
	obj = decoded(KIND_SERVICE, "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"type\":\"LoadBalancer\"}}", DECODE_CUT);
	assert_non_null(obj->bad);
	object_free(obj);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_all_fields_only_managed_fields_are_omitted),
		cmocka_unit_test(a_service_that_is_too_large_keeps_its_addresses),
	};
	int failed = UNIT_TABLE("the copy decodes like the whole text", same_cases, check_same);

	failed += UNIT_TABLE("limits", limit_cases, check_limit);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
