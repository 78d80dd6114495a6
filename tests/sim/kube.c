/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "core/story/facts.h"
#include "sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAY_MS 4 /* to the API or back, at the most */

/* --- what happens, and who hears of it --- */

struct news {
	struct host *node;
	enum kind kind;
	size_t upto;
};

static void
tell_news(struct host *node, void *arg)
{
	struct news *news = arg;

	node_on_changes(node, news->kind, news->upto);
	free(news);
}

static bool
unreachable(const struct sim *sim, const struct host *node)
{
	return sim->kube.down || node->cut;
}

static void
fire_news(struct sim *sim, void *arg)
{
	struct news *news = arg;

	if (unreachable(sim, news->node) || news->node->watches[news->kind].late) {
		free(news); /* kube_wake_watch follows */
		return;
	}
	node_input(news->node, tell_news, free, news);
}

void
kube_wake_watch(struct sim *sim, struct host *node, enum kind kind)
{
	struct news *news = xcalloc(1, sizeof(*news));

	*news = (struct news){ node, kind, sim->kube.log[kind].n };
	sim_at(sim, sim->now_ms + 1 + sim_pick(sim, KUBE, WAY_MS), fire_news, free, news);
}

static void
log_change(struct sim *sim, enum kind kind, const char *line)
{
	struct changes *log = &sim->kube.log[kind];

	if (log->n == log->room) {
		log->room = log->room ? log->room * 2 : 32;
		log->v = xrealloc(log->v, log->room, sizeof(*log->v));
	}
	log->v[log->n++] = (struct change){ xstrdup(line), sim->kube.lease };
	for (size_t i = 0; i < sim->n_nodes; i++)
		kube_wake_watch(sim, &sim->nodes[i], kind);
}

static enum kind
kind_of(const char *line)
{
	struct object *obj = fact_object(line);
	enum kind kind = obj->kind;

	object_free(obj);
	return kind;
}

static void
on_change(void *arg, const char *event)
{
	struct sim *sim = arg;

	sim_tell(sim, "api: %s", event);
	log_change(sim, kind_of(strncmp(event, "del ", 4) == 0 ? event + 4 : event), event);
}

static void
lease_changed(struct sim *sim)
{
	struct lease_state *lease = &sim->kube.lease;

	lease->version = ++sim->kube.api.version;
	log_change(sim, KIND_LEASE, NULL);
}

void
kube_delete_lease(struct sim *sim)
{
	if (!sim->kube.lease.there)
		return;
	sim->kube.lease = (struct lease_state){ 0 };
	sim->kube.lease_gone_ms = sim->now_ms;
	sim_tell(sim, "api: del lease");
	lease_changed(sim);
}

struct object *
kube_lease_object(const struct lease_state *lease)
{
	struct object *obj;

	if (!lease->there)
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
	struct lease_state *lease = &sim->kube.lease;

	req->rc = -EAGAIN;
	if (lease->there ? atoi(req->write.version) != lease->version : *req->write.version != '\0')
		return;
	req->rc = 0;
	if (!lease->there)
		lease->uid = ++sim->kube.uids;
	lease->there = true;
	snprintf(lease->holder, sizeof(lease->holder), "%s", req->write.holder);
	lease->duration_s = req->write.duration_s;
	lease->transitions = req->write.transitions;
	lease_changed(sim);
	req->lease = *lease;
	if (req->write.acquire || !*lease->holder)
		sim_tell(sim, "api: the Lease is %s%s", *lease->holder ? "of " : "given up",
		    lease->holder);
}

static void
list(struct sim *sim, struct request *req)
{
	char buf[FACT_LEN_MAX];
	struct stored *obj;
	size_t n = 0;

	TAILQ_FOREACH(obj, &sim->kube.api.objects, link)
		n++;
	req->lines = xcalloc(n + 1, sizeof(*req->lines));
	TAILQ_FOREACH(obj, &sim->kube.api.objects, link) {
		if (kind_of(api_line(obj, buf)) == req->kind)
			req->lines[req->n_lines++] = xstrdup(buf);
	}
	req->upto = sim->kube.log[req->kind].n;
	req->lease = sim->kube.lease;
}

static void
answer(struct sim *sim, struct request *req)
{
	const struct host *node = &sim->nodes[req->node];

	switch (req->alloc_ctx) {
	case ASK_WRITE:
		check_before_write(sim, node, &req->act);
		req->rc = api_apply(&sim->kube.api, &req->act, node->name);
		if (req->rc == 0)
			check_after_write(sim, node, &req->act);
		break;
	case ASK_LEASE_WRITE:
		write_lease(sim, req);
		break;
	case ASK_LEASE_READ:
		req->lease = sim->kube.lease;
		break;
	case ASK_LIST:
		list(sim, req);
		break;
	}
}

static void
take_reply(struct host *node, void *arg)
{
	node_on_reply(node, arg);
}

static void
fire_reply(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct host *node = &sim->nodes[req->node];

	if (unreachable(sim, node) || node->life != req->life)
		request_free(req);
	else
		node_input(node, take_reply, drop_request, req);
}

static void
fire_arrival(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct host *node = &sim->nodes[req->node];
	uint32_t fate = sim_pick(sim, KUBE, 200);
	uint64_t *digest;

	if (unreachable(sim, node)) {
		request_free(req);
		return;
	}
	if (fate == 0)
		req->rc = -EIO; /* 503, say */
	else
		answer(sim, req);
	digest = sim_digest(sim, req->node, "request");
	digest_number(digest, req->alloc_ctx);
	digest_number(digest, req->rc);
	if (fate == 1 && req->alloc_ctx == ASK_WRITE && req->rc == 0 && req->act.kind != ACT_L2STATUS_CREATE)
		(void)api_apply(&sim->kube.api, &req->act, node->name); /* it came twice */
	sim_at(sim, sim->now_ms + sim_pick(sim, KUBE, WAY_MS), fire_reply, drop_request, req);
}

/* It leaves the daemon, some time after it was decided on; unless that has taken too long. */
static void
fire_leaving(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct host *node = &sim->nodes[req->node];
	int64_t way = 1 + sim_pick(sim, req->node, WAY_MS);

	if (node->life != req->life || sim->now_ms >= req->sent_ms + req->timeout_ms) {
		request_free(req);
		return;
	}
	if (node->frozen) {
		sim_at(sim, sim->now_ms + 1, fire_leaving, drop_request, req);
		return;
	}
	if (sim_pick(sim, req->node, 20) == 0) /* a slow one */
		way = sim_pick(sim, req->node, (uint32_t)(req->timeout_ms - (sim->now_ms - req->sent_ms)));
	sim_at(sim, sim->now_ms + way, fire_arrival, drop_request, req);
}

void
kube_ask(struct sim *sim, struct request *req)
{
	sim_at(sim, sim->now_ms + sim_pick(sim, req->node, 3), fire_leaving, drop_request, req);
}

/* --- beginning and end --- */

void
kube_start(struct sim *sim)
{
	api_init(&sim->kube.api, on_change, sim);
	sim->kube.lease_gone_ms = -SIM_LEASE_MS;
}

void
kube_done(struct kube *kube)
{
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < kube->log[kind].n; i++)
			free(kube->log[kind].v[i].line);
		free(kube->log[kind].v);
	}
	api_done(&kube->api);
}
