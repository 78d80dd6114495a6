/* SPDX-License-Identifier: Apache-2.0 */
#include "executor.h"

#include "arplet/client.h"
#include "arplet/decode.h"
#include "util/log.h"
#include "api_write.h"
#include "util/random.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 2000

/* What is sent first when several wait, and how many of it at a time. */
enum lane { LANE_STATUS, LANE_OTHER, LANE_EVENT, LANES };
static const unsigned int lane_width[LANES] = { 32, 4, 2 };
static const enum lane lane_of[ACTIONS] = {
	[ACT_SERVICE_STATUS] = LANE_STATUS,
	[ACT_POOL_STATUS] = LANE_OTHER,
	[ACT_SERVICE_CONDITIONS] = LANE_OTHER,
	[ACT_CONFIG_CONDITION] = LANE_OTHER,
	[ACT_L2STATUS_CREATE] = LANE_OTHER,
	[ACT_L2STATUS_DELETE] = LANE_OTHER,
	[ACT_SECRET_CREATE] = LANE_STATUS, /* one, and nobody announces without it */
	[ACT_EVENT] = LANE_EVENT,
};

enum job_state { JOB_QUEUED, JOB_SENT, JOB_WAITING };

/* One write.  Those about the same object and of the same kind replace each other. */
struct job {
	RB_ENTRY(job) link;
	TAILQ_ENTRY(job) queued;
	struct executor *ex;
	struct job_arena *job_arena; /* that it lies in */
	enum action_kind kind;
	char *key; /* "NS/NAME", what the write is about; unique for each Event */
	enum job_state state;
	struct api_write now, newer; /* newer: a later wish, while one is under way */
	unsigned int tries;
	bool forgotten; /* under way since before we ceased to allocate: not tried again */
	struct call *call;
	ev_timer retry;
};
RB_HEAD(jobs, job);

struct executor {
	struct ev_loop *loop;
	struct client *client;
	struct api_writer who;
	int64_t allocate_timeout_ms;
	struct executor_ops ops;
	void *arg;
	struct jobs jobs;
	struct job_arena *batches[LANES]; /* apart: each lane empties in its order, at its pace */
	TAILQ_HEAD(, job) queue[LANES];
	unsigned int sent[LANES];
	unsigned int n_events;
	uint32_t serial;
	struct executor_stats stats;
};

static int
job_cmp(const struct job *a, const struct job *b)
{
	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->key, b->key);
}
RB_PROTOTYPE(jobs, job, link, job_cmp)
RB_GENERATE(jobs, job, link, job_cmp)

static bool
is_allocation(const struct job *job)
{
	return job->kind == ACT_SERVICE_STATUS || job->kind == ACT_POOL_STATUS ||
	    job->kind == ACT_SERVICE_CONDITIONS || job->kind == ACT_CONFIG_CONDITION;
}

static void run(struct executor *ex);

/* Takes the job out of where its state has it. */
static void
job_leave(struct job *job)
{
	struct executor *ex = job->ex;
	enum lane lane = lane_of[job->kind];

	switch (job->state) {
	case JOB_QUEUED:
		TAILQ_REMOVE(&ex->queue[lane], job, queued);
		ex->stats.queued--;
		break;
	case JOB_SENT:
		ex->sent[lane]--;
		ex->stats.in_flight--;
		break;
	case JOB_WAITING:
		ev_timer_stop(ex->loop, &job->retry);
		ex->stats.waiting--;
		break;
	}
}

static void
job_enqueue(struct job *job)
{
	job->state = JOB_QUEUED;
	TAILQ_INSERT_TAIL(&job->ex->queue[lane_of[job->kind]], job, queued);
	job->ex->stats.queued++;
}

static void
job_free(struct job *job)
{
	job_leave(job);
	RB_REMOVE(jobs, &job->ex->jobs, job);
	if (job->kind == ACT_EVENT)
		job->ex->n_events--;
	api_write_done(&job->now);
	api_write_done(&job->newer);
	job_arena_leave(job->job_arena);
}

static void
on_retry(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct job *job = w->data;

	(void)loop, (void)revents;
	job_leave(job);
	job_enqueue(job);
	run(job->ex);
}

static void
job_wait(struct job *job, int64_t pause_ms)
{
	struct executor *ex = job->ex;

	job_leave(job);
	job->state = JOB_WAITING;
	ex->stats.waiting++;
	ev_timer_init(&job->retry, on_retry, (double)pause_ms / 1000, 0);
	job->retry.data = job;
	ev_timer_start(ex->loop, &job->retry);
}

/* What comes after an accepted write of this job, if anything: then it is job->now. */
static bool
has_more(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	if (job->newer.path) {
		api_write_done(&job->now);
		job->now = job->newer;
		job->newer = (struct api_write){ 0 };
		job->tries = 0;
		job->forgotten = false;
		return true;
	}
	if (verdict != WRITE_ACCEPTED || !api_write_follow_up(&job->now, resp->body, resp->len))
		return false;
	api_write_pack(&job->now, &job->ex->batches[lane_of[job->kind]]);
	return true;
}

/*
 * Will it never be tried again?  An Event that is refused: its namespace is on its way out, say.
 * What was decided under an earlier Lease: the address may have been given to another since.
 */
static bool
is_hopeless(const struct job *job, enum api_write_verdict verdict)
{
	return job->forgotten || (job->kind == ACT_EVENT && verdict == WRITE_REFUSED);
}

static void
job_fail(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	bool drop = is_hopeless(job, verdict);
	char status[16];

	job->ex->stats.errors++;
	snprintf(status, sizeof(status), "%d", resp->status);
	log_warn(drop ? "the API did not accept a write"
		      : "the API did not accept a write; it is tried again",
	    "object", job->key, "path", job->now.path, "status", status, "error", resp->message, NULL);
	if (drop) {
		job->ex->stats.events_dropped += job->kind == ACT_EVENT;
		job_free(job);
		return;
	}
	job_wait(job, api_write_pause_ms(verdict, job->tries, resp->retry_after_ms, random_u32()));
}

static void
on_written(void *arg, const struct response *resp)
{
	struct job *job = arg;
	struct executor *ex = job->ex;
	enum api_write_verdict verdict = api_write_judge(resp->status);

	job->call = NULL;
	ex->stats.writes[job->kind] += verdict == WRITE_ACCEPTED;
	ex->stats.conflicts += verdict == WRITE_STALE;
	if (has_more(job, resp, verdict)) {
		job_leave(job);
		job_enqueue(job);
	} else if (verdict == WRITE_ACCEPTED || verdict == WRITE_STALE) {
		job_free(job);
	} else {
		job_fail(job, resp, verdict);
	}
	run(ex);
	ex->ops.on_ended(ex->arg);
}

static void
job_send(struct job *job)
{
	struct executor *ex = job->ex;

	job_leave(job);
	job->state = JOB_SENT;
	ex->sent[lane_of[job->kind]]++;
	ex->stats.in_flight++;
	job->tries++;
	job->call = client_request(ex->client, &(struct request){
		.verb = job->now.verb,
		.path = job->now.path,
		.body = job->now.body,
		.content_type = job->now.content_type,
		.timeout_ms = is_allocation(job) ? ex->allocate_timeout_ms : 0,
		.on_response = on_written,
		.arg = job,
	});
}

/*
 * How many of @lane may be under way: the rest makes room while addresses are being written, and
 * waits altogether while more of these wait than may be under way.
 */
static unsigned int
lane_room(const struct executor *ex, enum lane lane)
{
	if (lane == LANE_STATUS)
		return lane_width[lane];
	if (!TAILQ_EMPTY(&ex->queue[LANE_STATUS]))
		return 0;
	return ex->sent[LANE_STATUS] ? 1 : lane_width[lane];
}

static void
run(struct executor *ex)
{
	for (enum lane lane = 0; lane < LANES; lane++) {
		struct job *job;

		while (ex->sent[lane] < lane_room(ex, lane) &&
		    (job = TAILQ_FIRST(&ex->queue[lane]))) {
			if (is_allocation(job) && !ex->ops.may_allocate(ex->arg))
				job_free(job);
			else
				job_send(job);
		}
	}
}

/* A newer wish about the same object takes the place of the old, or comes after what is sent. */
static void
job_replace(struct job *job, struct api_write *api_write)
{
	struct api_write *place = job->state == JOB_SENT ? &job->newer : &job->now;

	api_write_done(place);
	*place = *api_write;
	if (job->state == JOB_SENT)
		return;
	job->tries = 0;
	job_leave(job);
	job_enqueue(job);
}

static struct job *
job_new(struct executor *ex, enum action_kind kind, const char *key)
{
	struct job_arena *job_arena = job_arena_join(&ex->batches[lane_of[kind]]);
	struct job *job = arena_alloc(&job_arena->mem, sizeof(*job));

	job->ex = ex;
	job->job_arena = job_arena;
	job->kind = kind;
	job->key = arena_strdup(&job_arena->mem, key);
	RB_INSERT(jobs, &ex->jobs, job);
	ex->n_events += kind == ACT_EVENT;
	return job;
}

void
executor_do(struct executor *ex, const struct action *act)
{
	struct job like = { .kind = act->kind }, *job;
	struct api_write api_write;

	if (act->kind == ACT_EVENT && ex->n_events == EVENTS_MAX) {
		ex->stats.events_dropped++;
		return;
	}
	api_write_of(act, &ex->who, ++ex->serial, &api_write);
	api_write_pack(&api_write, &ex->batches[lane_of[act->kind]]);
	like.key = api_write_key(act, ex->serial);
	job = RB_FIND(jobs, &ex->jobs, &like);
	if (job) {
		job_replace(job, &api_write);
	} else {
		job = job_new(ex, act->kind, like.key);
		job->now = api_write;
		job_enqueue(job);
	}
	free(like.key);
	run(ex);
}

void
executor_forget_allocations(struct executor *ex)
{
	struct job *job, *next;

	RB_FOREACH_SAFE(job, jobs, &ex->jobs, next) {
		if (!is_allocation(job))
			continue;
		api_write_done(&job->newer);
		if (job->state == JOB_SENT)
			job->forgotten = true;
		else
			job_free(job);
	}
}

bool
executor_allocating(const struct executor *ex)
{
	struct job *job;

	RB_FOREACH(job, jobs, (struct jobs *)&ex->jobs) {
		if (is_allocation(job) && job->state == JOB_SENT)
			return true;
	}
	return false;
}

bool
executor_idle(const struct executor *ex)
{
	return RB_EMPTY(&ex->jobs);
}

const struct executor_stats *
executor_stats(const struct executor *ex)
{
	return &ex->stats;
}

struct executor *
executor_new(struct ev_loop *loop, struct client *client, const struct executor_opts *opts,
    const struct executor_ops *ops, void *arg)
{
	struct executor *ex = xcalloc(1, sizeof(*ex));

	ex->loop = loop;
	ex->client = client;
	ex->who.node_name = xstrdup(opts->node_name);
	ex->who.pool_ns = xstrdup(opts->pool_ns);
	ex->allocate_timeout_ms = opts->allocate_timeout_ms;
	ex->ops = *ops;
	ex->arg = arg;
	for (int lane = 0; lane < LANES; lane++)
		TAILQ_INIT(&ex->queue[lane]);
	return ex;
}

void
executor_free(struct executor *ex)
{
	struct job *job, *next;

	if (!ex)
		return;
	RB_FOREACH_SAFE(job, jobs, &ex->jobs, next) {
		call_cancel(job->call);
		job_free(job);
	}
	free((char *)ex->who.node_name);
	free((char *)ex->who.pool_ns);
	free(ex);
}
