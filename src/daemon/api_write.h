/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_API_WRITE_H
#define DAEMON_API_WRITE_H

#include "arplet/client.h"
#include "arplet/encode.h"
#include "arplet/action_plan.h"
#include "job_arena.h"

/*
 * How an action becomes a request to the API server, and what its response means.  Sends nothing.
 */

struct api_write {
	enum verb verb;
	char *path;               /* NULL: nothing to write */
	char *body;               /* NULL: no body */
	const char *content_type; /* NULL: the client's default */
	char *status_body;        /* patch of /status after a POST; NULL: none */
	struct job_arena *job_arena; /* owns path and bodies; NULL: malloc'd */
};

/* Names that Events and ServiceL2Statuses of this node contain. */
struct api_writer {
	const char *node_name, *pool_ns;
};

/* Values of the label "what" of arplet_writes_total; NULL: the action writes nothing to the API. */
extern const char *const api_write_names[ACTIONS];

/*
 * api_write_of - make the request that carries out @act, malloc'd; its path is NULL if @act writes
 * nothing to the API.  @serial makes the names of Events unique.
 */
void api_write_of(const struct action *act, const struct api_writer *writer, uint32_t serial,
    struct api_write *ret_write);

/*
 * api_write_pack - move the texts of @write into the block that job_arena_join(@current) returns.
 */
void api_write_pack(struct api_write *write, struct job_arena **current);

/* api_write_done - free the texts of @write.  Afterwards @write is empty and may be used again. */
void api_write_done(struct api_write *write);

/*
 * api_write_key - name the object that @act writes, malloc'd.  Of two writes with the same kind and
 * key, the later one replaces the earlier one.  Each Event has a key of its own.
 */
char *api_write_key(const struct action *act, uint32_t serial);

/*
 * api_write_follow_up - turn @write, a POST, into the patch of the new object's /status.  @body is
 * the API server's response to the POST.  Returns false if there is nothing to patch.
 */
bool api_write_follow_up(struct api_write *write, const char *body, size_t len);

enum api_write_verdict {
	WRITE_ACCEPTED,
	WRITE_STALE,   /* the object is gone or has changed: the watch will bring its new state */
	WRITE_RETRY,   /* no response, or an overloaded or broken API server: retry soon */
	WRITE_REFUSED, /* for example a missing permission: retry, but seldom */
};
enum api_write_verdict api_write_verdict(int http_status);

/*
 * api_write_backoff_ms - compute the pause before the retry after the @tries-th failure.
 *
 * WRITE_RETRY: 0.1 s, doubled up to 30 s.  WRITE_REFUSED: 30 s.  Jitter by @random adds up to a
 * quarter.  The pause is never shorter than @retry_after_ms (-1: the server set none).
 */
int64_t api_write_backoff_ms(enum api_write_verdict verdict, unsigned int tries,
    int64_t retry_after_ms, uint32_t random);

#endif
