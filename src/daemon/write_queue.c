/* SPDX-License-Identifier: Apache-2.0 */
#include "write_queue.h"

#include "arplet/client.h"
#include "api_write.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/random.h"
#include "write_job.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 2000 /* highest number of Events that are queued, in flight or backing off */

/* The limit of requests in flight for each queue. */
static const unsigned int in_flight_max[QUEUES] = { 32, 4, 2 };

/*
 * While writes of addresses are queued for longer than this time, ms, each other queue sends one
 * write at a time, so that a tenant whose Services always need addresses delays no report of others
 * for ever.
 */
#define BLOCKED_MAX_MS 10000

static void send_queued(struct write_queue *wq);

/*
 * Schedule the write that follows the job's write, which has ended; false if no write follows.
 * The next write of an Event needs the Event, which exists if its create was accepted or got 409.
 */
static bool
take_next_write(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	bool exists = job->kind != ACT_EVENT || verdict == WRITE_ACCEPTED || resp->status == 409;

	if (job->next_write.path && exists) {
		api_write_done(&job->write);
		job->write = job->next_write;
		job->next_write = (struct api_write){ 0 };
		job->tries = 0;
		job->no_retry = false;
		job_leave_state(job);
		job_schedule(job);
		return true;
	}
	if (verdict != WRITE_ACCEPTED || !api_write_follow_up(&job->write, resp->body, resp->len))
		return false;
	api_write_pack(&job->write, &job->wq->arenas[queue_of[job->kind]]);
	job_leave_state(job);
	job_enqueue(job); /* the PATCH after a POST belongs to the same write */
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
	job_leave_state(job);
	job_back_off(job,
	    api_write_backoff_ms(verdict, job->tries, resp->retry_after_ms, random_u32()));
}

/* Tell the limits what became of a write that the API server answered. */
static void
count_answer(struct job *job, const struct response *resp, enum api_write_verdict verdict)
{
	struct write_queue *wq = job->wq;
	const struct write_owner *owner = &job->owner;

	wq->stats.writes[job->kind] += verdict == WRITE_ACCEPTED;
	wq->stats.write_conflicts += verdict == WRITE_STALE;
	if (job->kind == ACT_EVENT) {
		if (resp->status == 404)
			event_correlator_forget(wq->correlator, job->event_id);
	} else if (verdict == WRITE_ACCEPTED) {
		write_pace_accepted(wq->pace, owner->kind, owner->ns, owner->name);
	} else if (resp->status == 409) {
		unsigned int n = write_pace_conflict(wq->pace, owner->kind, owner->ns, owner->name,
		    clock_ms());

		if (n == CONFLICTS_MANY && wq->ops.on_conflicts &&
		    (job->kind == ACT_SERVICE_STATUS || job->kind == ACT_SERVICE_CONDITIONS))
			wq->ops.on_conflicts(wq->arg, owner->ns, owner->name);
	}
}

static void
on_written(void *arg, const struct response *resp)
{
	struct job *job = arg;
	struct write_queue *wq = job->wq;
	enum api_write_verdict verdict = api_write_verdict(resp->status);

	job->call = NULL;
	count_answer(job, resp, verdict);
	if (!take_next_write(job, resp, verdict)) {
		if (verdict == WRITE_ACCEPTED || verdict == WRITE_STALE)
			job_free(job);
		else
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
		.want_body = job->write.status_body, /* for api_write_follow_up() */
		.timeout_ms = job_is_allocation(job) ? wq->allocate_timeout_ms : 0,
		.on_response = on_written,
		.arg = job,
	});
}

/*
 * Returns the limit of requests of @queue in flight.  Writes of addresses go first: while such a
 * write is queued, no other write is sent for up to BLOCKED_MAX_MS; while such a write is in flight,
 * each other queue sends one request at a time.
 */
static unsigned int
room(struct write_queue *wq, enum queue queue)
{
	if (queue == QUEUE_STATUS)
		return in_flight_max[queue];
	if (fair_queue_empty(&wq->queues[QUEUE_STATUS])) {
		wq->blocked_ms[queue] = 0;
		return wq->in_flight[QUEUE_STATUS] ? 1 : in_flight_max[queue];
	}
	if (!wq->blocked_ms[queue])
		wq->blocked_ms[queue] = clock_ms();
	return clock_ms() - wq->blocked_ms[queue] < BLOCKED_MAX_MS ? 0 : 1;
}

static void
send_queued(struct write_queue *wq)
{
	for (enum queue queue = 0; queue < QUEUES; queue++) {
		struct fair_item *item;

		while (wq->in_flight[queue] < room(wq, queue) &&
		    (item = fair_queue_first(&wq->queues[queue]))) {
			struct job *job = item->owner;
			bool drop = job_is_allocation(job) && !wq->ops.may_allocate(wq->arg);

			if (drop)
				job_free(job);
			else
				job_send(job);
		}
	}
}

/*
 * Replace the job's write by @write.  If the job's write is in flight, send @write afterwards.  A
 * queued or delayed job keeps its place and its time.  One exception: if the new action has no pause,
 * the pause of the old one ends, for example because the Service was deleted and created again.
 */
static void
job_replace(struct job *job, const struct api_write *write, int64_t pause_ms)
{
	bool pause_ends = job->state == JOB_PACED && job->paused && !pause_ms;
	struct api_write *place = job->state == JOB_IN_FLIGHT ? &job->next_write : &job->write;

	api_write_done(place);
	*place = *write;
	if (job->state != JOB_IN_FLIGHT)
		api_write_done(&job->next_write);
	job->pause_ms = pause_ms;
	if (job->state != JOB_BACKING_OFF && !pause_ends)
		return;
	job->tries = 0;
	job_leave_state(job);
	job_schedule(job);
}

/* Decide what becomes of the Event of @act; false: it is dropped. */
static bool
correlate(struct write_queue *wq, const struct action *act, struct event_fate *ret_fate)
{
	const struct correlated_event event = { kind_info[act->on.kind].kind, act->on.ns,
		act->on.name, act->on.uid, act->u.event.reason, act->u.event.message,
		act->u.event.warning };

	*ret_fate = event_correlate(wq->correlator, &event, clock_ms(), clock_wall_us(), ++wq->serial);
	if (ret_fate->verdict == EVENT_DROP) {
		wq->stats.events_dropped++;
		return false;
	}
	wq->stats.events_repeated += ret_fate->verdict == EVENT_UPDATE;
	return true;
}

/* Queue a write about an object for which no write is pending; false: it is dropped. */
static bool
add_job(struct write_queue *wq, const struct action *act, const char *key,
    const struct event_fate *fate)
{
	struct write_owner owner = api_write_owner(act);
	struct job *job;

	if (act->kind == ACT_EVENT && wq->n_events == EVENTS_MAX) {
		event_correlator_forget(wq->correlator, fate->id);
		wq->stats.events_dropped++;
		return false;
	}
	job = job_new(wq, act->kind, key, &owner);
	api_write_of(act, &wq->writer, fate, &job->write);
	api_write_pack(&job->write, &wq->arenas[queue_of[act->kind]]);
	job->pause_ms = act->pause_ms;
	job->event_id = fate->id;
	job_schedule(job);
	return true;
}

bool
write_queue_do(struct write_queue *wq, const struct action *act)
{
	struct event_fate fate = { 0 };
	struct api_write write;
	struct job *job;
	bool done = true;
	char *key;

	if (act->kind == ACT_EVENT && !correlate(wq, act, &fate))
		return false;
	key = api_write_key(act, &fate);
	job = job_find(wq, act->kind, key);
	if (job) {
		/* an Event whose create was not sent yet is created with the new count */
		if (job->state != JOB_IN_FLIGHT && job->write.verb == VERB_POST)
			fate.verdict = EVENT_CREATE;
		api_write_of(act, &wq->writer, &fate, &write);
		api_write_pack(&write, &wq->arenas[queue_of[act->kind]]);
		job_replace(job, &write, act->pause_ms);
	} else {
		done = add_job(wq, act, key, &fate);
	}
	free(key);
	send_queued(wq);
	return done;
}

void
write_queue_drop_allocations(struct write_queue *wq)
{
	struct job *job, *next;

	RB_FOREACH_SAFE(job, jobs, &wq->jobs, next) {
		if (!job_is_allocation(job))
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
		if (job_is_allocation(job) && job->state == JOB_IN_FLIGHT)
			return true;
	}
	return false;
}

bool
write_queue_idle(const struct write_queue *wq)
{
	return !wq->stats.queued && !wq->stats.in_flight && !wq->stats.backing_off;
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
	wq->on_queued = send_queued;
	wq->pace = write_pace_new(random_u32());
	wq->correlator = event_correlator_new(random_u32());
	for (int queue = 0; queue < QUEUES; queue++)
		fair_queue_init(&wq->queues[queue]);
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
	write_pace_free(wq->pace);
	event_correlator_free(wq->correlator);
	free((char *)wq->writer.node_name);
	free((char *)wq->writer.pool_ns);
	free(wq);
}
