/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_H
#define HISTORY_H

#include "api.h"

/*
 * The daemons of a random history, with their watches, which are late, and their requests, which
 * take a while.  Beside each daemon's world lives a twin that is told the same and decides
 * everything anew each time: both must come to the same result.
 */
#define DAEMONS 2
#define QUEUE_MAX 1024

/* What a daemon has asked of the API and is under way. */
struct request {
	struct arena mem;
	struct action act;
};

struct daemon {
	struct world *world, *twin;
	const char *node;
	bool allocator, listed[KINDS];
	char *events[KINDS][QUEUE_MAX]; /* of each watch, not yet seen */
	size_t n_events[KINDS];
	struct request requests[QUEUE_MAX];
	size_t n_requests;
};

struct history {
	uint32_t seed, random;
	int step;
	bool tell, calm, edits;
	struct api api;
	struct daemon daemons[DAEMONS];
};
extern struct history hist;

/* history_pick - a random number below @n. */
uint32_t history_pick(uint32_t n);

/* history_check - ends the program, and tells how to see it again, unless @wrong is NULL. */
void history_check(const char *wrong, const char *what);

/* history_on_change - for api_init: every watch gets the event, and passes it on later. */
void history_on_change(void *arg, const char *event);

/* daemon_start - anew, with or without lists; not the allocator. */
void daemon_start(struct daemon *d, bool listed);
void daemon_stop(struct daemon *d);
/* daemon_deliver - the next @n events of a watch are seen. */
void daemon_deliver(struct daemon *d, int kind, size_t n);
/* daemon_list - a watch ends, and a list takes its place. */
void daemon_list(struct daemon *d, int kind);
/* daemon_arrive - its oldest request reaches the API, perhaps twice; or is lost. */
void daemon_arrive(struct daemon *d, bool lost);
/* daemon_allocates - the Lease is its own from now on, or no more. */
void daemon_allocates(struct daemon *d, bool allocator);
/* daemon_decide - one pass of both worlds; returns how much there was to do. */
size_t daemon_decide(struct daemon *d);

#endif
