/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_EXECUTOR_H
#define DAEMON_EXECUTOR_H

#include "arplet/plan.h"

/*
 * Carries out what a plan wants written to the API: a bounded number of requests at a time, one
 * for each object, the newest wish wins.  What fails is tried again with growing pauses, object
 * by object, so that one that cannot be written delays no other.  A conflict is not an error:
 * the object that caused it arrives by the watch and is decided again.
 */
struct client;
struct ev_loop;
struct executor;

struct executor_ops {
	/* May Services and pools be written now?  Asked right before each is sent. */
	bool (*may_allocate)(void *arg);
	/* A write has ended, accepted or not. */
	void (*on_ended)(void *arg);
};

struct executor_opts {
	const char *node_name;
	const char *pool_ns;
	int64_t allocate_timeout_ms; /* of a write that only the allocator may do */
};

struct executor *executor_new(struct ev_loop *loop, struct client *client,
    const struct executor_opts *opts, const struct executor_ops *ops, void *arg);
void executor_free(struct executor *ex); /* NULL is fine; cancels what is under way */

/*
 * executor_do - take over one action (not ACT_VIP_ELECT, ACT_VIP_WITHDRAW, ACT_HELLO_LINK); copies what it needs.
 */
void executor_do(struct executor *ex, const struct action *act);

/*
 * executor_forget_allocations - this daemon allocates no more: drop what is not yet sent; what is
 * under way is not tried again.
 */
void executor_forget_allocations(struct executor *ex);

/* executor_allocating - is a write under way that only the allocator may do? */
bool executor_allocating(const struct executor *ex);

bool executor_idle(const struct executor *ex); /* all that was asked for is done */

struct executor_stats {
	uint64_t writes[ACTIONS];   /* accepted by the API */
	uint64_t conflicts;         /* decided from an object that had changed since */
	uint64_t errors;            /* refused, or not answered */
	uint64_t events_dropped;    /* too many waited, or refused */
	unsigned int queued, waiting, in_flight;
};
const struct executor_stats *executor_stats(const struct executor *ex);

#endif
