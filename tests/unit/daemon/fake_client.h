/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_CLIENT_H
#define FAKE_CLIENT_H

#include "arplet/client.h"

#include <ev.h>
#include <sys/queue.h>

/* An API client that sends nothing: the tested code makes API calls, and the test answers them. */
struct call {
	TAILQ_ENTRY(call) link;
	struct request req;
	char *path, *body;
};

extern struct fake_client {
	TAILQ_HEAD(calls, call) open; /* unanswered calls, oldest first */
	unsigned int n_open, n_made;
} fake;

void fake_init(void);

/* answer, answer_full - answer @call with a response, and free @call. */
void answer(struct call *call, int status);
void answer_full(struct call *call, int status, int64_t retry_after_ms, const char *body);
void accept_all(void);

/* open_call - return the oldest unanswered call whose path contains @text, or NULL. */
struct call *open_call(const char *text);

/* run_for - run the event loop for @ms milliseconds. */
void run_for(struct ev_loop *loop, int64_t ms);

#endif
