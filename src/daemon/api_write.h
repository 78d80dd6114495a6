/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WRITE_H
#define DAEMON_WRITE_H

#include "arplet/client.h"
#include "arplet/encode.h"
#include "arplet/plan.h"
#include "job_arena.h"

/*
 * How an action is written to the API, and what the answer means.  It asks the kernel for a key and
 * the time, no more.
 */

struct api_write {
	enum verb verb;
	char *path;      /* NULL: nothing */
	char *body;      /* NULL: none */
	const char *content_type; /* NULL: as the client chooses */
	char *then_body; /* for the /status of what a POST makes; NULL: that is all */
	struct job_arena *job_arena; /* that the texts lie in; NULL: they are malloc'd */
};

/* Who writes. */
struct api_writer {
	const char *node_name, *pool_ns;
};

/* What is written, as /metrics has it; NULL: an action that is no write. */
extern const char *const api_write_names[ACTIONS];

/* api_write_of - @serial makes the names of Events unique. */
void api_write_of(const struct action *act, const struct api_writer *who, uint32_t serial,
    struct api_write *ret_write);
/* api_write_pack - move the texts to a batch. */
void api_write_pack(struct api_write *api_write, struct job_arena **batches);
void api_write_done(struct api_write *api_write); /* frees; it is empty and may be used again */

/*
 * api_write_key - what the write is about, malloc'd: two of the same kind with the same key are about
 * the same thing, and the later one is meant.
 */
char *api_write_key(const struct action *act, uint32_t serial);

/*
 * api_write_follow_up - @body answered a POST: make @api_write the patch of the new object's /status.
 * False when there is nothing to follow.
 */
bool api_write_follow_up(struct api_write *api_write, const char *body, size_t len);

enum api_write_verdict {
	WRITE_ACCEPTED,
	WRITE_STALE,    /* the object is gone or has changed: the watch brings what is true now */
	WRITE_RETRY,   /* no answer, or an API server in trouble */
	WRITE_REFUSED, /* a missing permission, say: tried again, but rarely */
};
enum api_write_verdict api_write_judge(int http_status);

/*
 * api_write_pause_ms - how long to wait after the @tries-th failure: 0.1 s doubled up to 30 s, plus
 * up to a quarter by @random, and never less than the server asked for (-1: it did not).
 */
int64_t api_write_pause_ms(enum api_write_verdict verdict, unsigned int tries, int64_t retry_after_ms,
    uint32_t random);

#endif
