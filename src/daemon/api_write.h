/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_API_WRITE_H
#define DAEMON_API_WRITE_H

#include "arplet/client.h"
#include "arplet/encode.h"
#include "arplet/action_plan.h"
#include "core/rate/event_correlator.h"
#include "job_arena.h"

/*
 * Converts actions of the world to requests to the API server, and classifies the responses.  These
 * functions send nothing.
 */

struct api_write {
	enum verb verb;
	char *path;               /* NULL: nothing to write */
	char *body;               /* NULL: no body */
	const char *content_type; /* NULL: the client's default */
	char *status_body;        /* body of the PATCH of /status after the POST; NULL: no PATCH */
	struct job_arena *job_arena; /* contains path and bodies; NULL: these are malloc'd */
};

/* The name of this node, and the namespace of the pools: Events and ServiceL2Statuses need both. */
struct api_writer {
	const char *node_name, *pool_ns;
};

/* Values of the label "what" of arplet_writes_total; NULL: the action writes nothing to the API. */
extern const char *const api_write_names[ACTIONS];

/*
 * api_write_of - make the API request that carries out @act.  Path and bodies of the request are
 * malloc'd; the path is NULL if @act writes nothing to the API.  @fate: for an Event, whether to
 * create or to update the Event, and its name; NULL for another action.
 */
void api_write_of(const struct action *act, const struct api_writer *writer,
    const struct event_fate *fate, struct api_write *ret_write);

/*
 * secret_path - the path, malloc'd, of a Secret.
 *
 * new_key_patch - a patch, malloc'd, that writes a new random key into a Secret: a merge patch of the
 * version @version, or, if @version is NULL, a JSON patch that the API server accepts only if the
 * Secret has no data.
 */
char *secret_path(const char *ns, const char *name);
char *new_key_patch(const char *version);

/*
 * api_write_pack - move path and bodies of @write into the memory block that
 * job_arena_join(@current) returns.
 */
void api_write_pack(struct api_write *write, struct job_arena **current);

/* api_write_done - free path and bodies of @write, and set all of @write to zero. */
void api_write_done(struct api_write *write);

/*
 * api_write_key - return a key, malloc'd, that identifies the object that @act writes.  A later
 * write replaces an earlier write with the same kind and key.  The key of an Event contains the
 * Event's name.
 */
char *api_write_key(const struct action *act, const struct event_fate *fate);

/*
 * The object whose changes cause a write.  Writes with the same owner share one limit of their
 * rate (core/rate/write_pace.h).  The Service owns its ServiceL2Statuses, because each of these has
 * a new name.  The strings are those of the action.
 */
struct write_owner {
	const char *kind, *ns, *name;
};
struct write_owner api_write_owner(const struct action *act);

/*
 * api_write_follow_up - turn @write, a POST, into the PATCH of the new object's /status.  @body is
 * the API server's response to the POST.  Returns false if no PATCH follows @write.
 */
bool api_write_follow_up(struct api_write *write, const char *body, size_t len);

enum api_write_verdict {
	WRITE_ACCEPTED,
	WRITE_STALE,   /* 404 or 409: the object is gone or has changed; no retry */
	WRITE_RETRY,   /* no response, 429 or 5xx: the write is retried soon */
	WRITE_REFUSED, /* any other error, such as 403: the write is retried after 1 s or later */
};
enum api_write_verdict api_write_verdict(int http_status);

/*
 * api_write_backoff_ms - return the pause before the next attempt, after @tries failed attempts.
 *
 * For WRITE_RETRY the first pause is 0.1 s, and for WRITE_REFUSED 1 s: an admission policy that reads
 * the Lease sees a new allocator a moment later than this allocator itself.  Each further pause is
 * twice as long, up to 30 s.  The random number @random adds a jitter of up to 25 %.  The
 * pause is at least @retry_after_ms, the value of the response's header Retry-After (-1: none).
 */
int64_t api_write_backoff_ms(enum api_write_verdict verdict, unsigned int tries,
    int64_t retry_after_ms, uint32_t random);

#endif
