/* SPDX-License-Identifier: Apache-2.0 */
#include "write_job.h"

#include "util/clock.h"
#include "util/random.h"

#include <string.h>

const enum queue queue_of[ACTIONS] = {
	[ACT_SERVICE_STATUS] = QUEUE_STATUS,
	[ACT_POOL_STATUS] = QUEUE_OTHER,
	[ACT_SERVICE_CONDITIONS] = QUEUE_OTHER,
	[ACT_CONFIG_CONDITION] = QUEUE_OTHER,
	[ACT_L2STATUS_CREATE] = QUEUE_OTHER,
	[ACT_L2STATUS_DELETE] = QUEUE_OTHER,
	[ACT_SECRET_KEY] = QUEUE_STATUS, /* urgent: no node announces without this Secret */
	[ACT_EVENT] = QUEUE_EVENT,
};

static int
job_cmp(const struct job *a, const struct job *b)
{
	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->key, b->key);
}
RB_GENERATE(jobs, job, link, job_cmp)

bool
job_is_allocation(const struct job *job)
{
	return job->kind == ACT_SERVICE_STATUS || job->kind == ACT_POOL_STATUS ||
	    job->kind == ACT_SERVICE_CONDITIONS || job->kind == ACT_CONFIG_CONDITION;
}

void
job_leave_state(struct job *job)
{
	struct write_queue *wq = job->wq;
	enum queue queue = queue_of[job->kind];

	switch (job->state) {
	case JOB_QUEUED:
		fair_queue_remove(&wq->queues[queue], &job->queued);
		wq->stats.queued--;
		break;
	case JOB_IN_FLIGHT:
		wq->in_flight[queue]--;
		wq->stats.in_flight--;
		break;
	case JOB_BACKING_OFF:
		ev_timer_stop(wq->loop, &job->retry);
		wq->stats.backing_off--;
		break;
	case JOB_PACED:
		ev_timer_stop(wq->loop, &job->retry);
		wq->stats.paced--;
		break;
	}
}

void
job_enqueue(struct job *job)
{
	job->state = JOB_QUEUED;
	job->queued.owner = job;
	fair_queue_add(&job->wq->queues[queue_of[job->kind]], job->owner.ns, &job->queued);
	job->wq->stats.queued++;
}

static void
on_retry(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct job *job = w->data;

	(void)loop, (void)revents;
	job_leave_state(job);
	job_enqueue(job);
	job->wq->on_queued(job->wq);
}

static void
job_wait(struct job *job, enum job_state state, int64_t pause_ms)
{
	job->state = state;
	ev_timer_init(&job->retry, on_retry, (double)pause_ms / 1000, 0);
	job->retry.data = job;
	ev_timer_start(job->wq->loop, &job->retry);
}

void
job_back_off(struct job *job, int64_t pause_ms)
{
	job->wq->stats.backing_off++;
	job_wait(job, JOB_BACKING_OFF, pause_ms);
}

/* An Event is limited by the correlator instead of by its pace. */
void
job_schedule(struct job *job)
{
	struct write_queue *wq = job->wq;
	int64_t wait_ms = 0;

	if (job->kind != ACT_EVENT)
		wait_ms = write_pace_reserve(wq->pace, job->owner.kind, job->owner.ns,
		    job->owner.name, clock_ms(), random_u32());
	job->paused = wait_ms < job->pause_ms;
	if (job->paused)
		wait_ms = job->pause_ms + random_u32() % (job->pause_ms / 4 + 1);
	job->pause_ms = 0;
	if (wait_ms == 0) {
		job_enqueue(job);
		return;
	}
	wq->stats.paced++;
	wq->stats.writes_delayed++;
	job_wait(job, JOB_PACED, wait_ms);
}

struct job *
job_new(struct write_queue *wq, enum action_kind kind, const char *key,
    const struct write_owner *owner)
{
	struct job_arena *job_arena = job_arena_join(&wq->arenas[queue_of[kind]]);
	struct job *job = arena_alloc(&job_arena->mem, sizeof(*job));

	job->wq = wq;
	job->job_arena = job_arena;
	job->kind = kind;
	job->key = arena_strdup(&job_arena->mem, key);
	job->owner.kind = owner->kind; /* a constant of kind_info[] */
	job->owner.ns = arena_strdup(&job_arena->mem, owner->ns);
	job->owner.name = arena_strdup(&job_arena->mem, owner->name);
	RB_INSERT(jobs, &wq->jobs, job);
	wq->n_events += kind == ACT_EVENT;
	return job;
}

void
job_free(struct job *job)
{
	job_leave_state(job);
	RB_REMOVE(jobs, &job->wq->jobs, job);
	if (job->kind == ACT_EVENT)
		job->wq->n_events--;
	api_write_done(&job->write);
	api_write_done(&job->next_write);
	job_arena_leave(job->job_arena);
}

struct job *
job_find(struct write_queue *wq, enum action_kind kind, const char *key)
{
	struct job wanted = { .kind = kind, .key = (char *)key };

	return RB_FIND(jobs, &wq->jobs, &wanted);
}
