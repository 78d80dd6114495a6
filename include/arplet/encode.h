/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ENCODE_H
#define ARPLET_ENCODE_H

#include "arplet/ip.h"
#include "arplet/plan.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Bodies of what arplet writes to the API.  Pure; each returns JSON that the caller free()s.
 * Times are microseconds since 1970.
 */

/* PATCH (strategic merge) of services/NAME/status.  No address clears it and the annotation. */
struct service_patch {
	const char *version; /* the resourceVersion it was decided from: a stale one is a 409 */
	const struct ip *ips;
	size_t n_ips;
	const char *pool; /* for the annotation metallb.io/ip-allocated-from-pool; NULL: remove */
	const struct condition_change *conditions; /* CONDITIONS of them; NULL: none is touched */
	int64_t now_us;
};
char *encode_service_patch(const struct service_patch *patch);

/*
 * PATCH (strategic merge, which leaves the conditions of others alone) of services/NAME/status,
 * where the addresses stay as they are.
 */
char *encode_conditions_patch(const char *version, const struct condition_change *conditions,
    int64_t now_us);

/*
 * PATCH (merge) of the status of a pool or advertisement: its only condition.  @since is the time
 * of its last transition, which stays if this is none.  @counts are those that a pool has, else
 * NULL: the ones it has not become 0, because MetalLB's definition takes no status without them.
 */
char *encode_valid_patch(const struct condition_change *wish, const char *since,
    const struct pool_counts *counts, int64_t now_us);

/* PATCH (merge) of ipaddresspools/NAME/status.  Counts that are -1 are left alone. */
char *encode_pool_patch(const struct pool_counts *counts);

/* POST of a v1 Event about an object. */
struct event_body {
	enum kind kind; /* of the object it is about */
	const char *ns, *name, *uid, *version; /* "" : left out */
	bool warning;
	const char *reason;
	const char *message; /* cut to 1,024 bytes, between characters */
	const char *host;    /* the node that reports */
	int64_t now_us;      /* wall clock */
	uint32_t serial;     /* with now_us: makes the name unique */
};
/* event_body_of - the Event of an ACT_EVENT, without host and time; its texts are those of @act. */
struct event_body event_body_of(const struct action *act, uint32_t serial);
char *encode_event(const struct event_body *event);
/* event_namespace - where to post it: its own, or "default" for cluster-scoped objects. */
const char *event_namespace(const struct event_body *event);

/* POST (version "") or PUT of a Lease. */
struct lease_body {
	const char *ns, *name;
	const char *version; /* "": create */
	const char *holder;  /* "": nobody, given up */
	int32_t duration_s, transitions;
	int64_t acquire_us, renew_us; /* 0: left out */
};
char *encode_lease(const struct lease_body *lease);

/* POST of a Secret with @n bytes of key. */
char *encode_secret(const char *ns, const char *name, const uint8_t *key, size_t n);

/* POST of a ServiceL2Status, then PATCH (merge) of the /status of what was created. */
struct l2status_body {
	const char *ns;   /* of the object */
	const char *node, *service_ns, *service;
	const struct strings *interfaces; /* none: all */
	const char *conflict; /* NULL: none */
};
char *encode_l2status(const struct l2status_body *body);
char *encode_l2status_patch(const struct l2status_body *body);

/* KUBERNETES_EXEC_INFO for a credential plugin; the cluster's part when @server is not NULL. */
struct exec_info {
	const char *api_version;
	const char *server, *tls_server_name, *ca_pem, *proxy_url; /* NULL: absent */
	bool insecure;
};
char *encode_exec_info(const struct exec_info *info);

#define TIME_TEXT_MAX 32
/* time_format - "2006-01-02T15:04:05Z", or with six more digits when @micro; returns @buf. */
const char *time_format(int64_t us, bool micro, char *buf);

#endif
