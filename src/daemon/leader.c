/* SPDX-License-Identifier: Apache-2.0 */
#include "leader.h"

#include "arplet/client.h"
#include "arplet/decode.h"
#include "arplet/encode.h"
#include "arplet/reflector.h"
#include "api_write.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/random.h"
#include "util/timer.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESIGN_MAX_S 2.0
#define TIMEOUTS_PER_LEASE 5 /* number of request timeouts that fit into one Lease duration */

struct leader {
	struct ev_loop *loop;
	struct client *client;
	struct leader_ops ops;
	void *arg;
	struct elector elector;
	struct reflector *watch;
	struct call *call; /* the request in flight, a write or a read of the Lease; NULL: none */
	ev_timer timer, resign_timer;
	struct call *proof_call; /* the write of the key; NULL: none */
	char *ns, *name, *secret;
	int64_t acquired_us; /* spec.acquireTime of the Lease, microseconds since 1970 */
	bool leads;
	bool lease_listed; /* the list of Leases that is being received contains the Lease */
};

static void update(struct leader *leader);

static char *
lease_path(const struct leader *leader, bool create)
{
	char *path;

	if (asprintf(&path, "/apis/coordination.k8s.io/v1/namespaces/%s/leases%s%s", leader->ns,
		create ? "" : "/", create ? "" : leader->name) < 0)
		abort();
	return path;
}

bool
leader_leads(const struct leader *leader)
{
	return leader->leads && lease_leads(&leader->elector, clock_ms());
}

/* Returns the Lease in a response; NULL if the request failed, or if the body is no Lease. */
static struct object *
lease_in(const struct response *resp)
{
	struct object *obj;

	if (resp->status < 200 || resp->status > 299 ||
	    decode_kind(KIND_LEASE, resp->body, resp->len, 0, &obj, NULL) < 0)
		return NULL;
	return obj;
}

/*
 * Continue after a response from the API server.  leader_resign() ends with the response to the
 * write that releases the Lease.  The response to an earlier renewal does not end leader_resign().
 */
static void
continue_after_response(struct leader *leader)
{
	update(leader);
	if (leader->elector.resigned && !leader->call &&
	    lease_next_ms(&leader->elector, clock_ms()) == INT64_MAX)
		leader->ops.on_resigned(leader->arg);
}

static void
on_read(void *arg, const struct response *resp)
{
	struct leader *leader = arg;
	struct object *obj = lease_in(resp);

	leader->call = NULL;
	lease_replied(&leader->elector, NULL, clock_ms());
	if (obj || resp->status == 404)
		lease_seen(&leader->elector, obj, clock_ms());
	object_free(obj);
	continue_after_response(leader);
}

/*
 * Read the Lease after the API server refused a write of the Lease.  This daemon cannot rely on the
 * watch: a watch delivers each version of the Lease only once, perhaps before the refusal.
 */
static void
read_lease(struct leader *leader)
{
	char *path = lease_path(leader, false);

	leader->call = client_request(leader->client, &(struct request){
		.want_body = true,
		.path = path,
		.timeout_ms = leader->elector.duration_ms / TIMEOUTS_PER_LEASE,
		.on_response = on_read,
		.arg = leader,
	});
	free(path);
}

static void
on_proof(void *arg, const struct response *resp)
{
	struct leader *leader = arg;
	bool first = resp->status >= 200 && resp->status <= 299;

	leader->proof_call = NULL;
	if (!first)
		log_info("this daemon waits for one Lease duration before it allocates, because no "
		    "Lease existed, and a daemon that held a deleted Lease may still allocate",
		    "lease", leader->name, NULL);
	lease_proved(&leader->elector, first);
	update(leader);
}

/*
 * Write the key for hellos into the Secret, which proves that no daemon has led before (lease.h).
 * Without a Secret, or if the Secret has data or cannot be written, there is no proof.
 */
static void
write_proof(struct leader *leader)
{
	char *path, *body;

	if (!leader->secret) {
		lease_proved(&leader->elector, false);
		return;
	}
	path = secret_path(leader->ns, leader->secret);
	body = new_key_patch(NULL);
	leader->proof_call = client_request(leader->client, &(struct request){
		.verb = VERB_PATCH,
		.path = path,
		.body = body,
		.content_type = "application/json-patch+json",
		.timeout_ms = leader->elector.duration_ms / TIMEOUTS_PER_LEASE,
		.on_response = on_proof,
		.arg = leader,
	});
	explicit_bzero(body, strlen(body));
	free(path);
	free(body);
}

static void
on_written(void *arg, const struct response *resp)
{
	struct leader *leader = arg;
	struct object *obj = lease_in(resp);

	leader->call = NULL;
	if (obj) {
		lease_replied(&leader->elector, obj, clock_ms());
		object_free(obj);
	} else {
		log_debug("cannot write the Lease; reading it", "error", resp->message, NULL);
		read_lease(leader);
	}
	continue_after_response(leader);
}

static void
write_lease(struct leader *leader, const struct lease_write *write)
{
	int64_t now_us = clock_wall_us();
	bool create = !*write->version;
	char *path = lease_path(leader, create), *body;

	if (write->acquire)
		leader->acquired_us = now_us;
	body = encode_lease(&(struct lease_body){
		.ns = leader->ns,
		.name = leader->name,
		.version = write->version,
		.holder = write->holder,
		.duration_s = write->duration_s,
		.transitions = write->transitions,
		.acquire_us = leader->acquired_us,
		.renew_us = now_us,
	});
	leader->call = client_request(leader->client, &(struct request){
		.want_body = true,
		.verb = create ? VERB_POST : VERB_PUT,
		.path = path,
		.body = body,
		.timeout_ms = leader->elector.duration_ms / TIMEOUTS_PER_LEASE,
		.on_response = on_written,
		.arg = leader,
	});
	free(path);
	free(body);
}

/* Write the Lease if due, report an acquired or lost Lease to the callbacks, and set the timer. */
static void
update(struct leader *leader)
{
	int64_t now_ms = clock_ms();
	struct lease_write write;
	bool leads;

	if (lease_due(&leader->elector, now_ms, &write))
		write_lease(leader, &write);
	if (lease_needs_proof(&leader->elector) && !leader->proof_call)
		write_proof(leader);
	leads = lease_leads(&leader->elector, now_ms);
	if (leads != leader->leads) {
		leader->leads = leads;
		(leads ? leader->ops.on_lead : leader->ops.on_loss)(leader->arg);
	}
	timer_at(leader->loop, &leader->timer, lease_next_ms(&leader->elector, now_ms), now_ms);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	update(w->data);
}

static void
on_list_begin(void *arg)
{
	((struct leader *)arg)->lease_listed = false;
}

static void
on_put(void *arg, struct object *obj)
{
	struct leader *leader = arg;

	leader->lease_listed = true;
	lease_seen(&leader->elector, obj, clock_ms());
	object_free(obj);
	update(leader);
}

static void
on_del(void *arg, const char *ns, const char *name)
{
	struct leader *leader = arg;

	(void)ns, (void)name;
	lease_seen(&leader->elector, NULL, clock_ms());
	update(leader);
}

static void
on_list_end(void *arg)
{
	struct leader *leader = arg;

	if (!leader->lease_listed)
		on_del(leader, NULL, NULL);
}

static void
on_state(void *arg, enum reflector_state state, const char *why)
{
	(void)arg;
	if (state != REFLECTOR_SYNCED && *why)
		log_warn("cannot read the Lease", "error", why, NULL);
}

static void
on_resign_timeout(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct leader *leader = w->data;

	(void)loop, (void)revents;
	leader->ops.on_resigned(leader->arg);
}

/* If a write in flight acquires the Lease after this call, this daemon releases the Lease again. */
void
leader_resign(struct leader *leader)
{
	bool led = leader->leads;

	lease_resign(&leader->elector);
	update(leader);
	ev_timer_set(&leader->resign_timer, led || leader->call ? RESIGN_MAX_S : 0., 0);
	ev_timer_start(leader->loop, &leader->resign_timer);
}

struct leader *
leader_new(struct ev_loop *loop, struct client *client, const struct leader_opts *opts,
    const struct leader_ops *ops, void *arg)
{
	static const struct reflector_ops watch_ops = {
		.list_begin = on_list_begin,
		.put = on_put,
		.del = on_del,
		.list_end = on_list_end,
		.state = on_state,
	};
	struct leader *leader = xcalloc(1, sizeof(*leader));
	char identity[320], query[320];

	leader->loop = loop;
	leader->client = client;
	leader->ops = *ops;
	leader->arg = arg;
	leader->ns = xstrdup(opts->ns);
	leader->name = xstrdup(opts->lease_name);
	leader->secret = xstrdup(opts->secret_name);
	snprintf(identity, sizeof(identity), "%s_%08x", opts->node_name, random_u32());
	lease_init(&leader->elector, identity, opts->duration_ms, random_u32());
	ev_timer_init(&leader->timer, on_timer, 0, 0);
	ev_timer_init(&leader->resign_timer, on_resign_timeout, 0, 0);
	leader->timer.data = leader->resign_timer.data = leader;
	snprintf(query, sizeof(query), "fieldSelector=metadata.name%%3D%s", opts->lease_name);
	leader->watch = reflector_new(loop, client,
	    &(struct reflector_opts){ .kind = KIND_LEASE, .ns = opts->ns, .query = query },
	    &watch_ops, leader);
	return leader;
}

void
leader_free(struct leader *leader)
{
	if (!leader)
		return;
	reflector_free(leader->watch);
	call_cancel(leader->call);
	call_cancel(leader->proof_call);
	ev_timer_stop(leader->loop, &leader->timer);
	ev_timer_stop(leader->loop, &leader->resign_timer);
	free(leader->ns);
	free(leader->name);
	free(leader->secret);
	free(leader);
}
