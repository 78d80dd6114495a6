/* SPDX-License-Identifier: Apache-2.0 */
#include "exec.h"
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_FIRST_MS 250
#define PAUSE_LAST_MS 2000 /* the daemon waits longer; histories are short */

void
exec_init(struct exec *exec)
{
	TAILQ_INIT(&exec->jobs);
}

static void
wish_done(struct wish *wish)
{
	arena_done(&wish->mem);
	*wish = (struct wish){ 0 };
}

static void
wish_set(struct wish *wish, const struct action *act)
{
	struct arena *mem = &wish->mem;

	wish_done(wish);
	wish->there = true;
	action_copy(&wish->act, act, mem);
}

static void
job_free(struct exec *exec, struct job *job)
{
	TAILQ_REMOVE(&exec->jobs, job, link);
	wish_done(&job->now);
	wish_done(&job->newer);
	free(job);
}

void
exec_done(struct exec *exec)
{
	while (!TAILQ_EMPTY(&exec->jobs))
		job_free(exec, TAILQ_FIRST(&exec->jobs));
}

static bool
is_allocation(const struct job *job)
{
	return job->now.act.kind == ACT_SERVICE_STATUS || job->now.act.kind == ACT_POOL_STATUS ||
	    job->now.act.kind == ACT_SERVICE_CONDITIONS || job->now.act.kind == ACT_CONFIG_CONDITION;
}

void
exec_do(struct host *node, const struct action *act)
{
	struct job *job;

	if (act->kind == ACT_EVENT)
		return;
	TAILQ_FOREACH(job, &node->exec.jobs, link) {
		const struct action *old = &job->now.act;

		if (old->kind == act->kind && strcmp(old->on.ns, act->on.ns) == 0 &&
		    strcmp(old->on.name, act->on.name) == 0)
			break;
	}
	if (!job) {
		job = xcalloc(1, sizeof(*job));
		TAILQ_INSERT_TAIL(&node->exec.jobs, job, link);
	}
	wish_set(job->serial ? &job->newer : &job->now, act);
	if (!job->serial)
		job->tries = 0, job->retry_ms = 0;
}

static void
job_send(struct host *node, struct job *job)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->alloc_ctx = ASK_WRITE;
	req->timeout_ms = is_allocation(job) ? SIM_LEASE_MS / 4 : 5000;
	action_copy(&req->act, &job->now.act, &req->mem);
	job->serial = req->serial = ++node->serial;
	job->tries++;
	node_ask(node, req);
}

void
exec_run(struct host *node)
{
	struct job *job, *next;

	TAILQ_FOREACH_SAFE(job, &node->exec.jobs, link, next) {
		if (job->serial || job->retry_ms > node_now(node))
			continue;
		if (is_allocation(job) && !node_may_allocate(node))
			job_free(&node->exec, job);
		else
			job_send(node, job);
	}
}

int64_t
exec_next_ms(const struct exec *exec)
{
	int64_t next = INT64_MAX;
	struct job *job;

	TAILQ_FOREACH(job, &exec->jobs, link) {
		if (!job->serial && job->retry_ms < next)
			next = job->retry_ms;
	}
	return next;
}

void
exec_forget_allocations(struct exec *exec)
{
	struct job *job, *next;

	TAILQ_FOREACH_SAFE(job, &exec->jobs, link, next) {
		if (!is_allocation(job))
			continue;
		wish_done(&job->newer);
		if (job->serial)
			job->forgotten = true;
		else
			job_free(exec, job);
	}
}

void
exec_on_reply(struct host *node, uint32_t serial, int rc)
{
	struct job *job;

	TAILQ_FOREACH(job, &node->exec.jobs, link) {
		if (job->serial == serial)
			break;
	}
	if (!job)
		return; /* it had been given up */
	job->serial = 0;
	if (job->newer.there) {
		wish_done(&job->now);
		job->now = job->newer;
		job->newer = (struct wish){ 0 };
		job->tries = 0, job->retry_ms = 0, job->forgotten = false;
	} else if (rc != -EIO || job->forgotten) {
		job_free(&node->exec, job);
	} else {
		int64_t pause = PAUSE_FIRST_MS << (job->tries < 4 ? job->tries - 1 : 3);

		job->retry_ms = node_now(node) + (pause < PAUSE_LAST_MS ? pause : PAUSE_LAST_MS);
	}
}

bool
exec_allocating(const struct exec *exec)
{
	struct job *job;

	TAILQ_FOREACH(job, &exec->jobs, link) {
		if (is_allocation(job) && job->serial)
			return true;
	}
	return false;
}

bool
exec_idle(const struct exec *exec)
{
	return TAILQ_EMPTY(&exec->jobs);
}
