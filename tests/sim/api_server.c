/* SPDX-License-Identifier: Apache-2.0 */
#include "check_alloc.h"
#include "core/scenario/object_text.h"
#include "sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE_WAY_MS 4 /* maximum time of a request or a reply on the network */

/* --- changes of objects, and watches --- */

struct watch_batch {
	struct sim_node *node;
	enum kind kind;
	size_t upto;
};

static void
deliver_batch(struct sim_node *node, void *arg)
{
	struct watch_batch *batch = arg;

	node_on_watch(node, batch->kind, batch->upto);
	free(batch);
}

static bool
unreachable(const struct sim *sim, const struct sim_node *node)
{
	return sim->api_server.down || node->api_cut;
}

static void
fire_batch(struct sim *sim, void *arg)
{
	struct watch_batch *batch = arg;

	if (unreachable(sim, batch->node) || batch->node->watches[batch->kind].delayed) {
		free(batch); /* api_server_resume_watch() delivers these changes later */
		return;
	}
	node_deliver(batch->node, deliver_batch, free, batch);
}

void
api_server_resume_watch(struct sim *sim, struct sim_node *node, enum kind kind)
{
	struct watch_batch *batch = xcalloc(1, sizeof(*batch));

	*batch = (struct watch_batch){ node, kind, sim->api_server.log[kind].n };
	sim_schedule(sim, sim->now_ms + 1 + sim_random(sim, DRAW_API, ONE_WAY_MS), fire_batch, free,
	    batch);
}

static void
log_change(struct sim *sim, enum kind kind, const char *line)
{
	struct change_log *log = &sim->api_server.log[kind];

	if (log->n == log->room) {
		log->room = log->room ? log->room * 2 : 32;
		log->v = xrealloc(log->v, log->room, sizeof(*log->v));
	}
	log->v[log->n++] = (struct change){ xstrdup(line), sim->api_server.lease };
	for (size_t i = 0; i < sim->n_nodes; i++)
		api_server_resume_watch(sim, &sim->nodes[i], kind);
}

static enum kind
kind_of(const char *line)
{
	struct object *obj = object_from_text(line);
	enum kind kind = obj->kind;

	object_free(obj);
	return kind;
}

static void
on_change(void *arg, const char *event)
{
	struct sim *sim = arg;

	sim_trace(sim, "API: %s", event);
	log_change(sim, kind_of(strncmp(event, "del ", 4) == 0 ? event + 4 : event), event);
}

static void
lease_changed(struct sim *sim)
{
	struct lease_state *lease = &sim->api_server.lease;

	lease->version = ++sim->api_server.api.version;
	log_change(sim, KIND_LEASE, NULL);
}

void
api_server_delete_lease(struct sim *sim)
{
	if (!sim->api_server.lease.exists)
		return;
	sim->api_server.lease = (struct lease_state){ 0 };
	sim->api_server.lease_deleted_ms = sim->now_ms;
	sim_trace(sim, "API: the Lease is deleted");
	lease_changed(sim);
}

struct object *
lease_object(const struct lease_state *lease)
{
	struct object *obj;

	if (!lease->exists)
		return NULL;
	obj = object_new(KIND_LEASE, 0);
	obj->meta.version = arena_printf(&obj->mem, "%d", lease->version);
	obj->meta.uid = arena_printf(&obj->mem, "%d", lease->uid);
	obj->u.lease.holder = arena_strdup(&obj->mem, lease->holder);
	obj->u.lease.duration_s = lease->duration_s;
	obj->u.lease.transitions = lease->transitions;
	return obj;
}

/* --- requests --- */

void
request_free(struct request *req)
{
	if (!req)
		return;
	for (size_t i = 0; i < req->n_lines; i++)
		free(req->lines[i]);
	free(req->lines);
	arena_done(&req->mem);
	free(req);
}

static void
drop_request(void *arg)
{
	request_free(arg);
}

static void
write_lease(struct sim *sim, struct request *req)
{
	struct lease_state *lease = &sim->api_server.lease;

	req->rc = -EAGAIN;
	if (lease->exists ? atoi(req->write.version) != lease->version : *req->write.version)
		return;
	req->rc = 0;
	if (!lease->exists)
		lease->uid = ++sim->api_server.uids;
	lease->exists = true;
	snprintf(lease->holder, sizeof(lease->holder), "%s", req->write.holder);
	lease->duration_s = req->write.duration_s;
	lease->transitions = req->write.transitions;
	lease_changed(sim);
	req->lease = *lease;
	if (req->write.acquire || !*lease->holder)
		sim_trace(sim, "API: the Lease is %s%s", *lease->holder ? "held by " : "released",
		    lease->holder);
}

static void
list(struct sim *sim, struct request *req)
{
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;
	size_t n = 0;

	TAILQ_FOREACH(obj, &sim->api_server.api.objects, link)
		n++;
	req->lines = xcalloc(n + 1, sizeof(*req->lines));
	TAILQ_FOREACH(obj, &sim->api_server.api.objects, link) {
		if (kind_of(fake_api_line(obj, buf)) == req->kind)
			req->lines[req->n_lines++] = xstrdup(buf);
	}
	req->upto = sim->api_server.log[req->kind].n;
	req->lease = sim->api_server.lease;
}

static void
process(struct sim *sim, struct request *req)
{
	const struct sim_node *node = &sim->nodes[req->node];

	switch (req->type) {
	case REQUEST_WRITE:
		check_alloc_before_write(sim, node, &req->act);
		req->rc = fake_api_write(&sim->api_server.api, &req->act, node->name);
		if (req->rc == 0)
			check_alloc_after_write(sim, node, &req->act);
		break;
	case REQUEST_LEASE_WRITE:
		write_lease(sim, req);
		break;
	case REQUEST_LEASE_READ:
		req->lease = sim->api_server.lease;
		break;
	case REQUEST_PROOF:
		req->rc = sim->api_server.proof_exists ? -EAGAIN : 0;
		sim->api_server.proof_exists = true;
		break;
	case REQUEST_LIST:
		list(sim, req);
		break;
	}
}

static void
on_reply(struct sim_node *node, void *arg)
{
	node_on_reply(node, arg);
}

static void
fire_reply(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct sim_node *node = &sim->nodes[req->node];

	if (unreachable(sim, node) || node->starts != req->starts)
		request_free(req);
	else
		node_deliver(node, on_reply, drop_request, req);
}

static void
fire_arrival(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct sim_node *node = &sim->nodes[req->node];
	uint32_t fate = sim_random(sim, DRAW_API, 200);
	uint64_t *digest;

	if (unreachable(sim, node)) {
		request_free(req);
		return;
	}
	if (fate == 0)
		req->rc = -EIO; /* for example 503 Service Unavailable */
	else
		process(sim, req);
	digest = sim_digest(sim, req->node, "request");
	digest_number(digest, req->type);
	digest_number(digest, req->rc);
	/* simulates a proxy that sends the write twice */
	if (fate == 1 && req->type == REQUEST_WRITE && req->rc == 0 &&
	    req->act.kind != ACT_L2STATUS_CREATE)
		(void)fake_api_write(&sim->api_server.api, &req->act, node->name);
	sim_schedule(sim, sim->now_ms + sim_random(sim, DRAW_API, ONE_WAY_MS), fire_reply,
	    drop_request, req);
}

/* Sends the request to the API server, unless the daemon restarted or the request timed out. */
static void
fire_leaving(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct sim_node *node = &sim->nodes[req->node];
	int64_t way = 1 + sim_random(sim, req->node, ONE_WAY_MS);

	if (node->starts != req->starts || sim->now_ms >= req->sent_ms + req->timeout_ms) {
		request_free(req);
		return;
	}
	if (node->frozen) {
		sim_schedule(sim, sim->now_ms + 1, fire_leaving, drop_request, req);
		return;
	}
	if (sim_random(sim, req->node, 20) == 0) /* a slow request */
		way = sim_random(sim, req->node,
		    (uint32_t)(req->timeout_ms - (sim->now_ms - req->sent_ms)));
	sim_schedule(sim, sim->now_ms + way, fire_arrival, drop_request, req);
}

void
api_server_request(struct sim *sim, struct request *req)
{
	sim_schedule(sim, sim->now_ms + sim_random(sim, req->node, 3), fire_leaving, drop_request,
	    req);
}

/* --- start and end --- */

void
api_server_start(struct sim *sim)
{
	fake_api_init(&sim->api_server.api, on_change, sim);
	sim->api_server.lease_deleted_ms = -SIM_LEASE_MS;
}

void
api_server_done(struct api_server *api_server)
{
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < api_server->log[kind].n; i++)
			free(api_server->log[kind].v[i].line);
		free(api_server->log[kind].v);
	}
	fake_api_done(&api_server->api);
}
