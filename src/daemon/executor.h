/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_EXECUTOR_H
#define DAEMON_EXECUTOR_H

#include "arplet/plan.h"

/*
 * Writes the actions of plans to the API server.
 *
 * The executor sends a bounded number of requests at a time, and one at a time for each object.  A
 * later action on the same object replaces an earlier one.  A failed write is retried after a
 * back-off of its own, so that an object that cannot be written delays no other.  A conflict (409)
 * is no error: the watch brings the changed object, and the world decides again.
 */
struct client;
struct ev_loop;
struct executor;

struct executor_ops {
	/* true if this daemon may write Services and pools; called right before each request */
	bool (*may_allocate)(void *arg);
	/* called after each response, and after the executor has handled it */
	void (*on_response)(void *arg);
};

struct executor_opts {
	const char *node_name;
	const char *pool_ns;
	int64_t allocate_timeout_ms; /* timeout of a request that only the allocator may send */
};

struct executor *executor_new(struct ev_loop *loop, struct client *client,
    const struct executor_opts *opts, const struct executor_ops *ops, void *arg);
void executor_free(struct executor *ex); /* NULL is fine; cancels the requests in flight */

/*
 * executor_do - write @act to the API server, which may be any action but ACT_VIP_ELECT,
 * ACT_VIP_WITHDRAW and ACT_HELLO_LINK.  The executor copies what it needs of @act.
 */
void executor_do(struct executor *ex, const struct action *act);

/*
 * executor_drop_allocations - drop the writes that only the allocator may do.  Requests in flight
 * end, but are not retried.
 */
void executor_drop_allocations(struct executor *ex);

/* executor_allocating - true if a request is in flight that only the allocator may send. */
bool executor_allocating(const struct executor *ex);

/* executor_idle - true if no write is queued, in flight or due for a retry. */
bool executor_idle(const struct executor *ex);

struct executor_stats {
	uint64_t writes[ACTIONS]; /* writes that the API server accepted */
	uint64_t write_conflicts; /* writes of objects that had changed (409) or were gone (404) */
	uint64_t write_errors;    /* writes that were refused, or had no response */
	uint64_t events_dropped;  /* Events that were refused, or exceeded EVENTS_MAX */
	unsigned int queued, backing_off, in_flight; /* writes that are in this state now */
};
const struct executor_stats *executor_stats(const struct executor *ex);

#endif
