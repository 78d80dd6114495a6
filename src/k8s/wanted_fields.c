/* SPDX-License-Identifier: Apache-2.0 */
#include "wanted_fields.h"

#include "decode_limits.h"

/*
 * Each limit here is one more than the limit of the code that decodes the field, so that this code
 * notices that a field was longer.
 */
_Static_assert(FILTER_TEXT_MAX == OBJECT_TEXT_MAX + 1, "a string over the limit must be noticed");

#define END { .key = NULL }
#define MEMBER(name) { .key = name }
#define PARENT(name, members) { .key = name, .in = members }
#define LIST(name, members, most) { .key = name, .in = members, .max_n = (most) + 1 }
#define TEXT(name, longest) { .key = name, .max_text = (longest) + 1 }
#define FIRST(prefix) { .key = prefix, .how = WANT_FIRST }
#define STATUS_FIELDS MEMBER("code"), MEMBER("message"), MEMBER("reason"), PARENT("details", details)

static const struct json_want any_member[] = { MEMBER(""), END };
static const struct json_want details[] = { MEMBER("retryAfterSeconds"), END };

/* --- metadata --- */

#define IDENTITY MEMBER("name"), MEMBER("namespace"), MEMBER("uid"), MEMBER("resourceVersion"), \
	MEMBER("generation"), MEMBER("creationTimestamp"), MEMBER("deletionTimestamp")

static const struct json_want labelled_meta[] = { IDENTITY, LIST("labels", any_member, LABELS_MAX),
	END };
static const struct json_want admin_meta[] = { IDENTITY,
	LIST("labels", any_member, ADMIN_LABELS_MAX), END };
static const struct json_want plain_meta[] = { IDENTITY, END };

/* --- Service --- */

#define SERVICE_ANNOTATIONS(prefix) MEMBER(prefix "loadBalancerIPs"), MEMBER(prefix "address-pool"), \
	MEMBER(prefix "allow-shared-ip"), MEMBER(prefix "ip-allocated-from-pool")

/* Of the unknown annotations with a prefix of MetalLB or arplet, an Event names the first. */
static const struct json_want service_annotations[] = {
	SERVICE_ANNOTATIONS("metallb.io/"), SERVICE_ANNOTATIONS("metallb.universe.tf/"),
	FIRST("metallb.io/"), FIRST("metallb.universe.tf/"), FIRST(ARPLET_PREFIX), END };
static const struct json_want service_meta[] = { IDENTITY,
	LIST("labels", any_member, LABELS_MAX), PARENT("annotations", service_annotations), END };
static const struct json_want port[] = { MEMBER("protocol"), MEMBER("port"), END };
static const struct json_want service_spec[] = { MEMBER("type"), MEMBER("loadBalancerClass"),
	MEMBER("loadBalancerIP"), MEMBER("ipFamilyPolicy"), MEMBER("externalTrafficPolicy"),
	LIST("ipFamilies", NULL, FAMILIES_MAX), LIST("clusterIPs", NULL, FAMILIES_MAX),
	MEMBER("clusterIP"), LIST("ports", port, SERVICE_PORTS_MAX),
	LIST("selector", any_member, LABELS_MAX), END };
static const struct json_want ingress[] = { MEMBER("ip"), END };
static const struct json_want load_balancer[] = { LIST("ingress", ingress, STATUS_MAX), END };
#define CONDITION TEXT("message", CONDITION_TEXT_MAX), MEMBER("reason"), MEMBER("status"), \
	MEMBER("lastTransitionTime"), { .key = "type", .must = ARPLET_PREFIX }, END
static const struct json_want own_condition[] = { CONDITION };
static const struct json_want service_status[] = { PARENT("loadBalancer", load_balancer),
	LIST("conditions", own_condition, CONDITIONS_MAX), END };

/* --- IPAddressPool and L2Advertisement --- */

static const struct json_want pool_annotations[] = {
	{ .key = ARPLET_PREFIX, .how = WANT_PREFIX, .max_text = POOL_TEXT_MAX + 1 }, END };
static const struct json_want pool_meta[] = { IDENTITY,
	LIST("labels", any_member, ADMIN_LABELS_MAX), PARENT("annotations", pool_annotations), END };
static const struct json_want pool_status[] = { MEMBER("assignedIPv4"), MEMBER("assignedIPv6"),
	MEMBER("availableIPv4"), MEMBER("availableIPv6"),
	LIST("conditions", own_condition, CONDITIONS_MAX), END };

/* --- the other kinds --- */

static const struct json_want slice_labels[] = { MEMBER("kubernetes.io/service-name"), END };
static const struct json_want owner[] = { { .key = "kind", .must = "Service\"" }, MEMBER("uid"), END };
static const struct json_want slice_meta[] = { IDENTITY, PARENT("labels", slice_labels),
	PARENT("ownerReferences", owner), END };
static const struct json_want endpoint_conditions[] = { MEMBER("ready"), MEMBER("serving"), END };
static const struct json_want endpoint[] = { MEMBER("nodeName"),
	PARENT("conditions", endpoint_conditions), END };

static const struct json_want node_spec[] = { MEMBER("unschedulable"), END };
static const struct json_want node_condition[] = { MEMBER("type"), MEMBER("status"), END };
static const struct json_want node_address[] = { MEMBER("type"), MEMBER("address"), END };
static const struct json_want node_status[] = { PARENT("conditions", node_condition),
	PARENT("addresses", node_address), END };

static const struct json_want l2status_labels[] = { MEMBER("metallb.io/node"),
	MEMBER("metallb.io/service-namespace"), MEMBER("metallb.io/service-name"), END };
static const struct json_want l2status_annotations[] = { MEMBER(L2STATUS_CONFLICT), END };
static const struct json_want l2status_meta[] = { IDENTITY, PARENT("labels", l2status_labels),
	PARENT("annotations", l2status_annotations), END };
static const struct json_want l2status_interface[] = { MEMBER("name"), END };
static const struct json_want l2status_status[] = { MEMBER("node"), MEMBER("serviceNamespace"),
	MEMBER("serviceName"), PARENT("interfaces", l2status_interface), END };

static const struct json_want secret_data[] = { TEXT("key", SECRET_MAX), END };

static const struct json_want all_meta[] = { { .key = "managedFields", .how = WANT_DROP },
	{ .key = "", .max_text = UINT32_MAX }, END };

/*
 * OBJECT(name, FIELDS...) defines a list and a watch event of objects with these fields.  In a
 * watch, an object can also be a Status, which reports an error.
 */
#define OBJECT(name, ...)                                                                          \
	static const struct json_want name##_fields[] = { __VA_ARGS__, STATUS_FIELDS, END };       \
	static const struct json_want name##_list[] = { PARENT("metadata", list_meta),             \
		{ .key = "items", .in = name##_fields, .how = WANT_ITEMS }, END };                 \
	static const struct json_want name##_event[] = { MEMBER("type"),                           \
		PARENT("object", name##_fields), END };                                            \
	static const struct json_want name##_roots[] = { { .key = "", .in = name##_list },         \
		{ .key = "", .in = name##_event } };

static const struct json_want list_meta[] = { MEMBER("resourceVersion"),
	TEXT("continue", CONTINUE_MAX), END };

OBJECT(service, PARENT("metadata", service_meta), PARENT("spec", service_spec),
    PARENT("status", service_status))
OBJECT(pool, PARENT("metadata", pool_meta), MEMBER("spec"), PARENT("status", pool_status))
OBJECT(l2adv, PARENT("metadata", admin_meta), MEMBER("spec"), PARENT("status", pool_status))
OBJECT(slice, PARENT("metadata", slice_meta), PARENT("endpoints", endpoint))
OBJECT(node, PARENT("metadata", admin_meta), PARENT("spec", node_spec),
    PARENT("status", node_status))
OBJECT(namespace, PARENT("metadata", labelled_meta))
OBJECT(lease, PARENT("metadata", plain_meta), MEMBER("spec"))
OBJECT(l2status, PARENT("metadata", l2status_meta), PARENT("status", l2status_status))
OBJECT(secret, PARENT("metadata", plain_meta), PARENT("data", secret_data))
OBJECT(all, PARENT("metadata", all_meta), { .key = "", .max_text = UINT32_MAX })

static const struct json_want *const roots[KINDS] = {
	[KIND_SERVICE] = service_roots,
	[KIND_POOL] = pool_roots,
	[KIND_L2ADV] = l2adv_roots,
	[KIND_SLICE] = slice_roots,
	[KIND_NODE] = node_roots,
	[KIND_NAMESPACE] = namespace_roots,
	[KIND_LEASE] = lease_roots,
	[KIND_L2STATUS] = l2status_roots,
	[KIND_SECRET] = secret_roots,
};

const struct json_want *
wanted_list(enum kind kind, bool all)
{
	return all ? &all_roots[0] : &roots[kind][0];
}

const struct json_want *
wanted_event(enum kind kind, bool all)
{
	return all ? &all_roots[1] : &roots[kind][1];
}

const struct json_want *
wanted_status(void)
{
	static const struct json_want fields[] = { MEMBER("kind"), STATUS_FIELDS, END };
	static const struct json_want root = { .key = "", .in = fields };

	return &root;
}
