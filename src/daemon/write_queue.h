/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WRITE_QUEUE_H
#define DAEMON_WRITE_QUEUE_H

#include "arplet/action_plan.h"

/*
 * Carries out the world's actions that write to the API server.
 *
 * The write_queue limits the number of requests in flight, and sends one request at a time for each
 * object.  A later action replaces an earlier action of the same kind on the same object.  Each
 * failed write has its own back-off, so an object that cannot be written does not delay writes of
 * other objects.  A conflict (409) is not retried: a watch delivers the changed object, and the
 * world decides again.
 *
 * The write_queue limits how often it writes one object (core/rate/write_pace.h) and how many
 * Events it writes (core/rate/event_correlator.h), and takes turns between namespaces.
 */
struct client;
struct ev_loop;
struct write_queue;

#define CONFLICTS_MANY 5

struct write_queue_ops {
	/* true if this daemon is allowed to write Services and pools; called before each write */
	bool (*may_allocate)(void *arg);
	/* called after the write_queue has handled a response */
	void (*on_response)(void *arg);
	/* CONFLICTS_MANY writes of this Service in a row got 409 Conflict; NULL: ignore */
	void (*on_conflicts)(void *arg, const char *ns, const char *name);
};

struct write_queue_opts {
	const char *node_name;
	const char *pool_ns;
	int64_t allocate_timeout_ms; /* timeout of requests that only the allocator sends, ms */
};

struct write_queue *write_queue_new(struct ev_loop *loop, struct client *client,
    const struct write_queue_opts *opts, const struct write_queue_ops *ops, void *arg);
void write_queue_free(struct write_queue *wq); /* cancels all requests in flight; NULL is fine */

/*
 * write_queue_do - queue the API write of @act; not for ACT_VIP_ELECT, ACT_VIP_WITHDRAW and
 * ACT_HELLO_LINK, which are no API writes.  The write_queue keeps no pointer to @act.  Returns false if @act is an
 * Event that the write_queue drops, because too many Events are written.
 */
bool write_queue_do(struct write_queue *wq, const struct action *act);

/*
 * write_queue_drop_allocations - drop all queued writes that only the allocator sends.  A request
 * in flight continues, but is not retried after a failure.
 */
void write_queue_drop_allocations(struct write_queue *wq);

/* write_queue_allocating - true if a request that only the allocator sends is in flight. */
bool write_queue_allocating(const struct write_queue *wq);

/*
 * write_queue_idle - true if no write is queued, in flight or due for a retry.  A write that is
 * delayed because its object was written too often does not count, so that it delays no stop.
 */
bool write_queue_idle(const struct write_queue *wq);

struct write_queue_stats {
	uint64_t writes[ACTIONS]; /* writes that the API server accepted */
	uint64_t write_conflicts; /* writes that got 409 (object changed) or 404 (object gone) */
	uint64_t write_errors;    /* writes that the API server refused or did not answer */
	uint64_t writes_delayed;  /* writes that waited because their object was written too often */
	uint64_t events_dropped;  /* Events that were refused, too many, or more than EVENTS_MAX */
	uint64_t events_repeated; /* Events that only changed the count of an earlier Event */
	/* present number of writes in each state */
	unsigned int queued, backing_off, paced, in_flight;
};
const struct write_queue_stats *write_queue_stats(const struct write_queue *wq);

#endif
