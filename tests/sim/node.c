/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "sim.h"
#include "speaker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOP_MAX_MS 4000

int64_t
node_now(const struct sim_node *node)
{
	return node->sim->now_ms + node->clock_offset_ms;
}

void
node_init(struct sim *sim, int index)
{
	struct sim_node *node = &sim->nodes[index];

	node->sim = sim;
	node->index = index;
	snprintf(node->name, sizeof(node->name), "n%d", index + 1);
	node->clock_offset_ms = 1000 + sim_random(sim, index, 1000000);
	node->wall_offset_s = sim_random(sim, index, 3);
	STAILQ_INIT(&node->inbox);
	STAILQ_INIT(&node->unread_hellos);
}

void
node_start(struct sim_node *node)
{
	const struct world_opts opts = { .node_name = node->name, .pool_ns = "metallb-system" };
	char me[32];

	if (node->running || node->down)
		return;
	sim_trace(node->sim, "the daemon on %s starts", node->name);
	node->starts++;
	node->running = true;
	node->leaving = node->is_leader = false;
	node->lease_serial = node->proof_serial = 0;
	memset(node->relisting, 0, sizeof(node->relisting));
	memset(node->watches, 0, sizeof(node->watches));
	node->world = world_new(&opts);
	write_queue_init(&node->write_queue);
	snprintf(me, sizeof(me), "%s_%d", node->name, node->starts);
	lease_init(&node->elector, me, SIM_LEASE_MS, sim_random(node->sim, node->index, 1000));
	speaker_start(node);
	for (enum kind kind = 0; kind < KINDS; kind++)
		node_list(node, kind);
	node_turn(node);
}

static void
forget_inbox(struct sim_node *node)
{
	struct input *input;

	while ((input = STAILQ_FIRST(&node->inbox))) {
		STAILQ_REMOVE_HEAD(&node->inbox, next);
		input->drop(input->arg);
		free(input);
	}
}

static void
stop(struct sim_node *node)
{
	node->running = false;
	forget_inbox(node);
	speaker_stop(node);
	write_queue_done(&node->write_queue);
	world_free(node->world);
	node->world = NULL;
}

void
node_kill(struct sim_node *node)
{
	if (!node->running)
		return;
	sim_trace(node->sim, "the daemon on %s has stopped", node->name);
	stop(node);
}

void
node_done(struct sim_node *node)
{
	if (node->running)
		stop(node);
	arena_done(&node->links_mem);
}

/* Kills the daemon if it still runs STOP_MAX_MS after SIGTERM. */
static void
fire_stop(struct sim *sim, void *arg)
{
	const struct request *req = arg;
	struct sim_node *node = &sim->nodes[req->node];

	if (node->starts == req->starts && !node->frozen)
		node_kill(node);
	free(arg);
}

static void
take_sigterm(struct sim_node *node, void *arg)
{
	struct request *until = arg; /* identifies the node and the process to kill */

	if (node->leaving) {
		free(arg);
		return;
	}
	node->leaving = true;
	*until = (struct request){ .node = node->index, .starts = node->starts };
	sim_schedule(node->sim, node->sim->now_ms + STOP_MAX_MS, fire_stop, free, until);
	speaker_leave(node);
	world_set_allocator(node->world, false);
	write_queue_drop_allocations(&node->write_queue);
}

void
node_leave(struct sim_node *node)
{
	node_deliver(node, take_sigterm, free, xcalloc(1, sizeof(struct request)));
}

void
node_deliver(struct sim_node *node, void (*handle)(struct sim_node *node, void *arg),
    void (*drop)(void *arg), void *arg)
{
	struct input *input;

	if (!node->running) {
		drop(arg);
		return;
	}
	if (!node->frozen) {
		speaker_check_stopped(node);
		handle(node, arg);
		node_turn(node);
		return;
	}
	input = xcalloc(1, sizeof(*input));
	*input = (struct input){ .handle = handle, .drop = drop, .arg = arg };
	STAILQ_INSERT_TAIL(&node->inbox, input, next);
}

/* After SIGCONT, a random choice decides whether timers or queued inputs are processed first. */
void
node_thaw(struct sim_node *node)
{
	bool timers_first = sim_random(node->sim, node->index, 2);
	struct input *input;

	if (!node->running || node->frozen)
		return;
	sim_trace(node->sim, "%s continues after SIGSTOP", node->name);
	speaker_check_stopped(node);
	check_holders_on_thaw(node->sim, node, node->sim->now_ms - node->frozen_since_ms);
	if (timers_first)
		node_turn(node);
	while (node->running && (input = STAILQ_FIRST(&node->inbox))) {
		STAILQ_REMOVE_HEAD(&node->inbox, next);
		speaker_check_stopped(node);
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
on_reply(struct sim_node *node, void *arg)
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
	struct sim_node *node = &sim->nodes[req->node];

	if (node->starts == req->starts)
		node_deliver(node, on_reply, drop_request, req);
	else
		request_free(req);
}

void
node_request(struct sim_node *node, struct request *req)
{
	struct request *timeout = xcalloc(1, sizeof(*timeout));

	req->node = node->index;
	req->starts = node->starts;
	req->sent_ms = node->sim->now_ms;
	*timeout = (struct request){ .type = req->type, .node = req->node, .starts = req->starts,
		.serial = req->serial, .kind = req->kind, .rc = -EIO };
	sim_schedule(node->sim, req->sent_ms + req->timeout_ms, fire_timeout, drop_request,
	    timeout);
	api_server_request(node->sim, req);
}

void
node_list(struct sim_node *node, enum kind kind)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->type = REQUEST_LIST;
	req->kind = kind;
	req->timeout_ms = 500;
	node->watches[kind].listing = req->serial = ++node->serial;
	node_request(node, req);
}

/* --- lists and watches --- */

static void
on_listed(struct sim_node *node, enum kind kind)
{
	if (!node->relisting[kind])
		return;
	node->relisting[kind] = false;
	if (node->leaving || node->relisting[KIND_SERVICE] || node->relisting[KIND_POOL])
		return;
	sim_trace(node->sim, "%s has listed Services and pools, and allocates", node->name);
	world_set_allocator(node->world, true);
}

static void
on_list(struct sim_node *node, struct request *req)
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
		node_on_lease(node, &req->lease);
	} else {
		world_list_begin(node->world, req->kind);
		for (size_t i = 0; i < req->n_lines; i++)
			fake_api_deliver(node->world, req->lines[i]);
		world_list_end(node->world, req->kind);
		on_listed(node, req->kind);
	}
	api_server_resume_watch(node->sim, node, req->kind); /* sends the changes since the list */
}

void
node_on_reply(struct sim_node *node, struct request *req)
{
	switch (req->type) {
	case REQUEST_WRITE:
		write_queue_on_reply(node, req->serial, req->rc);
		break;
	case REQUEST_LEASE_WRITE:
	case REQUEST_LEASE_READ:
		node_on_lease_reply(node, req);
		break;
	case REQUEST_PROOF:
		node_on_proof_reply(node, req);
		break;
	case REQUEST_LIST:
		on_list(node, req);
		break;
	}
	request_free(req);
}

void
node_on_watch(struct sim_node *node, enum kind kind, size_t upto)
{
	struct watch *watch = &node->watches[kind];

	if (watch->listing)
		return; /* the list in progress will contain these changes */
	for (; watch->seen < upto; watch->seen++) {
		const struct change *change = &node->sim->api_server.log[kind].v[watch->seen];

		if (kind == KIND_LEASE)
			node_on_lease(node, &change->lease);
		else
			fake_api_deliver(node->world, change->line);
	}
}

/* --- timers and decisions --- */

#define DECIDE_LITTLE 300 /* a budget of world_decide_some() for about eight Services */

static void
decide(struct sim_node *node)
{
	struct plan plan = { 0 };

	/* in half of the histories, each turn decides only a few Services, as if there were thousands */
	size_t budget = node->sim->seed % 2 ? DECIDE_LITTLE : SIZE_MAX;

	node->decide_again = false;
	world_set_now(node->world, node_now(node));
	node->undecided = world_decide_some(node->world, &plan, budget, NULL);
	for (size_t i = 0; i < plan.n; i++) {
		digest_action(sim_digest(node->sim, node->index, "action"), &plan.v[i]);
		if (!speaker_do(node, &plan.v[i]))
			write_queue_do(node, &plan.v[i]);
	}
	plan_done(&plan);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
node_turn(struct sim_node *node)
{
	int64_t next;

	node_run_leader(node);
	decide(node);
	speaker_tick(node);
	if (node->decide_again) /* true if the election reported a new holder to the world */
		decide(node);
	write_queue_run(node);
	if (node->leaving && node->elector.resigned && !node->lease_serial &&
	    write_queue_idle(&node->write_queue) && speaker_left(node)) {
		node_kill(node);
		return;
	}
	next = lease_next_ms(&node->elector, node_now(node));
	next = sooner(next, write_queue_next_ms(&node->write_queue));
	next = sooner(next, sooner(speaker_next_ms(node), world_next_ms(node->world)));
	if (node->undecided)
		next = node_now(node);
	if (next == INT64_MAX)
		node->due_ms = INT64_MAX;
	else
		node->due_ms = sooner(INT64_MAX, next - node->clock_offset_ms);
	if (node->due_ms <= node->sim->now_ms)
		node->due_ms = node->sim->now_ms + 1;
}
