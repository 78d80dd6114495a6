/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ENCODE_H
#define ARPLET_ENCODE_H

#include "arplet/ip.h"
#include "arplet/action_plan.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Encodes the bodies of arplet's writes to the API.  Pure.  Each function returns JSON that the
 * caller frees.  Times are microseconds since 1970.
 */

/*
 * Strategic merge patch of services/NAME/status.  Without an address, it removes the addresses and
 * the annotation of the pool.
 */
struct service_patch {
	/* resourceVersion of the Service when arplet decided; a changed Service returns 409 */
	const char *version;
	const struct ip *ips;
	size_t n_ips;
	/* for the annotation metallb.io/ip-allocated-from-pool; NULL: remove it */
	const char *pool;
	const struct condition_change *conditions; /* CONDITIONS entries; NULL: change none */
	int64_t now_us;
};
char *encode_service_patch(const struct service_patch *patch);

/*
 * encode_conditions_patch - strategic merge patch of services/NAME/status: changes conditions, and
 * no address.  A strategic merge does not change the conditions of other controllers.
 */
char *encode_conditions_patch(const char *version, const struct condition_change *conditions,
    int64_t now_us);

/*
 * encode_valid_patch - merge patch of the status of a pool or an advertisement: sets its condition
 * arplet.io/Valid.  @since is the lastTransitionTime to keep if the status of the condition does
 * not change.  @counts: the present counts of a pool, NULL for an advertisement.  The patch sets a
 * missing count to 0, because MetalLB's CRD requires all counts in a status.
 */
char *encode_valid_patch(const struct condition_change *change, const char *since,
    const struct pool_counts *counts, int64_t now_us);

/* Merge patch of ipaddresspools/NAME/status.  A count of -1 does not change. */
char *encode_pool_patch(const struct pool_counts *counts);

/* A new v1 Event about an object. */
struct event_body {
	enum kind kind; /* of the involved object, like the strings below */
	const char *ns, *name, *uid, *version; /* "": left out */
	bool warning;
	const char *reason;
	const char *message; /* encode_event() cuts it to 1,024 bytes, between characters */
	const char *host;    /* node that reports the Event */
	int64_t now_us;      /* wall clock */
	uint32_t serial;     /* makes the name unique, together with now_us */
};
/* event_body_of - the Event of an ACT_EVENT, without host and time.  Shares the strings of @act. */
struct event_body event_body_of(const struct action *act, uint32_t serial);
char *encode_event(const struct event_body *event);
/* event_namespace - the namespace to post to: the object's, or "default" if it has none. */
const char *event_namespace(const struct event_body *event);

/* A Lease to create (version "") or to replace. */
struct lease_body {
	const char *ns, *name;
	const char *version; /* resourceVersion to replace; "": create */
	const char *holder;  /* "": released */
	int32_t duration_s, transitions;
	int64_t acquire_us, renew_us; /* 0: left out */
};
char *encode_lease(const struct lease_body *lease);

/* encode_secret - a new Secret with @n bytes of @key. */
char *encode_secret(const char *ns, const char *name, const uint8_t *key, size_t n);

/* A new ServiceL2Status, and the merge patch of its /status once it is created. */
struct l2status_body {
	const char *ns;   /* namespace of the ServiceL2Status */
	const char *node, *service_ns, *service;
	const struct strings *interfaces; /* none: all interfaces */
	const char *conflict; /* NULL: none */
};
char *encode_l2status(const struct l2status_body *body);
char *encode_l2status_patch(const struct l2status_body *body);

/* KUBERNETES_EXEC_INFO for a credential plugin; with spec.cluster if @server is not NULL. */
struct exec_info {
	const char *api_version;
	const char *server, *tls_server_name, *ca_pem, *proxy_url; /* NULL: absent */
	bool insecure;
};
char *encode_exec_info(const struct exec_info *info);

#define TIME_TEXT_MAX 32
/* time_format - write "2006-01-02T15:04:05Z", with microseconds if @micro; returns @buf. */
const char *time_format(int64_t us, bool micro, char *buf);

#endif
