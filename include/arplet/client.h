/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CLIENT_H
#define ARPLET_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Requests to the API server, on an event loop: many at a time, streams of one HTTP/2 connection.
 * Never blocks and never logs: what happened is told to callbacks.
 */
struct client;
struct creds;
struct ev_loop;

struct client_opts {
	const char *user_agent; /* NULL: "arplet" */
	/*
	 * When the server has said nothing for so long although something is asked of it, it is
	 * asked for a sign of life; without one, all that is under way fails.  0:
	 * CLIENT_SILENCE_MS.
	 */
	int64_t silence_ms;
};
/* An idle watch hears a bookmark every minute: a server that lives is never asked. */
#define CLIENT_SILENCE_MS 90000

/* client_new - @creds must outlive the client.  Connects with the first request. */
struct client *client_new(struct ev_loop *loop, struct creds *creds,
    const struct client_opts *opts);
/* client_free - cancels what is under way: no callback is called any more. */
void client_free(struct client *client);

enum verb { VERB_GET, VERB_POST, VERB_PUT, VERB_PATCH, VERB_DELETE, VERBS };
extern const char *const verb_names[VERBS];

struct response {
	int status;       /* of HTTP; 0: there was no answer, see message */
	const char *body; /* ends with a NUL that len does not count; empty when streamed */
	size_t len;
	/* "" when status is 2xx; else the API's own sentence, or why there was no answer */
	const char *message;
	const char *reason;     /* "Conflict", "NotFound", ... as the API gives it, or "" */
	int64_t retry_after_ms; /* what the server asked for; -1: nothing */
};

struct request {
	enum verb verb;
	const char *path; /* with the query: "/api/v1/services?limit=500" */
	const char *content_type; /* NULL: application/json, merge-patch+json for PATCH */
	const char *body;         /* NULL: none */
	int64_t timeout_ms;       /* of the whole exchange; 0: CLIENT_TIMEOUT_MS */
	/*
	 * Called once, always from the loop and never from within client_request(), and not at all
	 * after call_cancel().  The call is gone when it returns; @resp too.  It may make and
	 * cancel other calls, but not free the client.
	 */
	void (*on_response)(void *arg, const struct response *resp);
	/*
	 * NULL, or: the body of a 2xx answer goes here, piece by piece; first a piece of no bytes,
	 * when the answer begins.  A negative errno ends the exchange: on_response then tells
	 * status 0.  May make calls, but not cancel any.
	 */
	int (*on_data)(void *arg, const char *data, size_t len);
	void *arg;
};

#define CLIENT_TIMEOUT_MS 10000
#define CLIENT_BODY_MAX (4u << 20) /* of an answer that is not streamed */

/*
 * client_request - start one; everything in @req is copied.  A 401 is retried once with
 * credentials read anew.  Nothing else is retried.
 */
struct call;
struct call *client_request(struct client *client, const struct request *req);
/* call_cancel - forget it; the connection stays.  NULL is fine, a call that ended is not. */
void call_cancel(struct call *call);

/* How many, since the start. */
struct client_stats {
	uint64_t requests[VERBS][6]; /* by verb and class: 1xx to 5xx at 1 to 5; 0: no answer */
	uint64_t connects;           /* connections made; 1 when all is well */
	uint64_t auth_refreshes;     /* 401s that made us read the credentials anew */
	unsigned int in_flight;
};
const struct client_stats *client_stats(const struct client *client);

#endif
