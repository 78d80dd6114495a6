/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define META "\"metadata\":{\"name\":\"x\",\"namespace\":\"ns\"}"

/* JSON of good and bad objects, and the expected error of each bad object. */
static const struct bad_case {
	const char *name;
	enum kind kind;
	const char *json;
	const char *error; /* start of the expected error; NULL: the object is good */
} bads[] = {
	{ "a pool with ranges is good", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"10.0.0.0/24\",\"10.1.0.1-10.1.0.9\"]}}", NULL },
	{ "a pool without addresses is bad", KIND_POOL, "{" META ",\"spec\":{}}",
	    "spec.addresses: must list at least one" },
	{ "a pool without a spec is bad", KIND_POOL, "{" META "}", "spec.addresses: must list" },
	{ "a spec that is a list is bad", KIND_POOL, "{" META ",\"spec\":[]}", "spec: must be an object" },
	{ "an address that is a number needs quotes", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[\"a\",7]}}",
	    "spec.addresses[1]: must be a string; put the value in quotes" },
	{ "an unknown annotation with arplet's prefix is bad", KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"arplet.io/exclud\":\"10.0.0.1\"}},"
	    "\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}",
	    "metadata.annotations[\"arplet.io/exclud\"]: unknown annotation; those with the prefix "
	    "arplet.io/ are exclude, reservations," },
	{ "an unknown annotation with another prefix is ignored", KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"example.com/exclud\":\"10.0.0.1\"}},"
	    "\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}", NULL },
	{ "an address that is null is bad", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[null]}}",
	    "spec.addresses[0]: must be a string" },
	{ "an address with a NUL character is bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"10.0.0.0/24\\u0000x\"]}}",
	    "spec.addresses[0]: must not contain a NUL" },
	{ "a duplicate address is bad", KIND_POOL, "{" META ",\"spec\":{\"addresses\":[\"a\",\"b\",\"a\"]}}",
	    "spec.addresses[2]: duplicate value \"a\"" },
	{ "an autoAssign that is a string is bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"autoAssign\":\"false\"}}",
	    "spec.autoAssign: must be true or false" },
	{ "null means absent", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"autoAssign\":null}}", NULL },
	{ "a priority beyond 32 bits is bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"priority\":2147483648}}}",
	    "spec.serviceAllocation.priority: must be between" },
	{ "a priority with a fraction is bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"priority\":1.5}}}",
	    "spec.serviceAllocation.priority: must be a whole number" },
	{ "a duplicate namespace is bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"serviceAllocation\":{\"namespaces\":[\"n\",\"n\"]}}}",
	    "spec.serviceAllocation.namespaces[1]: duplicate value \"n\"" },
	{ "a wrong status does not make a pool bad", KIND_POOL,
	    "{" META ",\"spec\":{\"addresses\":[\"a\"]},\"status\":{\"assignedIPv4\":\"many\"}}", NULL },
	{ "a duplicate pool name is bad", KIND_L2ADV, "{" META ",\"spec\":{\"ipAddressPools\":[\"p\",\"p\"]}}",
	    "spec.ipAddressPools[1]: duplicate value \"p\"" },
	{ "a duplicate interface is bad", KIND_L2ADV, "{" META ",\"spec\":{\"interfaces\":[\"e\",\"e\"]}}",
	    "spec.interfaces[1]: duplicate value \"e\"" },
	{ "a selector with the same labels in another order is a duplicate", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"a\":\"1\",\"b\":\"2\"}},"
	    "{\"matchLabels\":{\"b\":\"2\",\"a\":\"1\"}}]}}",
	    "spec.nodeSelectors[1]: duplicates an earlier selector" },
	{ "selectors that differ in a value are good", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"a\":\"1\"}},"
	    "{\"matchLabels\":{\"a\":\"2\"}}]}}", NULL },
	{ "an unknown operator is bad", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Is\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].operator: must be In, NotIn" },
	{ "an In without values is bad", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].values: must not be empty" },
	{ "an Exists with values is bad", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":"
	    "[{\"key\":\"a\",\"operator\":\"Exists\",\"values\":[\"b\"]}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].values: must be empty" },
	{ "a requirement without a key is bad", KIND_L2ADV,
	    "{" META ",\"spec\":{\"nodeSelectors\":[{\"matchExpressions\":[{\"operator\":\"Exists\"}]}]}}",
	    "spec.nodeSelectors[0].matchExpressions[0].key: must be" },
	{ "a selector that is a string is bad", KIND_L2ADV, "{" META ",\"spec\":{\"nodeSelectors\":[\"x\"]}}",
	    "spec.nodeSelectors[0]: must be a label selector" },
	{ "port 0 is bad", KIND_SERVICE,
	    "{" META ",\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80},{\"port\":0}]}}",
	    "spec.ports[1].port: must be between 1 and 65535" },
	{ "a type that is a number is bad", KIND_SERVICE, "{" META ",\"spec\":{\"type\":1}}",
	    "spec.type: must be a string" },
	{ "an ingress that is an object is bad", KIND_SERVICE,
	    "{" META ",\"status\":{\"loadBalancer\":{\"ingress\":{}}}}",
	    "status.loadBalancer.ingress: must be a list" },
	{ "a status that is a string is bad", KIND_SERVICE, "{" META ",\"status\":\"fine\"}",
	    "status: must be an object" },
	{ "an annotation that is a number is bad", KIND_SERVICE,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"metallb.io/address-pool\":1}}}",
	    "metadata.annotations[\"metallb.io/address-pool\"]: must be a string" },
	{ "the spec of a ClusterIP Service is not checked", KIND_SERVICE,
	    "{" META ",\"spec\":{\"type\":\"ClusterIP\",\"ports\":7}}", NULL },
	{ "a label that is a number is bad", KIND_NODE,
	    "{\"metadata\":{\"name\":\"x\",\"labels\":{\"zone\":1}}}",
	    "metadata.labels.zone: must be a string" },
	{ "a time in another format is bad", KIND_NODE,
	    "{\"metadata\":{\"name\":\"x\",\"creationTimestamp\":\"yesterday\"}}",
	    "metadata.creationTimestamp: must be a time" },
	{ "endpoints that are a string are bad", KIND_SLICE, "{" META ",\"endpoints\":\"none\"}",
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
	if (!c->error && obj->bad)
		fail_msg("bad: %s", obj->bad);
	if (c->error && (!obj->bad || strncmp(obj->bad, c->error, strlen(c->error)) != 0))
		fail_msg("error: %s", obj->bad ? obj->bad : "none");
	object_free(obj);
}

/* JSON texts that decode_object() must refuse, and the expected error. */
static const struct refused_case {
	const char *name, *json, *error;
	int rc;
} refused[] = {
	{ "an empty text is incomplete", "", "the JSON text is incomplete", -EBADMSG },
	{ "an object without its end is incomplete", "{\"kind\":", "the JSON text is incomplete", -EBADMSG },
	{ "two objects are refused", "{} {}", "not JSON", -EBADMSG },
	{ "a list is refused", "[]", "must be one JSON object", -EBADMSG },
	{ "an extra comma is refused", "{\"a\":1,}", "not JSON", -EBADMSG },
	{ "bytes that are not UTF-8 are refused", "{\"kind\":\"\xff\"}", "not JSON", -EBADMSG },
	{ "the offset of an error behind managedFields counts from the start", "{\"managedFields\":[{\"a\":[1,2]}],\"a\":1,}",
	    "not JSON: unexpected character at byte 37", -EBADMSG },
	{ "an error before managedFields is refused", "{\"a\":x,\"managedFields\":[1]}", "not JSON", -EBADMSG },
	{ "managedFields without their end are incomplete", "{\"managedFields\":[{\"a\":1},", "the JSON text is incomplete", -EBADMSG },
	{ "an object without apiVersion, kind and metadata is not a Kubernetes object", "{\"resources\":[]}", "it is not a Kubernetes object", -ENOENT },
	{ "an object without a kind is refused", "{\"metadata\":{}}", "kind: is required", -EBADMSG },
	{ "a kind in lower case is misspelled", "{\"kind\":\"service\",\"apiVersion\":\"v1\"}",
	    "kind: must be spelled Service", -EBADMSG },
	{ "a lower-case kind of another group is another kind", "{\"kind\":\"service\",\"apiVersion\":\"example.com/v1\"}",
	    "service of example.com/v1", -ENOTSUP },
	{ "a pool of another apiVersion is refused",
	    "{\"kind\":\"IPAddressPool\",\"apiVersion\":\"metallb.io/v1beta2\"}",
	    "apiVersion: must be metallb.io/v1beta1 for this kind, not metallb.io/v1beta2", -EBADMSG },
	{ "a kind that is a number is refused", "{\"kind\":1}", "kind: is required", -EBADMSG },
	{ "an object without an apiVersion is refused", "{\"kind\":\"Service\"}", "apiVersion: is required", -EBADMSG },
	{ "an unknown kind is not supported", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", "Pod of v1", -ENOTSUP },
	{ "a Service of another group is not supported", "{\"kind\":\"Service\",\"apiVersion\":\"serving.knative.dev/v1\"}",
	    "Service of serving.knative.dev/v1", -ENOTSUP },
	{ "an object without a name is refused", "{\"kind\":\"Service\",\"apiVersion\":\"v1\"}", "metadata.name: is required",
	    -EBADMSG },
	{ "an object with an empty name is refused", "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"\"}}",
	    "metadata.name: is required", -EBADMSG },
	{ "metadata that is a string is refused", "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":\"x\"}",
	    "metadata: must be an object", -EBADMSG },
	{ "nesting beyond the limit is refused", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
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
	if (strncmp(err.text, c->error, strlen(c->error)) != 0)
		fail_msg("error: %s", err.text);
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
all_fields_of_a_service_are_read(void **state)
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
	    "{\"type\":\"arplet.io/Announced\",\"status\":\"False\",\"reason\":\"R\",\"message\":\"m\"},"
	    "{\"type\":\"arplet.io/Allocated\",\"status\":\"True\",\"reason\":\"A\",\"message\":\"b\","
	    "\"lastTransitionTime\":\"2026-01-02T03:05:06Z\"}]}}");
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
	assert_int_equal(svc->share->ports[0].port, 53); /* sorted by port */
	assert_int_equal(svc->share->ports[0].protocol, PROTOCOL_UDP);
	assert_int_equal(svc->share->ports[1].port, 443);
	assert_int_equal(svc->share->ports[1].protocol, PROTOCOL_TCP);
	assert_int_equal(svc->allocated_s, 1767323106);
	assert_string_equal(labels_get(&svc->share->selector, "app"), "web");
	assert_int_equal(svc->n_status, 1);
	assert_string_equal(ip_format(&svc->status[0], buf), "10.0.0.9");
	assert_true(svc->status_foreign);
	assert_true(svc->conditions[CONDITION_ALLOCATED] == condition_hash(true, "A", "b"));
	assert_true(svc->conditions[CONDITION_ANNOUNCED] == condition_hash(false, "R", "m"));
	object_free(obj);
}

static const struct family_case {
	const char *name, *spec;
	uint8_t families[2], n;
} families[] = {
	{ "a manifest without families is IPv4", "", { IPV4 }, 1 },
	{ "a manifest can choose IPv6", ",\"ipFamilies\":[\"IPv6\"]", { IPV6 }, 1 },
	{ "RequireDualStack adds IPv6", ",\"ipFamilyPolicy\":\"RequireDualStack\"", { IPV4, IPV6 }, 2 },
	{ "RequireDualStack adds IPv4 after IPv6",
	    ",\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv6\"]", { IPV6, IPV4 }, 2 },
	{ "clusterIPs win over ipFamilies", ",\"ipFamilies\":[\"IPv6\"],\"clusterIPs\":[\"10.0.0.1\"]", { IPV4 }, 1 },
	{ "clusterIP alone sets the family", ",\"clusterIP\":\"fd00::1\"", { IPV6 }, 1 },
	{ "a headless Service has no family", ",\"clusterIPs\":[\"None\"]", { 0 }, 0 },
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
all_fields_of_a_pool_are_read(void **state)
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
arplets_annotations_of_a_pool_are_read(void **state)
{
	struct object *obj = decoded(KIND_POOL,
	    "{\"metadata\":{\"name\":\"x\",\"annotations\":{\"arplet.io/exclude\":\"a\","
	    "\"arplet.io/reservations\":\"b\",\"arplet.io/reuse-after\":\"c\","
	    "\"arplet.io/namespace-quota\":\"d\",\"arplet.io/allow-infrastructure\":\"e\","
	    "\"arplet.io/ignore-proxy-arp\":\"g\","
	    "\"metallb.io/exclude\":\"f\"}},\"spec\":{\"addresses\":[\"10.0.0.0/24\"]}}");
	const struct pool *pool = &obj->u.pool;

	(void)state;
	assert_string_equal(pool->annotations[ANNOTATION_EXCLUDE], "a");
	assert_string_equal(pool->annotations[ANNOTATION_RESERVATIONS], "b");
	assert_string_equal(pool->annotations[ANNOTATION_REUSE_AFTER], "c");
	assert_string_equal(pool->annotations[ANNOTATION_QUOTA], "d");
	assert_string_equal(pool->annotations[ANNOTATION_NODE_GATEWAY], "e");
	assert_string_equal(pool->annotations[ANNOTATION_IGNORE_PROXY_ARP], "g");
	object_free(obj);
}

static void
a_bad_service_keeps_its_addresses_type_and_class(void **state)
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
conditions_decide_whether_an_endpoint_serves(void **state)
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
	assert_null(slice->v[0].node);
	assert_string_equal(slice->v[1].node, "a");
	assert_true(slice->v[0].serves && slice->v[1].serves && !slice->v[2].serves &&
	    slice->v[3].serves);
	assert_true(slice->v[0].ready && slice->v[1].ready && !slice->v[2].ready &&
	    !slice->v[3].ready);
	object_free(obj);
}

static void
endpoints_of_the_same_node_are_merged(void **state)
{
	struct object *obj = decoded(KIND_SLICE,
	    "{\"metadata\":{\"name\":\"s\"},\"endpoints\":["
	    "{\"nodeName\":\"a\",\"conditions\":{\"ready\":false}},{\"conditions\":{}},"
	    "{\"nodeName\":\"a\",\"conditions\":{\"ready\":false,\"serving\":true}},{}]}");
	const struct slice *slice = &obj->u.slice;

	(void)state;
	assert_int_equal(slice->n, 2);
	assert_true(slice->v[1].serves && !slice->v[1].ready && slice->v[0].ready);
	object_free(obj);
}

static void
all_fields_of_a_node_are_read(void **state)
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
raw_contains_the_kind_that_list_items_omit(void **state)
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
		cmocka_unit_test(all_fields_of_a_service_are_read),
		cmocka_unit_test(all_fields_of_a_pool_are_read),
		cmocka_unit_test(arplets_annotations_of_a_pool_are_read),
		cmocka_unit_test(a_bad_service_keeps_its_addresses_type_and_class),
		cmocka_unit_test(conditions_decide_whether_an_endpoint_serves),
		cmocka_unit_test(endpoints_of_the_same_node_are_merged),
		cmocka_unit_test(all_fields_of_a_node_are_read),
		cmocka_unit_test(raw_contains_the_kind_that_list_items_omit),
	};
	int failed = UNIT_TABLE("good and bad objects", bads, check_bad);

	failed += UNIT_TABLE("texts that are no object", refused, check_refused);
	failed += UNIT_TABLE("families", families, check_families);
	failed += cmocka_run_group_tests_name("decode", tests, NULL, NULL);
	return failed != 0;
}
