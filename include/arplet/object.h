/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_OBJECT_H
#define ARPLET_OBJECT_H

#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/strings.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The Kubernetes objects that decisions need, reduced to the fields that decisions read.
 * An object owns an arena: everything it points to lives and dies with it.  Decoded by
 * src/k8s/decode.c, and but for two marks of its keeper never changed afterwards.  Strings are
 * never NULL unless a comment says so.
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
	KIND_SECRET,    /* v1; the one with the key of hellos alone */
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

/* One line of a LabelSelector, matchLabels included (as SEL_IN with one value). */
struct requirement {
	enum { SEL_IN, SEL_NOT_IN, SEL_EXISTS, SEL_NOT_EXISTS } op;
	const char *key;
	struct strings values;
};

/* A LabelSelector: all requirements must hold; none at all matches everything. */
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
	const char *uid;     /* "" in files, and of kinds that are not object_identified() */
	const char *version; /* metadata.resourceVersion, opaque; "" likewise */
	uint32_t generation; /* the low bits of it: to tell one from the next is all it is for */
	uint32_t created_s;  /* metadata.creationTimestamp, seconds since 1970; 0: unknown */
	struct labels labels;
};

struct service_port {
	const char *protocol; /* TCP, UDP, SCTP */
	uint16_t port;
};

/* The conditions in a Service's status that are arplet's. */
enum condition { CONDITION_ALLOCATED, CONDITION_ANNOUNCED, CONDITIONS };
extern const char *const condition_types[CONDITIONS]; /* "arplet.io/Allocated" */

/*
 * condition_hash - what a condition says, in few bytes: two that say the same have the same mark.
 * Never 0, which is a condition that is not there.
 */
uint64_t condition_hash(bool is, const char *reason, const char *message);

/* condition_is - is it True? */
static inline bool
condition_is(uint64_t mark)
{
	return mark & 1;
}

/* What decides which Services may be on one address. */
struct sharing {
	const char *key; /* metallb.io/allow-shared-ip; never "" */
	struct service_port *ports;
	size_t n_ports;
	struct labels selector; /* spec.selector, where the policy is Local */
};

#define STATUS_MAX 4

enum family_policy { SINGLE_STACK, PREFER_DUAL_STACK, REQUIRE_DUAL_STACK };

struct service {
	const char *lb_class; /* spec.loadBalancerClass; NULL: none */
	const char *lb_ip;    /* spec.loadBalancerIP as written; NULL: none */
	/* annotations, of the new prefix or else the old one; NULL: absent */
	const char *ann_ips;    /* metallb.io/loadBalancerIPs */
	const char *ann_pool;   /* metallb.io/address-pool */
	const char *from_pool;  /* metallb.io/ip-allocated-from-pool */
	const char *deprecated; /* the first annotation with the old prefix; NULL: none */
	const char *unknown;    /* the first with a prefix of ours and no meaning; NULL: none */
	struct sharing *share; /* NULL: it has its addresses to itself */
	/* status.loadBalancer.ingress: the addresses in their order; at most STATUS_MAX are kept */
	struct ip *status;
	uint64_t conditions[CONDITIONS]; /* condition_hash() of those in status; 0: absent */
	enum family_policy policy;
	bool load_balancer; /* spec.type is LoadBalancer; otherwise the rest may be unset */
	bool local;         /* externalTrafficPolicy: Local */
	/* families of spec.clusterIPs, in their order (none for headless) */
	uint8_t n_families;
	uint8_t families[2];
	uint8_t n_status, status_room; /* addresses in status, and how many it has room for */
	bool status_foreign; /* an ingress entry that is no address, or more than STATUS_MAX */
};

#define ARPLET_PREFIX "arplet.io/"

/* The annotations of an IPAddressPool that are arplet's own; src/core/pools/pool_rules.c reads them. */
enum pool_annotation {
	ANNOTATION_EXCLUDE,
	ANNOTATION_RESERVATIONS,
	ANNOTATION_REUSE_AFTER,
	ANNOTATION_QUOTA,
	ANNOTATION_NODE_GATEWAY,
	ANNOTATION_CONFLICT,
	POOL_ANNOTATIONS
};
extern const char *const pool_annotation_keys[POOL_ANNOTATIONS]; /* "arplet.io/exclude" */

/* The condition in the status of a pool or an advertisement that is arplet's. */
#define CONDITION_VALID "arplet.io/Valid"
struct validity {
	uint64_t mark;     /* condition_hash(); 0: absent */
	const char *since; /* lastTransitionTime as written; NULL: absent */
};

struct pool_counts {
	int64_t assigned4, assigned6, available4, available6; /* -1: absent */
};

struct pool {
	struct strings addresses; /* as written */
	bool auto_assign;
	bool avoid_buggy;
	bool pinned; /* spec.serviceAllocation is present */
	int32_t priority; /* 0: last */
	struct strings namespaces;
	struct selectors ns_selectors, svc_selectors;
	const char *notes[POOL_ANNOTATIONS]; /* as written; NULL: absent */
	struct pool_counts status;
	struct validity valid;
};

struct l2adv {
	struct strings pools;
	struct selectors pool_selectors, node_selectors, svc_selectors;
	struct strings interfaces;
	struct validity valid;
};

/* The endpoints of a slice that are on one node: what one of them does, they do. */
struct endpoint {
	const char *node; /* NULL: none */
	bool serves;      /* ready, or absent; else serving */
	bool ready;       /* or absent; one that serves and is not is about to end */
};

struct slice {
	const char *service; /* label kubernetes.io/service-name; "" when it has none */
	const char *owner;   /* metadata.uid of the Service it was made for; "": not said */
	struct endpoint *v;
	size_t n;
};

struct node {
	bool ready;               /* condition Ready is True */
	bool ready_known;         /* there is a condition Ready */
	bool network_unavailable; /* condition NetworkUnavailable is True */
	bool unschedulable;
	struct ip addrs[8]; /* InternalIP, ExternalIP */
	uint8_t n_addrs;
};

struct lease {
	const char *holder; /* "" : nobody */
	int32_t duration_s;
	int32_t transitions;
	const char *renew_time, *acquire_time; /* RFC 3339 as written; "": unset */
};

#define L2STATUS_CONFLICT "arplet.io/conflict"

struct l2status {
	const char *node, *service_ns, *service;
	struct strings interfaces;
	const char *conflict; /* the annotation, which trouble.c writes and reads; NULL: none */
	bool written; /* it has a status: the object itself comes a moment before */
};

struct secret {
	uint8_t *key; /* data.key, decoded */
	size_t n;     /* 0: there is none, or it is not base64 */
};

struct object {
	enum kind kind;
	bool deleting; /* metadata.deletionTimestamp is set */
	/* of whoever keeps it: */
	bool stale;    /* not seen in the list that is under way */
	bool pending_delete; /* it seems to be gone, and that does not count yet */
	struct meta meta;
	/*
	 * NULL, or why the object cannot be used: a sentence that starts with the field.
	 * meta.ns, meta.name and meta.uid hold; u is all zero, but for a Service's status, and
	 * its type and class where those can be read.
	 */
	const char *bad;
	const char *raw; /* the JSON it was decoded from, when the decoder was asked to keep it */
	struct arena mem;
	union { /* there is memory for the member of this kind only: copy no object, clear no union */
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

/*
 * object_new - an empty object of @kind, to be filled from its own arena, which begins with
 * @room bytes.
 */
struct object *object_new(enum kind kind, size_t room);
void object_free(struct object *obj); /* NULL is fine */

/* object_clear - all zero in the member of u that is there. */
void object_clear(struct object *obj);

/* object_valid - what is said in its status of the object itself; NULL: of such kinds, nothing. */
static inline struct validity *
object_valid(struct object *obj)
{
	return obj->kind == KIND_POOL ? &obj->u.pool.valid
	    : obj->kind == KIND_L2ADV ? &obj->u.l2adv.valid : NULL;
}

/* object_identified - does anybody ask for the uid and the version of such an object? */
static inline bool
object_identified(enum kind kind)
{
	return kind != KIND_SLICE && kind != KIND_L2STATUS && kind != KIND_NAMESPACE;
}

/* labels_get - the value, or NULL. */
const char *labels_get(const struct labels *labels, const char *key);
bool labels_equal(const struct labels *a, const struct labels *b); /* in any order */
bool selector_matches(const struct selector *sel, const struct labels *labels);
/* selectors_match - does any of them? */
bool selectors_match(const struct selectors *sels, const struct labels *labels);

#endif
