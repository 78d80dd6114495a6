/* SPDX-License-Identifier: Apache-2.0 */
#include "write_queue.h"

#include "arplet/client.h"
#include "arplet/decode.h"
#include "api_write.h"
#include "util/log.h"
#include "util/random.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 2000 /* highest number of Events that are queued, in flight or backing off */

/* The queues, highest priority first; and for each queue its limit of requests in flight. */
enum queue { QUEUE_STATUS, QUEUE_OTHER, QUEUE_EVENT, QUEUES };
static const unsigned int in_flight_max[QUEUES] = { 32, 4, 2 };
static const enum queue queue_of[ACTIONS] = {
	[ACT_SERVICE_STATUS] = QUEUE_STATUS,
	[ACT_POOL_STATUS] = QUEUE_OTHER,
	[ACT_SERVICE_CONDITIONS] = QUEUE_OTHER,
	[ACT_CONFIG_CONDITION] = QUEUE_OTHER,
	[ACT_L2STATUS_CREATE] = QUEUE_OTHER,
	[ACT_L2STATUS_DELETE] = QUEUE_OTHER,
	[ACT_SECRET_CREATE] = QUEUE_STATUS, /* urgent: no node announces without this Secret */
	[ACT_EVENT] = QUEUE_EVENT,
};

enum job_state { JOB_QUEUED, JOB_IN_FLIGHT, JOB_BACKING_OFF };

/* The pending write of one object; a later action of the same kind on the object replaces it. */
struct job {
	RB_ENTRY(job) link;
	TAILQ_ENTRY(job) queued; /* link in the list of queued jobs; only in state JOB_QUEUED */
	struct write_queue *wq;
	struct job_arena *job_arena; /* the memory block that contains this struct and @key */
	enum action_kind kind;
	char *key; /* api_write_key() of the object that the job writes */
	enum job_state state;
	struct api_write write;
	struct api_write next_write; /* the write to send after @write has ended; path NULL: none */
	unsigned int tries;
	bool no_retry; /* @write was in flight during write_queue_drop_allocations() */
	struct call *call;
	ev_timer retry;
};
RB_HEAD(jobs, job);

struct write_queue {
	struct ev_loop *loop;
	struct client *client;
	struct api_writer writer;
	int64_t allocate_timeout_ms;
	struct write_queue_ops ops;
	void *arg;
	struct jobs jobs;
	struct job_arena *arenas[QUEUES]; /* one for each queue: queues empty at different speeds */
	TAILQ_HEAD(, job) queues[QUEUES];
	unsigned int in_flight[QUEUES];
	unsigned int n_events;
	uint32_t serial; /* number of actions so far; each Event's name contains it */
	struct write_queue_stats stats;
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

static void send_queued(struct write_queue *wq);

/* End the job's state: remove the job from its queue or from the counters, or stop its timer. */
static void
job_leave_state(struct job *job)
{
	struct write_queue *wq = job->wq;
	enum queue queue = queue_of[job->kind];

	switch (job->state) {
	case JOB_QUEUED:
		TAILQ_REMOVE(&wq->queues[queue], job, queued);
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
	}
}

static void
job_enqueue(struct job *job)
{
	job->state = JOB_QUEUED;
	TAILQ_INSERT_TAIL(&job->wq->queues[queue_of[job->kind]], job, queued);
	job->wq->stats.queued++;
}

static void
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

static void
on_retry(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct job *job = w->data;

	(void)loop, (void)revents;
	job_leave_state(job);
	job_enqueue(job);
	send_queued(job->wq);
}

static void
job_back_off(struct job *job, int64_t pause_ms)
{
	struct write_queue *wq = job->wq;

	job_leave_state(job);
	job->state = JOB_BACKING_OFF;
	wq->stats.backing_off++;
	ev_timer_init(&job->retry, on_retry, (double)pause_ms / 1000, 0);
	job->retry.data = job;
	ev_timer_start(wq->loop, &job->retry);
}

/* Replace the job's write, which has ended, by the next write; false if there is no next write. */
static bool
take_next_write(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	if (job->next_write.path) {
		api_write_done(&job->write);
		job->write = job->next_write;
		job->next_write = (struct api_write){ 0 };
		job->tries = 0;
		job->no_retry = false;
		return true;
	}
	if (verdict != WRITE_ACCEPTED || !api_write_follow_up(&job->write, resp->body, resp->len))
		return false;
	api_write_pack(&job->write, &job->wq->arenas[queue_of[job->kind]]);
	return true;
}

/*
 * Retry a failed write later, with two exceptions.  A refused Event is dropped, because its
 * namespace is probably being deleted.  A write with no_retry is dropped, because another allocator
 * could have allocated the address after this daemon lost the Lease.
 */
static void
job_fail(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	bool drop = job->no_retry || (job->kind == ACT_EVENT && verdict == WRITE_REFUSED);
	char status[16];

	job->wq->stats.write_errors++;
	snprintf(status, sizeof(status), "%d", resp->status);
	log_warn(drop ? "the API server did not accept a write"
		      : "the API server did not accept a write; it will be retried",
	    "object", job->key, "path", job->write.path, "status", status, "error", resp->message,
	    NULL);
	if (drop) {
		job->wq->stats.events_dropped += job->kind == ACT_EVENT;
		job_free(job);
		return;
	}
	job_back_off(job,
	    api_write_backoff_ms(verdict, job->tries, resp->retry_after_ms, random_u32()));
}

static void
on_written(void *arg, const struct response *resp)
{
	struct job *job = arg;
	struct write_queue *wq = job->wq;
	enum api_write_verdict verdict = api_write_verdict(resp->status);

	job->call = NULL;
	wq->stats.writes[job->kind] += verdict == WRITE_ACCEPTED;
	wq->stats.write_conflicts += verdict == WRITE_STALE;
	if (take_next_write(job, resp, verdict)) {
		job_leave_state(job);
		job_enqueue(job);
	} else if (verdict == WRITE_ACCEPTED || verdict == WRITE_STALE) {
		job_free(job);
	} else {
		job_fail(job, resp, verdict);
	}
	send_queued(wq);
	wq->ops.on_response(wq->arg);
}

static void
job_send(struct job *job)
{
	struct write_queue *wq = job->wq;

	job_leave_state(job);
	job->state = JOB_IN_FLIGHT;
	wq->in_flight[queue_of[job->kind]]++;
	wq->stats.in_flight++;
	job->tries++;
	job->call = client_request(wq->client, &(struct request){
		.verb = job->write.verb,
		.path = job->write.path,
		.body = job->write.body,
		.content_type = job->write.content_type,
		.timeout_ms = is_allocation(job) ? wq->allocate_timeout_ms : 0,
		.on_response = on_written,
		.arg = job,
	});
}

/*
 * Returns the limit of requests of @queue in flight.  Writes of addresses go first: while such a
 * write is queued, no other write is sent; while such a write is in flight, each other queue sends
 * one request at a time.
 */
static unsigned int
room(const struct write_queue *wq, enum queue queue)
{
	if (queue == QUEUE_STATUS)
		return in_flight_max[queue];
	if (!TAILQ_EMPTY(&wq->queues[QUEUE_STATUS]))
		return 0;
	return wq->in_flight[QUEUE_STATUS] ? 1 : in_flight_max[queue];
}

static void
send_queued(struct write_queue *wq)
{
	for (enum queue queue = 0; queue < QUEUES; queue++) {
		struct job *job;

		while (wq->in_flight[queue] < room(wq, queue) &&
		    (job = TAILQ_FIRST(&wq->queues[queue]))) {
			if (is_allocation(job) && !wq->ops.may_allocate(wq->arg))
				job_free(job);
			else
				job_send(job);
		}
	}
}

/* Replace the job's write by @write.  If the job's write is in flight, send @write afterwards. */
static void
job_replace(struct job *job, const struct api_write *write)
{
	struct api_write *place = job->state == JOB_IN_FLIGHT ? &job->next_write : &job->write;

	api_write_done(place);
	*place = *write;
	if (job->state == JOB_IN_FLIGHT)
		return;
	job->tries = 0;
	job_leave_state(job);
	job_enqueue(job);
}

static struct job *
job_new(struct write_queue *wq, enum action_kind kind, const char *key)
{
	struct job_arena *job_arena = job_arena_join(&wq->arenas[queue_of[kind]]);
	struct job *job = arena_alloc(&job_arena->mem, sizeof(*job));

	job->wq = wq;
	job->job_arena = job_arena;
	job->kind = kind;
	job->key = arena_strdup(&job_arena->mem, key);
	RB_INSERT(jobs, &wq->jobs, job);
	wq->n_events += kind == ACT_EVENT;
	return job;
}

void
write_queue_do(struct write_queue *wq, const struct action *act)
{
	struct job key = { .kind = act->kind }, *job;
	struct api_write write;

	if (act->kind == ACT_EVENT && wq->n_events == EVENTS_MAX) {
		wq->stats.events_dropped++;
		return;
	}
	api_write_of(act, &wq->writer, ++wq->serial, &write);
	api_write_pack(&write, &wq->arenas[queue_of[act->kind]]);
	key.key = api_write_key(act, wq->serial);
	job = RB_FIND(jobs, &wq->jobs, &key);
	if (job) {
		job_replace(job, &write);
	} else {
		job = job_new(wq, act->kind, key.key);
		job->write = write;
		job_enqueue(job);
	}
	free(key.key);
	send_queued(wq);
}

void
write_queue_drop_allocations(struct write_queue *wq)
{
	struct job *job, *next;

	RB_FOREACH_SAFE(job, jobs, &wq->jobs, next) {
		if (!is_allocation(job))
			continue;
		api_write_done(&job->next_write);
		if (job->state == JOB_IN_FLIGHT)
			job->no_retry = true;
		else
			job_free(job);
	}
}

bool
write_queue_allocating(const struct write_queue *wq)
{
	struct job *job;

	RB_FOREACH(job, jobs, (struct jobs *)&wq->jobs) {
		if (is_allocation(job) && job->state == JOB_IN_FLIGHT)
			return true;
	}
	return false;
}

bool
write_queue_idle(const struct write_queue *wq)
{
	return RB_EMPTY(&wq->jobs);
}

const struct write_queue_stats *
write_queue_stats(const struct write_queue *wq)
{
	return &wq->stats;
}

struct write_queue *
write_queue_new(struct ev_loop *loop, struct client *client, const struct write_queue_opts *opts,
    const struct write_queue_ops *ops, void *arg)
{
	struct write_queue *wq = xcalloc(1, sizeof(*wq));

	wq->loop = loop;
	wq->client = client;
	wq->writer.node_name = xstrdup(opts->node_name);
	wq->writer.pool_ns = xstrdup(opts->pool_ns);
	wq->allocate_timeout_ms = opts->allocate_timeout_ms;
	wq->ops = *ops;
	wq->arg = arg;
	for (int queue = 0; queue < QUEUES; queue++)
		TAILQ_INIT(&wq->queues[queue]);
	return wq;
}

void
write_queue_free(struct write_queue *wq)
{
	struct job *job, *next;

	if (!wq)
		return;
	RB_FOREACH_SAFE(job, jobs, &wq->jobs, next) {
		call_cancel(job->call);
		job_free(job);
	}
	free((char *)wq->writer.node_name);
	free((char *)wq->writer.pool_ns);
	free(wq);
}
