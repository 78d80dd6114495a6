/* SPDX-License-Identifier: Apache-2.0 */
#include "write_queue.h"
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_MS 250
#define RETRY_LAST_MS 2000 /* maximum delay of a retry; less than in the real daemon */

void
write_queue_init(struct write_queue *write_queue)
{
	TAILQ_INIT(&write_queue->jobs);
}

static void
api_write_done(struct api_write *write)
{
	arena_done(&write->mem);
	*write = (struct api_write){ 0 };
}

static void
api_write_set(struct api_write *write, const struct action *act)
{
	struct arena *mem = &write->mem;

	api_write_done(write);
	write->is_set = true;
	action_copy(&write->act, act, mem);
}

static void
job_free(struct write_queue *write_queue, struct job *job)
{
	TAILQ_REMOVE(&write_queue->jobs, job, link);
	api_write_done(&job->current);
	api_write_done(&job->newer);
	free(job);
}

void
write_queue_done(struct write_queue *write_queue)
{
	while (!TAILQ_EMPTY(&write_queue->jobs))
		job_free(write_queue, TAILQ_FIRST(&write_queue->jobs));
}

static bool
is_allocation(const struct job *job)
{
	enum action_kind kind = job->current.act.kind;

	return kind == ACT_SERVICE_STATUS || kind == ACT_POOL_STATUS ||
	    kind == ACT_SERVICE_CONDITIONS || kind == ACT_CONFIG_CONDITION;
}

void
write_queue_do(struct sim_node *node, const struct action *act)
{
	struct job *job;

	if (act->kind == ACT_EVENT)
		return;
	TAILQ_FOREACH(job, &node->write_queue.jobs, link) {
		const struct action *old = &job->current.act;

		if (old->kind == act->kind && strcmp(old->on.ns, act->on.ns) == 0 &&
		    strcmp(old->on.name, act->on.name) == 0)
			break;
	}
	if (!job) {
		job = xcalloc(1, sizeof(*job));
		job->retry_ms = act->pause_ms ? node_now(node) + act->pause_ms : 0;
		TAILQ_INSERT_TAIL(&node->write_queue.jobs, job, link);
	}
	api_write_set(job->serial ? &job->newer : &job->current, act);
	if (!job->serial && job->tries)
		job->tries = 0, job->retry_ms = 0;
}

static void
job_send(struct sim_node *node, struct job *job)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->type = REQUEST_WRITE;
	req->timeout_ms = is_allocation(job) ? SIM_LEASE_MS / 4 : 5000;
	action_copy(&req->act, &job->current.act, &req->mem);
	job->serial = req->serial = ++node->serial;
	job->tries++;
	node_request(node, req);
}

void
write_queue_run(struct sim_node *node)
{
	struct job *job, *next;

	TAILQ_FOREACH_SAFE(job, &node->write_queue.jobs, link, next) {
		if (job->serial || job->retry_ms > node_now(node))
			continue;
		if (is_allocation(job) && !node_may_allocate(node))
			job_free(&node->write_queue, job);
		else
			job_send(node, job);
	}
}

int64_t
write_queue_next_ms(const struct write_queue *write_queue)
{
	int64_t next = INT64_MAX;
	struct job *job;

	TAILQ_FOREACH(job, &write_queue->jobs, link) {
		if (!job->serial && job->retry_ms < next)
			next = job->retry_ms;
	}
	return next;
}

void
write_queue_drop_allocations(struct write_queue *write_queue)
{
	struct job *job, *next;

	TAILQ_FOREACH_SAFE(job, &write_queue->jobs, link, next) {
		if (!is_allocation(job))
			continue;
		api_write_done(&job->newer);
		if (job->serial)
			job->dropped = true;
		else
			job_free(write_queue, job);
	}
}

void
write_queue_on_reply(struct sim_node *node, uint32_t serial, int rc)
{
	struct job *job;

	TAILQ_FOREACH(job, &node->write_queue.jobs, link) {
		if (job->serial == serial)
			break;
	}
	if (!job)
		return; /* the job was dropped */
	job->serial = 0;
	if (job->newer.is_set) {
		api_write_done(&job->current);
		job->current = job->newer;
		job->newer = (struct api_write){ 0 };
		job->tries = 0, job->retry_ms = 0, job->dropped = false;
	} else if (rc != -EIO || job->dropped) {
		job_free(&node->write_queue, job);
	} else {
		int64_t pause = RETRY_FIRST_MS << (job->tries < 4 ? job->tries - 1 : 3);

		job->retry_ms = node_now(node) + (pause < RETRY_LAST_MS ? pause : RETRY_LAST_MS);
	}
}

bool
write_queue_allocating(const struct write_queue *write_queue)
{
	struct job *job;

	TAILQ_FOREACH(job, &write_queue->jobs, link) {
		if (is_allocation(job) && job->serial)
			return true;
	}
	return false;
}

bool
write_queue_idle(const struct write_queue *write_queue)
{
	return TAILQ_EMPTY(&write_queue->jobs);
}
