/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_OBJECT_H
#define ARPLET_OBJECT_H

#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/strings.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The Kubernetes objects that decisions depend on, reduced to the fields that decisions read.
 *
 * src/k8s/decode.c creates objects.  Later, only the members stale and pending_delete of an object
 * change.  An object owns an arena, which contains all memory that the object points to.  A string
 * of an object is never NULL, unless the comment of the string says so.
 */
enum kind {
	KIND_SERVICE,   /* v1 */
	KIND_POOL,      /* metallb.io/v1beta1 IPAddressPool */
	KIND_L2ADV,     /* metallb.io/v1beta1 L2Advertisement */
	KIND_SLICE,     /* discovery.k8s.io/v1 EndpointSlice */
	KIND_NODE,      /* v1 */
	KIND_NAMESPACE, /* v1 */
	KIND_LEASE,     /* coordination.k8s.io/v1 */
	KIND_L2STATUS,  /* metallb.io/v1beta1 ServiceL2Status */
	KIND_SECRET,    /* v1; only the Secret with the key that signs hellos */
	KINDS
};

/* kind_info - how the API names a kind. */
struct kind_info {
	const char *kind;        /* "IPAddressPool" */
	const char *api_version; /* "metallb.io/v1beta1" */
	const char *resource;    /* "ipaddresspools" */
	bool namespaced;
};
extern const struct kind_info kind_info[KINDS];

struct label {
	const char *key, *value;
};

struct labels {
	struct label *v;
	size_t n;
};

/*
 * labels_set_unknown - mark @labels as unknown, because the object has more labels than arplet
 * stores.  Unknown labels have no entries, match no requirement of a selector, not even NotIn and
 * DoesNotExist, and equal no other labels.
 */
void labels_set_unknown(struct labels *labels);
bool labels_are_unknown(const struct labels *labels);

/*
 * A requirement of a LabelSelector.  An entry of matchLabels becomes a requirement SEL_IN with one
 * value.
 */
struct requirement {
	enum { SEL_IN, SEL_NOT_IN, SEL_EXISTS, SEL_NOT_EXISTS } op;
	const char *key;
	struct strings values;
};

/*
 * A LabelSelector matches if all its requirements hold.  A selector without requirements matches
 * everything.
 */
struct selector {
	struct requirement *v;
	size_t n;
};

struct selectors {
	struct selector *v;
	size_t n;
};

struct meta {
	const char *ns; /* "" for cluster-scoped kinds */
	const char *name;
	/* metadata.uid; "" in manifests, and for kinds that are not object_identified() */
	const char *uid;
	const char *version; /* metadata.resourceVersion; "" if uid is "" */
	uint32_t generation; /* low 32 bits of metadata.generation, enough to notice a change */
	uint32_t created_s;  /* metadata.creationTimestamp, seconds since 1970; 0: unknown */
	struct labels labels;
};

enum protocol { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP, PROTOCOLS };
extern const char *const protocol_names[PROTOCOLS];
/* protocol_parse - the protocol "TCP", "UDP" or "SCTP"; -EINVAL: another text. */
int protocol_parse(const char *text);

struct service_port {
	uint16_t port;
	uint8_t protocol; /* enum protocol */
};
#define SERVICE_PORTS_MAX 256 /* ports of a Service that arplet stores */

/* arplet's conditions in the status of a Service. */
enum condition { CONDITION_ALLOCATED, CONDITION_ANNOUNCED, CONDITIONS };
extern const char *const condition_types[CONDITIONS]; /* "arplet.io/Allocated" */

/*
 * condition_hash - hash of the status, reason and message of a condition.  Equal conditions have
 * equal hashes.  A hash is never 0, because 0 stands for a missing condition.
 *
 * arplet only needs to know whether a new condition equals the present condition, so it stores
 * hashes instead of texts.  The two hashes of a Service take 16 bytes; the texts of two usual
 * conditions would take 130 bytes.
 */
uint64_t condition_hash(bool is, const char *reason, const char *message);

/* condition_is - true if the status of the condition with this hash is True. */
static inline bool
condition_is(uint64_t hash)
{
	return hash & 1;
}

/* The fields of a Service that decide with which other Services it may share an address. */
struct sharing {
	const char *key; /* metallb.io/allow-shared-ip; never "" */
	struct service_port *ports; /* in the order of service_ports_sort() */
	size_t n_ports;
	/*
	 * The Service has more ports than SERVICE_PORTS_MAX, so ports is empty, and the Service
	 * shares its address with no other Service.
	 */
	bool many_ports;
	struct labels selector; /* spec.selector if externalTrafficPolicy is Local, else empty */
};

#define STATUS_MAX 4

enum family_policy { SINGLE_STACK, PREFER_DUAL_STACK, REQUIRE_DUAL_STACK };

struct service {
	const char *lb_class; /* spec.loadBalancerClass; NULL: none */
	const char *lb_ip;    /* spec.loadBalancerIP as written; NULL: none */
	/*
	 * values of MetalLB's annotations with the prefix metallb.io or metallb.universe.tf; NULL:
	 * absent
	 */
	const char *ann_ips;    /* metallb.io/loadBalancerIPs */
	const char *ann_pool;   /* metallb.io/address-pool */
	const char *from_pool;  /* metallb.io/ip-allocated-from-pool */
	/* key of the first annotation with MetalLB's old prefix; NULL: none */
	const char *deprecated;
	/* key of the first unknown annotation with a prefix of MetalLB or arplet; NULL: none */
	const char *unknown;
	struct sharing *share; /* fields for address sharing; NULL: the Service shares no address */
	/* addresses in status.loadBalancer.ingress, in order; at most STATUS_MAX */
	struct ip *status;
	/* condition_hash() of arplet's conditions in the status; 0: the condition is absent */
	uint64_t conditions[CONDITIONS];
	/*
	 * lastTransitionTime of the condition Allocated, seconds since 1970; 0: absent.  arplet
	 * sets it when it writes other addresses.  Tenants cannot write the status of a Service.
	 */
	uint32_t allocated_s;
	enum family_policy policy;
	bool load_balancer; /* spec.type is LoadBalancer; if not, most other members are unset */
	bool local;         /* externalTrafficPolicy: Local */
	/* address families of spec.clusterIPs, in order; none for a headless Service */
	uint8_t n_families;
	uint8_t families[2];
	uint8_t n_status, status_room; /* length of the array status, and its capacity */
	/* ingress has over STATUS_MAX entries, or an entry without an address */
	bool status_foreign;
};

#define ARPLET_PREFIX "arplet.io/"

/* arplet's annotations of an IPAddressPool, which src/core/pools/pool_rules.c parses. */
enum pool_annotation {
	ANNOTATION_EXCLUDE,
	ANNOTATION_RESERVATIONS,
	ANNOTATION_REUSE_AFTER,
	ANNOTATION_QUOTA,
	ANNOTATION_NODE_GATEWAY,
	ANNOTATION_CONFLICT,
	ANNOTATION_SHARE_NAMESPACES,
	ANNOTATION_IGNORE_PROXY_ARP,
	POOL_ANNOTATIONS
};
extern const char *const pool_annotation_keys[POOL_ANNOTATIONS]; /* "arplet.io/exclude" */

/* arplet's condition in the status of a pool or an advertisement. */
#define CONDITION_VALID "arplet.io/Valid"
struct validity {
	uint64_t hash;     /* condition_hash() of the condition; 0: absent */
	const char *since; /* the condition's lastTransitionTime as written; NULL: absent */
};

struct pool_counts {
	int64_t assigned4, assigned6, available4, available6; /* -1: absent */
};

struct pool {
	struct strings addresses; /* as written */
	bool auto_assign;
	bool avoid_buggy;
	bool pinned; /* spec.serviceAllocation is present */
	int32_t priority; /* spec.serviceAllocation.priority; 0: used last */
	struct strings namespaces;
	struct selectors ns_selectors, svc_selectors;
	const char *annotations[POOL_ANNOTATIONS]; /* values of annotations; NULL: absent */
	struct pool_counts status;
	struct validity valid;
};

struct l2adv {
	struct strings pools;
	struct selectors pool_selectors, node_selectors, svc_selectors;
	struct strings interfaces;
	struct validity valid;
};

/*
 * All endpoints of a slice on one node.  The members serves and ready are true if they are true for
 * at least one of these endpoints.
 */
struct endpoint {
	const char *node; /* NULL: the endpoints have no node */
	bool serves;      /* conditions.ready is true or absent, or conditions.serving is true */
	/*
	 * conditions.ready is true or absent; an endpoint that serves but is not ready is
	 * terminating
	 */
	bool ready;
};

struct slice {
	const char *service; /* label kubernetes.io/service-name; "": absent */
	const char *owner;   /* uid of the Service in ownerReferences; "": absent */
	struct endpoint *v;
	size_t n;
};

struct node {
	bool ready;               /* condition Ready is True */
	bool ready_known;         /* a condition Ready exists */
	bool network_unavailable; /* condition NetworkUnavailable is True */
	bool unschedulable;
	struct ip addrs[8]; /* InternalIP, ExternalIP */
	uint8_t n_addrs;
};

struct lease {
	const char *holder; /* holderIdentity; "": none */
	int32_t duration_s;
	int32_t transitions;
	const char *renew_time, *acquire_time; /* RFC 3339 as written; "": unset */
};

#define L2STATUS_CONFLICT "arplet.io/conflict"

struct l2status {
	const char *node, *service_ns, *service;
	struct strings interfaces;
	/* value of the annotation L2STATUS_CONFLICT (core/report/conflicts.h); NULL: none */
	const char *conflict;
	/* the status exists; arplet writes the status after it has created the object */
	bool written;
};

struct secret {
	uint8_t *key; /* data.key, decoded */
	size_t n;     /* bytes of the key; 0: data.key is absent or not base64 */
};

struct object {
	enum kind kind;
	bool deleting; /* metadata.deletionTimestamp is set */
	/* Only the world sets the members stale and pending_delete: */
	bool stale;          /* the list in progress has not reported the object so far */
	bool pending_delete; /* a deletion was reported, and no later list has confirmed it */
	struct meta meta;
	/*
	 * Why the object cannot be used, as a sentence that starts with the wrong field; NULL: the
	 * object can be used.  If bad is not NULL, the members of u are zero, except the status,
	 * type and class of a Service, and the condition of a pool or an advertisement.
	 */
	const char *bad;
	const char *raw; /* JSON of the object, if decoded with DECODE_KEEP_RAW; else NULL */
	struct arena mem;
	/*
	 * object_new() allocates memory for only one member of u, so an EndpointSlice takes 136
	 * bytes instead of 272, and a Service takes 208.  Because only one member of u has memory,
	 * code must not copy an object or clear u as a whole.
	 */
	union {
		struct service service;
		struct pool pool;
		struct l2adv l2adv;
		struct slice slice;
		struct node node;
		struct lease lease;
		struct l2status l2status;
		struct secret secret;
	} u;
};

/* object_new - allocate an empty object of @kind, with @room bytes for its arena. */
struct object *object_new(enum kind kind, size_t room);
void object_free(struct object *obj); /* NULL is fine */

/* object_clear - set the member of u that belongs to the object's kind to zero. */
void object_clear(struct object *obj);

/*
 * object_valid - the condition arplet.io/Valid of @obj; NULL: objects of this kind have no such
 * condition.
 */
static inline struct validity *
object_valid(struct object *obj)
{
	return obj->kind == KIND_POOL ? &obj->u.pool.valid
	    : obj->kind == KIND_L2ADV ? &obj->u.l2adv.valid : NULL;
}

/*
 * object_identified - true if arplet stores uid and resourceVersion of objects of @kind.  arplet
 * does not need the uid and resourceVersion of other kinds; without both, an EndpointSlice takes 48
 * bytes less.
 */
static inline bool
object_identified(enum kind kind)
{
	return kind != KIND_SLICE && kind != KIND_L2STATUS && kind != KIND_NAMESPACE;
}

/*
 * service_ports_sort - sort @ports by port, then by protocol.  service_ports_cmp - compare two ports
 * in this order.
 */
void service_ports_sort(struct service_port *ports, size_t n);
int service_ports_cmp(const struct service_port *a, const struct service_port *b);

/* labels_get - the value of the label @key; NULL: absent. */
const char *labels_get(const struct labels *labels, const char *key);
/* labels_equal - true if @a and @b are equal, in any order; takes n log n steps. */
bool labels_equal(const struct labels *a, const struct labels *b);
bool selector_matches(const struct selector *sel, const struct labels *labels);
/* selectors_match - true if any of @sels matches @labels. */
bool selectors_match(const struct selectors *sels, const struct labels *labels);

#endif
