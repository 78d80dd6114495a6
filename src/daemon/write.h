/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WRITE_H
#define DAEMON_WRITE_H

#include "arplet/client.h"
#include "arplet/encode.h"
#include "arplet/plan.h"
#include "batch.h"

/*
 * How an action is written to the API, and what the answer means.  It asks the kernel for a key and
 * the time, no more.
 */

struct write {
	enum verb verb;
	char *path;      /* NULL: nothing */
	char *body;      /* NULL: none */
	const char *content_type; /* NULL: as the client chooses */
	char *then_body; /* for the /status of what a POST makes; NULL: that is all */
	struct batch *batch; /* that the texts lie in; NULL: they are malloc'd */
};

/* Who writes. */
struct write_who {
	const char *node_name, *pool_ns;
};

/* What is written, as /metrics has it; NULL: an action that is no write. */
extern const char *const write_names[ACTIONS];

/* write_of - @serial makes the names of Events unique. */
void write_of(const struct action *act, const struct write_who *who, uint32_t serial,
    struct write *ret_write);
/* write_event - an Event of no time and no host yet; its texts are the action's. */
struct event_body write_event(const struct action *act, uint32_t serial);
/* write_pack - move the texts to a batch. */
void write_pack(struct write *write, struct batch **batches);
void write_done(struct write *write); /* frees; it is empty and may be used again */

/*
 * write_key - what the write is about, malloc'd: two of the same kind with the same key are about
 * the same thing, and the later one is meant.
 */
char *write_key(const struct action *act, uint32_t serial);

/*
 * write_follow_up - @body answered a POST: make @write the patch of the new object's /status.
 * False when there is nothing to follow.
 */
bool write_follow_up(struct write *write, const char *body, size_t len);

enum write_verdict {
	WRITE_ACCEPTED,
	WRITE_MOOT,    /* the object is gone or has changed: the watch brings what is true now */
	WRITE_AGAIN,   /* no answer, or an API server in trouble */
	WRITE_REFUSED, /* a missing permission, say: tried again, but rarely */
};
enum write_verdict write_judge(int http_status);

/*
 * write_pause_ms - how long to wait after the @tries-th failure: 0.1 s doubled up to 30 s, plus
 * up to a quarter by @random, and never less than the server asked for (-1: it did not).
 */
int64_t write_pause_ms(enum write_verdict verdict, unsigned int tries, int64_t retry_after_ms,
    uint32_t random);

#endif
