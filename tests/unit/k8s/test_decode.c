/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define META "\"metadata\":{\"name\":\"x\",\"namespace\":\"ns\"}"

/* What makes an object bad, and what the sentence then says. */
static const struct bad_case {
	const char *name;
	enum kind kind;
	const char *json;
	const char *says; /* NULL: it is good */
} bads[] = {
	{ "a pool as users write it", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"10.0.0.0/24\",\"10.1.0.1-10.1.0.9\"]}}", NULL },
	{ "a pool without addresses", KIND_POOL, "{" META ",\"spec\":{}}",
	    "spec.addresses: must list at least one" },
	{ "a pool without a spec", KIND_POOL, "{" META "}", "spec.addresses: must list" },
	{ "a spec that is a list", KIND_POOL, "{" META ",\"spec\":[]}", "spec: must be an object" },
	{ "an address that is a number", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[\"a\",7]}}",
	    "spec.addresses[1]: must be a string; put the value in quotes" },
	{ "an annotation of ours that is none", KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"arplet.io/exclud\":\"10.0.0.1\"}},"
	    "\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}",
	    "metadata.annotations[\"arplet.io/exclud\"]: unknown annotation; those with the prefix "
	    "arplet.io/ are exclude, reservations," },
	{ "an annotation of somebody else", KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"example.com/exclud\":\"10.0.0.1\"}},"
	    "\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}", NULL },
	{ "an address that is null", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[null]}}",
	    "spec.addresses[0]: must be a string" },
	{ "an address with a NUL in it", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"10.0.0.0/24\\u0000x\"]}}",
	    "spec.addresses[0]: must not contain a NUL" },
	{ "the same address twice", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[\"a\",\"b\",\"a\"]}}",
	    "spec.addresses[2]: duplicate value \"a\"" },
	{ "autoAssign as text", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"autoAssign\":\"false\"}}",
	    "spec.autoAssign: must be true or false" },
	{ "null means absent", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"autoAssign\":null}}", NULL },
	{ "a priority too big", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"priority\":2147483648}}}",
	    "spec.serviceAllocation.priority: must be between" },
	{ "a priority that is no whole number", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"priority\":1.5}}}",
	    "spec.serviceAllocation.priority: must be a whole number" },
	{ "the same namespace twice", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"namespaces\":[\"n\",\"n\"]}}}",
	    "spec.serviceAllocation.namespaces[1]: duplicate value \"n\"" },
	{ "a hand-edited status that is nonsense does not make the pool bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"]},\"status\":{\"assignedIPv4\":\"many\"}}", NULL },
	{ "the same pool twice", KIND_L2ADV, "{" META ",\"spec\":{\"ipAddressPools\":[\"p\",\"p\"]}}",
	    "spec.ipAddressPools[1]: duplicate value \"p\"" },
	{ "the same interface twice", KIND_L2ADV, "{" META ",\"spec\":{\"interfaces\":[\"e\",\"e\"]}}",
	    "spec.interfaces[1]: duplicate value \"e\"" },
	{ "the same selector twice, its labels in another order", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"a\":\"1\",\"b\":\"2\"}},"
	    "{\"matchLabels\":{\"b\":\"2\",\"a\":\"1\"}}]}}",
	    "spec.nodeSelectors[1]: duplicates an earlier selector" },
	{ "selectors that differ in a value", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"a\":\"1\"}},"
	    "{\"matchLabels\":{\"a\":\"2\"}}]}}", NULL },
	{ "an operator that does not exist", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Is\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].operator: must be In, NotIn" },
	{ "In without values", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].values: must not be empty" },
	{ "Exists with values", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":"
	    "[{\"key\":\"a\",\"operator\":\"Exists\",\"values\":[\"b\"]}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].values: must be empty" },
	{ "a requirement without a key", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"operator\":\"Exists\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].key: must be" },
	{ "a selector that is text", KIND_L2ADV, "{" META ",\"spec\":{\"nodeSelectors\":[\"x\"]}}",
	    "spec.nodeSelectors[0]: must be a label selector" },
	{ "a port of zero", KIND_SERVICE,
	    "{" META ",\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80},{\"port\":0}]}}",
	    "spec.ports[1].port: must be between 1 and 65535" },
	{ "a type that is a number", KIND_SERVICE, "{" META ",\"spec\":{\"type\":1}}",
	    "spec.type: must be a string" },
	{ "ingress that is an object", KIND_SERVICE,
	    "{" META ",\"status\":{\"loadBalancer\":{\"ingress\":{}}}}",
	    "status.loadBalancer.ingress: must be a list" },
	{ "a status that is text", KIND_SERVICE, "{" META ",\"status\":\"fine\"}",
	    "status: must be an object" },
	{ "an annotation that is a number", KIND_SERVICE,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"metallb.io/address-pool\":1}}}",
	    "metadata.annotations[\"metallb.io/address-pool\"]: must be a string" },
	{ "what a ClusterIP Service has in spec is not looked at", KIND_SERVICE,
	    "{" META ",\"spec\":{\"type\":\"ClusterIP\",\"ports\":7}}", NULL },
	{ "a label that is a number", KIND_NODE,
	    "{\"metadata\":{\"name\":\"x\",\"labels\":{\"zone\":1}}}",
	    "metadata.labels.zone: must be a string" },
	{ "a time that is none", KIND_NODE,
	    "{\"metadata\":{\"name\":\"x\",\"creationTimestamp\":\"yesterday\"}}",
	    "metadata.creationTimestamp: must be a time" },
	{ "endpoints that are text", KIND_SLICE, "{" META ",\"endpoints\":\"none\"}",
	    "endpoints: must be a list" },
	{ "unknown fields are ignored", KIND_LEASE,
	    "{" META ",\"spec\":{\"holderIdentity\":\"a\",\"strategy\":{\"x\":[1]}}}", NULL },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct err err = { "" };
	struct object *obj = NULL;

	if (decode_kind(c->kind, c->json, strlen(c->json), 0, &obj, &err) < 0)
		fail_msg("not decoded: %s", err.text);
	assert_string_equal(obj->meta.name, "x");
	if (!c->says && obj->bad)
		fail_msg("bad: %s", obj->bad);
	if (c->says && (!obj->bad || strncmp(obj->bad, c->says, strlen(c->says)) != 0))
		fail_msg("said: %s", obj->bad ? obj->bad : "nothing");
	object_free(obj);
}

/* What is no object at all. */
static const struct refused_case {
	const char *name, *json, *says;
	int rc;
} refused[] = {
	{ "nothing", "", "the JSON text is incomplete", -EBADMSG },
	{ "half an object", "{\"kind\":", "the JSON text is incomplete", -EBADMSG },
	{ "two objects", "{} {}", "not JSON", -EBADMSG },
	{ "a list", "[]", "must be one JSON object", -EBADMSG },
	{ "a comma too many", "{\"a\":1,}", "not JSON", -EBADMSG },
	{ "bytes that are no UTF-8", "{\"kind\":\"\xff\"}", "not JSON", -EBADMSG },
	{ "a fault behind managedFields", "{\"managedFields\":[{\"a\":[1,2]}],\"a\":1,}",
	    "not JSON: unexpected character at byte 37", -EBADMSG },
	{ "a fault before them", "{\"a\":x,\"managedFields\":[1]}", "not JSON", -EBADMSG },
	{ "half of them", "{\"managedFields\":[{\"a\":1},", "the JSON text is incomplete", -EBADMSG },
	{ "nothing that an object has", "{\"resources\":[]}", "it is not a Kubernetes object", -ENOENT },
	{ "no kind", "{\"metadata\":{}}", "kind: is required", -EBADMSG },
	{ "a kind in small letters", "{\"kind\":\"service\",\"apiVersion\":\"v1\"}",
	    "kind: must be spelled Service", -EBADMSG },
	{ "the same of another group", "{\"kind\":\"service\",\"apiVersion\":\"example.com/v1\"}",
	    "service of example.com/v1", -ENOTSUP },
	{ "a pool of an old version",
	    "{\"kind\":\"IPAddressPool\",\"apiVersion\":\"metallb.io/v1beta2\"}",
	    "apiVersion: must be metallb.io/v1beta1 for this kind, not metallb.io/v1beta2", -EBADMSG },
	{ "a kind that is a number", "{\"kind\":1}", "kind: is required", -EBADMSG },
	{ "no apiVersion", "{\"kind\":\"Service\"}", "apiVersion: is required", -EBADMSG },
	{ "a kind that is not read", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", "Pod of v1", -ENOTSUP },
	{ "a known kind of another group", "{\"kind\":\"Service\",\"apiVersion\":\"serving.knative.dev/v1\"}",
	    "Service of serving.knative.dev/v1", -ENOTSUP },
	{ "no name", "{\"kind\":\"Service\",\"apiVersion\":\"v1\"}", "metadata.name: is required",
	    -EBADMSG },
	{ "an empty name", "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"\"}}",
	    "metadata.name: is required", -EBADMSG },
	{ "metadata that is text", "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":\"x\"}",
	    "metadata: must be an object", -EBADMSG },
	{ "nesting without end", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    "not JSON", -EBADMSG },
};

static void
check_refused(void **state)
{
	const struct refused_case *c = *state;
	struct err err = { "" };
	struct object *obj = NULL;
	int rc = decode_object(c->json, strlen(c->json), 0, &obj, &err);

	assert_int_equal(rc, c->rc);
	assert_null(obj);
	if (strncmp(err.text, c->says, strlen(c->says)) != 0)
		fail_msg("said: %s", err.text);
}

static struct object *
decoded(enum kind kind, const char *json)
{
	struct object *obj = NULL;
	struct err err = { "" };

	if (decode_kind(kind, json, strlen(json), DECODE_KEEP_RAW, &obj, &err) < 0 || obj->bad)
		fail_msg("%s", err.text);
	return obj;
}

static void
a_service_is_read_whole(void **state)
{
	struct object *obj = decoded(KIND_SERVICE,
	    "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u\",\"resourceVersion\":\"7\","
	    "\"generation\":3,\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"labels\":{\"a\":\"b\"},"
	    "\"annotations\":{\"metallb.universe.tf/address-pool\":\"old\",\"metallb.io/address-pool\":\"new\","
	    "\"metallb.universe.tf/allow-shared-ip\":\"key\",\"metallb.io/ip-allocated-from-pool\":\"p\"}},"
	    "\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"c\",\"loadBalancerIP\":\"10.0.0.9\","
	    "\"clusterIPs\":[\"fd00::1\",\"10.96.0.1\"],\"ipFamilyPolicy\":\"PreferDualStack\","
	    "\"externalTrafficPolicy\":\"Local\",\"selector\":{\"app\":\"web\"},"
	    "\"ports\":[{\"port\":443},{\"port\":53,\"protocol\":\"UDP\"}]},"
	    "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.9\",\"ipMode\":\"VIP\"},"
	    "{\"hostname\":\"x\"}]},\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"},"
	    "{\"type\":\"arplet.io/Announced\",\"status\":\"False\",\"reason\":\"R\",\"message\":\"m\"}]}}");
	const struct service *svc = &obj->u.service;
	char buf[IP_TEXT_MAX];

	(void)state;
	assert_string_equal(obj->meta.ns, "shop");
	assert_string_equal(obj->meta.version, "7");
	assert_int_equal(obj->meta.generation, 3);
	assert_int_equal(obj->meta.created_s, 1767323045);
	assert_string_equal(labels_get(&obj->meta.labels, "a"), "b");
	assert_true(svc->load_balancer && svc->local);
	assert_string_equal(svc->lb_class, "c");
	assert_string_equal(svc->lb_ip, "10.0.0.9");
	assert_string_equal(svc->ann_pool, "new");
	assert_string_equal(svc->share->key, "key");
	assert_string_equal(svc->from_pool, "p");
	assert_string_equal(svc->deprecated, "metallb.universe.tf/address-pool");
	assert_int_equal(svc->n_families, 2);
	assert_int_equal(svc->families[0], IPV6);
	assert_int_equal(svc->families[1], IPV4);
	assert_int_equal(svc->policy, PREFER_DUAL_STACK);
	assert_int_equal(svc->share->n_ports, 2);
	assert_string_equal(svc->share->ports[0].protocol, "TCP");
	assert_int_equal(svc->share->ports[1].port, 53);
	assert_string_equal(svc->share->ports[1].protocol, "UDP");
	assert_string_equal(labels_get(&svc->share->selector, "app"), "web");
	assert_int_equal(svc->n_status, 1);
	assert_string_equal(ip_format(&svc->status[0], buf), "10.0.0.9");
	assert_true(svc->status_foreign);
	assert_true(svc->conditions[CONDITION_ALLOCATED] == 0);
	assert_true(svc->conditions[CONDITION_ANNOUNCED] == condition_hash(false, "R", "m"));
	object_free(obj);
}

static const struct family_case {
	const char *name, *spec;
	uint8_t families[2], n;
} families[] = {
	{ "a file says nothing: IPv4", "", { IPV4 }, 1 },
	{ "a file wants IPv6", ",\"ipFamilies\":[\"IPv6\"]", { IPV6 }, 1 },
	{ "a file requires both", ",\"ipFamilyPolicy\":\"RequireDualStack\"", { IPV4, IPV6 }, 2 },
	{ "a file requires both, IPv6 first",
	    ",\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv6\"]", { IPV6, IPV4 }, 2 },
	{ "clusterIPs win", ",\"ipFamilies\":[\"IPv6\"],\"clusterIPs\":[\"10.0.0.1\"]", { IPV4 }, 1 },
	{ "clusterIP alone", ",\"clusterIP\":\"fd00::1\"", { IPV6 }, 1 },
	{ "headless has none", ",\"clusterIPs\":[\"None\"]", { 0 }, 0 },
};

static void
check_families(void **state)
{
	const struct family_case *c = *state;
	char json[512];
	struct object *obj;

	snprintf(json, sizeof(json), "{" META ",\"spec\":{\"type\":\"LoadBalancer\"%s}}", c->spec);
	obj = decoded(KIND_SERVICE, json);
	assert_int_equal(obj->u.service.n_families, c->n);
	assert_memory_equal(obj->u.service.families, c->families, 2);
	object_free(obj);
}

static void
a_pool_is_read_whole(void **state)
{
	struct object *obj = decoded(KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"10.0.0.0/24\"],\"autoAssign\":false,\"avoidBuggyIPs\":true,"
	    "\"serviceAllocation\":{\"priority\":5,\"namespaces\":[\"n\"],\"namespaceSelectors\":[{}],"
	    "\"serviceSelectors\":[{\"matchExpressions\":[{\"key\":\"k\",\"operator\":\"NotIn\","
	    "\"values\":[\"v\"]}]}]}},\"status\":{\"assignedIPv4\":3,\"availableIPv4\":253}}");
	const struct pool *pool = &obj->u.pool;

	(void)state;
	assert_string_equal(pool->addresses.v[0], "10.0.0.0/24");
	assert_true(!pool->auto_assign && pool->avoid_buggy && pool->pinned);
	assert_int_equal(pool->priority, 5);
	assert_string_equal(pool->namespaces.v[0], "n");
	assert_int_equal(pool->ns_selectors.n, 1);
	assert_int_equal(pool->ns_selectors.v[0].n, 0);
	assert_int_equal(pool->svc_selectors.v[0].v[0].op, SEL_NOT_IN);
	assert_int_equal(pool->status.assigned4, 3);
	assert_int_equal(pool->status.assigned6, -1);
	object_free(obj);
}

static void
annotations_of_our_own_are_read_from_a_pool(void **state)
{
	struct object *obj = decoded(KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"arplet.io/exclude\":\"a\","
	    "\"arplet.io/reservations\":\"b\",\"arplet.io/reuse-after\":\"c\","
	    "\"arplet.io/namespace-quota\":\"d\",\"arplet.io/allow-infrastructure\":\"e\","
	    "\"metallb.io/exclude\":\"f\"}},\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}");
	const struct pool *pool = &obj->u.pool;

	(void)state;
	assert_string_equal(pool->annotations[ANNOTATION_EXCLUDE], "a");
	assert_string_equal(pool->annotations[ANNOTATION_RESERVATIONS], "b");
	assert_string_equal(pool->annotations[ANNOTATION_REUSE_AFTER], "c");
	assert_string_equal(pool->annotations[ANNOTATION_QUOTA], "d");
	assert_string_equal(pool->annotations[ANNOTATION_NODE_GATEWAY], "e");
	object_free(obj);
}

static void
a_bad_service_still_has_its_addresses_type_and_class(void **state)
{
	const char *json =
	    "{" META ",\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"c\",\"ports\":7},"
	    "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.1\"}]},"
	    "\"conditions\":[{\"type\":\"arplet.io/Allocated\",\"status\":\"True\"}]}}";
	struct object *obj;

	(void)state;
	assert_int_equal(decode_kind(KIND_SERVICE, json, strlen(json), 0, &obj, NULL), 0);
	assert_non_null(obj->bad);
	assert_int_equal(obj->u.service.n_status, 1);
	assert_int_equal(obj->u.service.status[0].b[3], 1);
	assert_true(obj->u.service.load_balancer);
	assert_string_equal(obj->u.service.lb_class, "c");
	assert_true(condition_is(obj->u.service.conditions[CONDITION_ALLOCATED]));
	assert_int_equal(obj->u.service.n_families, 0);
	object_free(obj);
}

static void
endpoints_serve_as_their_conditions_say(void **state)
{
	struct object *obj = decoded(KIND_SLICE,
	    "{\"metadata\":{\"name\":\"s\",\"labels\":{\"kubernetes.io/service-name\":\"web\"}},\"endpoints\":["
	    "{\"nodeName\":\"a\",\"conditions\":{\"ready\":true}},{\"conditions\":{}},"
	    "{\"nodeName\":\"b\",\"conditions\":{\"ready\":false}},"
	    "{\"nodeName\":\"c\",\"conditions\":{\"ready\":false,\"serving\":true}}]}");
	const struct slice *slice = &obj->u.slice;

	(void)state;
	assert_string_equal(slice->service, "web");
	assert_int_equal(slice->n, 4);
	assert_string_equal(slice->v[0].node, "a");
	assert_null(slice->v[1].node);
	assert_true(slice->v[0].serves && slice->v[1].serves && !slice->v[2].serves &&
	    slice->v[3].serves);
	assert_true(slice->v[0].ready && slice->v[1].ready && !slice->v[2].ready &&
	    !slice->v[3].ready);
	object_free(obj);
}

static void
endpoints_of_a_node_are_one(void **state)
{
	struct object *obj = decoded(KIND_SLICE,
	    "{\"metadata\":{\"name\":\"s\"},\"endpoints\":["
	    "{\"nodeName\":\"a\",\"conditions\":{\"ready\":false}},{\"conditions\":{}},"
	    "{\"nodeName\":\"a\",\"conditions\":{\"ready\":false,\"serving\":true}},{}]}");
	const struct slice *slice = &obj->u.slice;

	(void)state;
	assert_int_equal(slice->n, 2);
	assert_true(slice->v[0].serves && !slice->v[0].ready && slice->v[1].ready);
	object_free(obj);
}

static void
a_node_is_read_whole(void **state)
{
	struct object *obj = decoded(KIND_NODE,
	    "{\"metadata\":{\"name\":\"n\",\"namespace\":\"\"},\"spec\":{\"unschedulable\":true},\"status\":{"
	    "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},{\"type\":\"NetworkUnavailable\","
	    "\"status\":\"Unknown\"}],\"addresses\":[{\"type\":\"Hostname\",\"address\":\"10.0.0.1\"},"
	    "{\"type\":\"InternalIP\",\"address\":\"10.0.0.2\"},{\"type\":\"InternalIP\",\"address\":\"?\"}]}}");

	(void)state;
	assert_true(obj->u.node.ready && obj->u.node.unschedulable);
	assert_false(obj->u.node.network_unavailable);
	assert_int_equal(obj->u.node.n_addrs, 1);
	assert_int_equal(obj->u.node.addrs[0].b[3], 2);
	object_free(obj);
}

static void
raw_gets_the_kind_that_lists_leave_out(void **state)
{
	struct object *obj = decoded(KIND_NAMESPACE, " {\"metadata\":{\"name\":\"n\"},\"z\":\"a/b\"}");

	(void)state;
	assert_string_equal(obj->raw,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"n\"},\"z\":\"a/b\"}");
	object_free(obj);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_is_read_whole),
		cmocka_unit_test(a_pool_is_read_whole),
		cmocka_unit_test(annotations_of_our_own_are_read_from_a_pool),
		cmocka_unit_test(a_bad_service_still_has_its_addresses_type_and_class),
		cmocka_unit_test(endpoints_serve_as_their_conditions_say),
		cmocka_unit_test(endpoints_of_a_node_are_one),
		cmocka_unit_test(a_node_is_read_whole),
		cmocka_unit_test(raw_gets_the_kind_that_lists_leave_out),
	};
	int failed = UNIT_TABLE("fields that matter", bads, check_bad);

	failed += UNIT_TABLE("what is no object", refused, check_refused);
	failed += UNIT_TABLE("families", families, check_families);
	failed += cmocka_run_group_tests_name("decode", tests, NULL, NULL);
	return failed != 0;
}
