/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WRITE_JOB_H
#define DAEMON_WRITE_JOB_H

#include "api_write.h"
#include "core/rate/fair_queue.h"
#include "core/rate/write_pace.h"
#include "write_queue.h"

#include <bsd/sys/tree.h>
#include <ev.h>

/* The jobs of the write_queue, their states, and their queues; private to the write_queue. */

/* The queues, highest priority first. */
enum queue { QUEUE_STATUS, QUEUE_OTHER, QUEUE_EVENT, QUEUES };
extern const enum queue queue_of[ACTIONS];

enum job_state {
	JOB_QUEUED,
	JOB_IN_FLIGHT,
	JOB_BACKING_OFF, /* the last attempt failed */
	JOB_PACED,       /* the object was written too often lately (core/rate/write_pace.h) */
};

/* The pending write of one object; a later action of the same kind on the object replaces it. */
struct job {
	RB_ENTRY(job) link;
	struct fair_item queued; /* only in state JOB_QUEUED */
	struct write_queue *wq;
	struct job_arena *job_arena; /* the memory block with this struct, @key and @owner */
	enum action_kind kind;
	char *key; /* api_write_key() of the object that the job writes */
	struct write_owner owner;
	enum job_state state;
	struct api_write write;
	struct api_write next_write; /* the write to send after @write has ended; path NULL: none */
	int64_t pause_ms; /* the action's pause_ms; 0 after the pause has begun */
	bool paused;      /* the state JOB_PACED is the pause of an action */
	uint64_t event_id; /* event_fate.id of an Event */
	unsigned int tries;
	bool no_retry; /* @write was in flight during write_queue_drop_allocations() */
	struct call *call;
	ev_timer retry; /* the end of the state JOB_BACKING_OFF or JOB_PACED */
};
RB_HEAD(jobs, job);

struct write_queue {
	struct ev_loop *loop;
	struct client *client;
	struct api_writer writer;
	int64_t allocate_timeout_ms;
	struct write_queue_ops ops;
	void *arg;
	void (*on_queued)(struct write_queue *wq); /* a job came to its queue from a timer */
	struct jobs jobs;
	struct job_arena *arenas[QUEUES]; /* one for each queue: queues empty at different speeds */
	struct fair_queue queues[QUEUES];
	int64_t blocked_ms[QUEUES]; /* since when QUEUE_STATUS blocks the queue; 0: it does not */
	unsigned int in_flight[QUEUES];
	unsigned int n_events;
	uint32_t serial; /* number of Events so far; each Event's name contains it */
	struct write_pace *pace;
	struct event_correlator *correlator;
	struct write_queue_stats stats;
};

RB_PROTOTYPE(jobs, job, link, job_cmp)

struct job *job_new(struct write_queue *wq, enum action_kind kind, const char *key,
    const struct write_owner *owner);
void job_free(struct job *job);
struct job *job_find(struct write_queue *wq, enum action_kind kind, const char *key);

/* job_is_allocation - true if only the allocator sends the job's write. */
bool job_is_allocation(const struct job *job);

/* job_leave_state - end the job's state; the caller then gives the job its next state. */
void job_leave_state(struct job *job);
/* job_enqueue - put the job, whose state was left, into its queue. */
void job_enqueue(struct job *job);
/* job_schedule - put the job, whose state was left, into its queue, now or when its pace permits. */
void job_schedule(struct job *job);
/* job_back_off - put the job, whose state was left, into its queue after @pause_ms. */
void job_back_off(struct job *job, int64_t pause_ms);

#endif
