/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WRITE_QUEUE_H
#define DAEMON_WRITE_QUEUE_H

#include "arplet/action_plan.h"

/*
 * Writes the actions of plans to the API server.
 *
 * The write_queue sends a bounded number of requests at a time, and one at a time for each object.  A
 * later action on the same object replaces an earlier one.  A failed write is retried after a
 * back-off of its own, so that an object that cannot be written delays no other.  A conflict (409)
 * is no error: the watch brings the changed object, and the world decides again.
 */
struct client;
struct ev_loop;
struct write_queue;

struct write_queue_ops {
	/* true if this daemon may write Services and pools; called right before each request */
	bool (*may_allocate)(void *arg);
	/* called after each response, and after the write_queue has handled it */
	void (*on_response)(void *arg);
};

struct write_queue_opts {
	const char *node_name;
	const char *pool_ns;
	int64_t allocate_timeout_ms; /* timeout of a request that only the allocator may send */
};

struct write_queue *write_queue_new(struct ev_loop *loop, struct client *client,
    const struct write_queue_opts *opts, const struct write_queue_ops *ops, void *arg);
void write_queue_free(struct write_queue *ex); /* NULL is fine; cancels the requests in flight */

/*
 * write_queue_do - write @act to the API server, which may be any action but ACT_VIP_ELECT,
 * ACT_VIP_WITHDRAW and ACT_HELLO_LINK.  The write_queue copies what it needs of @act.
 */
void write_queue_do(struct write_queue *ex, const struct action *act);

/*
 * write_queue_drop_allocations - drop the writes that only the allocator may do.  Requests in flight
 * end, but are not retried.
 */
void write_queue_drop_allocations(struct write_queue *ex);

/* write_queue_allocating - true if a request is in flight that only the allocator may send. */
bool write_queue_allocating(const struct write_queue *ex);

/* write_queue_idle - true if no write is queued, in flight or due for a retry. */
bool write_queue_idle(const struct write_queue *ex);

struct write_queue_stats {
	uint64_t writes[ACTIONS]; /* writes that the API server accepted */
	uint64_t write_conflicts; /* writes of objects that had changed (409) or were gone (404) */
	uint64_t write_errors;    /* writes that were refused, or had no response */
	uint64_t events_dropped;  /* Events that were refused, or exceeded EVENTS_MAX */
	unsigned int queued, backing_off, in_flight; /* writes that are in this state now */
};
const struct write_queue_stats *write_queue_stats(const struct write_queue *ex);

#endif
