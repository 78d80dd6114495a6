/* SPDX-License-Identifier: Apache-2.0 */
#include "core/story/facts.h"
#include "sim.h"
#include "voice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOP_MAX_MS 4000

int64_t
node_now(const struct host *node)
{
	return node->sim->now_ms + node->ahead_ms;
}

void
node_init(struct sim *sim, int index)
{
	struct host *node = &sim->nodes[index];

	node->sim = sim;
	node->index = index;
	snprintf(node->name, sizeof(node->name), "n%d", index + 1);
	node->ahead_ms = 1000 + sim_pick(sim, index, 1000000);
	node->wall_ahead_s = sim_pick(sim, index, 3);
	STAILQ_INIT(&node->inbox);
	STAILQ_INIT(&node->kept);
}

void
node_start(struct host *node)
{
	const struct world_opts opts = { .node_name = node->name, .pool_ns = "metallb-system" };
	char me[32];

	if (node->running || node->down)
		return;
	sim_tell(node->sim, "%s starts", node->name);
	node->life++;
	node->running = true;
	node->leaving = node->leads = false;
	node->lease_serial = 0;
	memset(node->unlisted, 0, sizeof(node->unlisted));
	memset(node->watches, 0, sizeof(node->watches));
	node->world = world_new(&opts);
	exec_init(&node->exec);
	snprintf(me, sizeof(me), "%s_%d", node->name, node->life);
	lease_init(&node->elector, me, SIM_LEASE_MS, sim_pick(node->sim, node->index, 1000));
	voice_start(node);
	for (enum kind kind = 0; kind < KINDS; kind++)
		node_list(node, kind);
	node_turn(node);
}

static void
forget_inbox(struct host *node)
{
	struct input *input;

	while ((input = STAILQ_FIRST(&node->inbox))) {
		STAILQ_REMOVE_HEAD(&node->inbox, next);
		input->drop(input->arg);
		free(input);
	}
}

static void
stop(struct host *node)
{
	node->running = false;
	forget_inbox(node);
	voice_stop(node);
	exec_done(&node->exec);
	world_free(node->world);
	node->world = NULL;
}

void
node_kill(struct host *node)
{
	if (!node->running)
		return;
	sim_tell(node->sim, "%s is gone", node->name);
	stop(node);
}

void
node_done(struct host *node)
{
	if (node->running)
		stop(node);
}

/* It has had enough time. */
static void
fire_stop(struct sim *sim, void *arg)
{
	const struct request *req = arg;
	struct host *node = &sim->nodes[req->node];

	if (node->life == req->life && !node->frozen)
		node_kill(node);
	free(arg);
}

static void
take_sigterm(struct host *node, void *arg)
{
	struct request *until = arg; /* only who, and which process */

	if (node->leaving) {
		free(arg);
		return;
	}
	node->leaving = true;
	*until = (struct request){ .node = node->index, .life = node->life };
	sim_at(node->sim, node->sim->now_ms + STOP_MAX_MS, fire_stop, free, until);
	voice_leave(node);
	world_set_allocator(node->world, false);
	exec_forget_allocations(&node->exec);
}

void
node_leave(struct host *node)
{
	node_input(node, take_sigterm, free, xcalloc(1, sizeof(struct request)));
}

void
node_input(struct host *node, void (*handle)(struct host *node, void *arg),
    void (*drop)(void *arg), void *arg)
{
	struct input *input;

	if (!node->running) {
		drop(arg);
		return;
	}
	if (!node->frozen) {
		voice_wake(node);
		handle(node, arg);
		node_turn(node);
		return;
	}
	input = xcalloc(1, sizeof(*input));
	*input = (struct input){ .handle = handle, .drop = drop, .arg = arg };
	STAILQ_INSERT_TAIL(&node->inbox, input, next);
}

/* Timers that have come due may be served before what has arrived, or after it. */
void
node_thaw(struct host *node)
{
	bool timers_first = sim_pick(node->sim, node->index, 2);
	struct input *input;

	if (!node->running || node->frozen)
		return;
	sim_tell(node->sim, "%s goes on", node->name);
	voice_wake(node);
	holders_thawed(node->sim, node, node->sim->now_ms - node->frozen_ms);
	if (timers_first)
		node_turn(node);
	while (node->running && (input = STAILQ_FIRST(&node->inbox))) {
		STAILQ_REMOVE_HEAD(&node->inbox, next);
		voice_wake(node);
		input->handle(node, input->arg);
		free(input);
		if (timers_first)
			node_turn(node);
	}
	if (node->running)
		node_turn(node);
}

/* --- requests --- */

static void
on_reply(struct host *node, void *arg)
{
	node_on_reply(node, arg);
}

static void
drop_request(void *arg)
{
	request_free(arg);
}

static void
fire_timeout(struct sim *sim, void *arg)
{
	struct request *req = arg;
	struct host *node = &sim->nodes[req->node];

	if (node->life == req->life)
		node_input(node, on_reply, drop_request, req);
	else
		request_free(req);
}

void
node_ask(struct host *node, struct request *req)
{
	struct request *late = xcalloc(1, sizeof(*late));

	req->node = node->index;
	req->life = node->life;
	req->sent_ms = node->sim->now_ms;
	*late = (struct request){ .alloc_ctx = req->alloc_ctx, .node = req->node, .life = req->life,
		.serial = req->serial, .kind = req->kind, .rc = -EIO };
	sim_at(node->sim, req->sent_ms + req->timeout_ms, fire_timeout, drop_request, late);
	kube_ask(node->sim, req);
}

void
node_list(struct host *node, enum kind kind)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->alloc_ctx = ASK_LIST;
	req->kind = kind;
	req->timeout_ms = 500;
	node->watches[kind].listing = req->serial = ++node->serial;
	node_ask(node, req);
}

/* --- what the API says --- */

static void
on_lease(struct host *node, const struct lease_state *lease)
{
	struct object *obj = kube_lease_object(lease);

	lease_seen(&node->elector, obj, node_now(node));
	object_free(obj);
}

static void
on_listed(struct host *node, enum kind kind)
{
	if (!node->unlisted[kind])
		return;
	node->unlisted[kind] = false;
	if (node->leaving || node->unlisted[KIND_SERVICE] || node->unlisted[KIND_POOL])
		return;
	sim_tell(node->sim, "%s allocates", node->name);
	world_set_allocator(node->world, true);
}

static void
on_list(struct host *node, struct request *req)
{
	struct watch *watch = &node->watches[req->kind];

	if (watch->listing != req->serial)
		return;
	if (req->rc < 0) {
		node_list(node, req->kind);
		return;
	}
	watch->listing = 0;
	watch->seen = req->upto;
	if (req->kind == KIND_LEASE) {
		on_lease(node, &req->lease);
	} else {
		world_list_begin(node->world, req->kind);
		for (size_t i = 0; i < req->n_lines; i++)
			api_tell(node->world, req->lines[i]);
		world_list_end(node->world, req->kind);
		on_listed(node, req->kind);
	}
	kube_wake_watch(node->sim, node, req->kind); /* what happened since */
}

void
node_on_reply(struct host *node, struct request *req)
{
	switch (req->alloc_ctx) {
	case ASK_WRITE:
		exec_on_reply(node, req->serial, req->rc);
		break;
	case ASK_LEASE_WRITE:
	case ASK_LEASE_READ:
		node_on_lease_reply(node, req);
		break;
	case ASK_LIST:
		on_list(node, req);
		break;
	}
	request_free(req);
}

void
node_on_changes(struct host *node, enum kind kind, size_t upto)
{
	struct watch *watch = &node->watches[kind];

	if (watch->listing)
		return; /* the list will have it */
	for (; watch->seen < upto; watch->seen++) {
		const struct change *change = &node->sim->kube.log[kind].v[watch->seen];

		if (kind == KIND_LEASE)
			on_lease(node, &change->lease);
		else
			api_tell(node->world, change->line);
	}
}

/* --- timers and decisions --- */

static void
decide(struct host *node)
{
	struct plan plan = { 0 };

	node->changed = false;
	world_set_now(node->world, node_now(node));
	world_decide(node->world, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		digest_action(sim_digest(node->sim, node->index, "action"), &plan.v[i]);
		if (!voice_act(node, &plan.v[i]))
			exec_do(node, &plan.v[i]);
	}
	plan_done(&plan);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
node_turn(struct host *node)
{
	int64_t next;

	node_lead(node);
	decide(node);
	voice_tick(node);
	if (node->changed) /* by what was elected */
		decide(node);
	exec_run(node);
	if (node->leaving && node->elector.resigned && !node->lease_serial && exec_idle(&node->exec) &&
	    voice_left(node)) {
		node_kill(node);
		return;
	}
	next = sooner(lease_next_ms(&node->elector, node_now(node)), exec_next_ms(&node->exec));
	next = sooner(next, sooner(voice_next_ms(node), world_next_ms(node->world)));
	if (next == INT64_MAX)
		node->due_ms = INT64_MAX;
	else
		node->due_ms = sooner(INT64_MAX, next - node->ahead_ms);
	if (node->due_ms <= node->sim->now_ms)
		node->due_ms = node->sim->now_ms + 1;
}
