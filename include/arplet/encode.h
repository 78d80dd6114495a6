/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ENCODE_H
#define ARPLET_ENCODE_H

#include "arplet/ip.h"
#include "arplet/action_plan.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Encodes the bodies of arplet's writes to the API.  The functions are pure.  Each function returns
 * JSON that the caller frees.  Times are microseconds since 1970.
 */

/*
 * A strategic merge patch of services/NAME/status.  A patch without addresses removes
 * the addresses of the Service, and the annotation that names their pool.
 */
struct service_patch {
	/* resourceVersion on which arplet decided; if it has changed since, the API answers 409 */
	const char *version;
	const struct ip *ips;
	size_t n_ips;
	/* value of the annotation metallb.io/ip-allocated-from-pool; NULL: remove the annotation */
	const char *pool;
	/* an array of CONDITIONS entries; NULL: change no condition */
	const struct condition_change *conditions;
	int64_t now_us;
};
char *encode_service_patch(const struct service_patch *patch);

/*
 * encode_conditions_patch - build a strategic merge patch of services/NAME/status that changes
 * conditions, and no address.  A strategic merge patch keeps the conditions of other controllers.
 */
char *encode_conditions_patch(const char *version, const struct condition_change *conditions,
    int64_t now_us);

/*
 * encode_valid_patch - build a merge patch that sets the condition arplet.io/Valid in the status of
 * a pool or an advertisement.  @since: the condition's present lastTransitionTime, which the patch
 * keeps if the condition's status does not change.  @counts: the present address counts of a pool,
 * NULL for an advertisement.  The patch sets a missing count to 0, because MetalLB's CRD requires
 * all counts in a status.
 */
char *encode_valid_patch(const struct condition_change *change, const char *since,
    const struct pool_counts *counts, int64_t now_us);

/*
 * encode_pool_patch - build a merge patch of a pool's status; the patch leaves out counts that are
 * -1.
 */
char *encode_pool_patch(const struct pool_counts *counts);

/* A new v1 Event about an object. */
struct event_body {
	enum kind kind; /* kind of the object that the Event is about */
	/* of the object that the Event is about; "": left out */
	const char *ns, *name, *uid, *version;
	bool warning;
	const char *reason;
	const char *prefix;  /* text before the message; "": none */
	const char *message; /* encode_event() cuts prefix and message to 1,024 bytes of UTF-8 */
	const char *host;    /* the node that reports the Event */
	int64_t now_us;      /* wall clock of the last occurrence */
	int64_t first_us;    /* wall clock of the create */
	uint32_t serial;     /* makes the Event's name unique, together with first_us */
	uint32_t count;      /* number of occurrences */
};
/*
 * event_body_of - return the Event of @act without host, times, name and count; its strings are
 * those of @act.
 */
struct event_body event_body_of(const struct action *act);
char *encode_event(const struct event_body *event);
/* encode_event_update - build a merge patch of count, message and lastTimestamp of an Event. */
char *encode_event_update(const struct event_body *event);
#define EVENT_NAME_MAX 256
/*
 * event_name - write the Event's name to @buf: the name of its object, and a suffix made of a time
 * and a serial number.
 */
const char *event_name(const struct event_body *event, char buf[EVENT_NAME_MAX]);
/*
 * event_namespace - the namespace of the Event's object, in which the Event is created; "default"
 * if the object has no namespace.
 */
const char *event_namespace(const struct event_body *event);

/* A Lease to create (version "") or to replace. */
struct lease_body {
	const char *ns, *name;
	const char *version; /* resourceVersion of the Lease to replace; "": create it */
	const char *holder;  /* "": release the Lease */
	int32_t duration_s, transitions;
	int64_t acquire_us, renew_us; /* 0: left out */
};
char *encode_lease(const struct lease_body *lease);

/*
 * encode_key_patch - build a merge patch of version @version of a Secret, which sets data.key to the
 * @n bytes of @key.
 */
char *encode_key_patch(const char *version, const uint8_t *key, size_t n);

/* encode_first_key_patch - like encode_key_patch(), but a JSON patch of a Secret without data. */
char *encode_first_key_patch(const uint8_t *key, size_t n);

/* A ServiceL2Status: arplet first creates the object, then patches its status. */
struct l2status_body {
	const char *ns;   /* namespace of the ServiceL2Status */
	const char *node, *service_ns, *service;
	const struct strings *interfaces; /* interfaces that announce the Service; no entry: all */
	const char *conflict; /* annotation arplet.io/conflict; NULL: none */
};
char *encode_l2status(const struct l2status_body *body);
char *encode_l2status_patch(const struct l2status_body *body);

/*
 * The environment variable KUBERNETES_EXEC_INFO of a credential plugin.  The variable contains
 * spec.cluster if server is not NULL.
 */
struct exec_info {
	const char *api_version;
	const char *server, *tls_server_name, *ca_pem, *proxy_url; /* NULL: absent */
	bool insecure;
};
char *encode_exec_info(const struct exec_info *info);

#define TIME_TEXT_MAX 32
/* time_format - write a time as "2006-01-02T15:04:05Z", with microseconds if @micro, to @buf. */
const char *time_format(int64_t us, bool micro, char *buf);

#endif
