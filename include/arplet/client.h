/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CLIENT_H
#define ARPLET_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sends requests to the API server, on an event loop; many at a time, as streams of one HTTP/2
 * connection.  Never blocks and never logs: callbacks receive all results.
 */
struct client;
struct creds;
struct ev_loop;

struct client_opts {
	const char *user_agent; /* NULL: "arplet" */
	/*
	 * If requests are in flight and the server has sent nothing for this time, the client sends
	 * GET /version.  Without an answer, all requests in flight fail.  0: CLIENT_SILENCE_MS.
	 */
	int64_t silence_ms;
};
/* An idle watch receives a bookmark every minute, so a healthy server never gets a GET /version. */
#define CLIENT_SILENCE_MS 90000

/* client_new - @creds must outlive the client.  The first request opens the connection. */
struct client *client_new(struct ev_loop *loop, struct creds *creds,
    const struct client_opts *opts);
/* client_free - cancels all calls, without callbacks. */
void client_free(struct client *client);

enum verb { VERB_GET, VERB_POST, VERB_PUT, VERB_PATCH, VERB_DELETE, VERBS };
extern const char *const verb_names[VERBS];

struct response {
	int status;       /* HTTP status; 0: no answer, see message */
	const char *body; /* ends with a NUL that len does not count; "" if on_data received it */
	size_t len;
	/* "" if status is 2xx; else the message of the API's Status, or why there was no answer */
	const char *message;
	const char *reason;     /* "Conflict", "NotFound", ... of the API's Status; or "" */
	int64_t retry_after_ms; /* Retry-After of the server; -1: absent */
};

struct request {
	enum verb verb;
	const char *path; /* with the query: "/api/v1/services?limit=500" */
	const char *content_type; /* NULL: application/json, merge-patch+json for PATCH */
	const char *body;         /* NULL: none */
	int64_t timeout_ms;       /* of the whole exchange; 0: CLIENT_TIMEOUT_MS */
	/*
	 * Called once, from the loop: never from within client_request(), and not after
	 * call_cancel().  The call and @resp are freed when it returns.  It may make and cancel
	 * other calls, but must not free the client.
	 */
	void (*on_response)(void *arg, const struct response *resp);
	/*
	 * If not NULL: receives the body of a 2xx answer in pieces.  The first piece is empty, when
	 * the answer begins.  A negative return value ends the exchange with status 0.  It may make
	 * calls, but must not cancel any.
	 */
	int (*on_data)(void *arg, const char *data, size_t len);
	void *arg;
};

#define CLIENT_TIMEOUT_MS 10000

/*
 * client_request - start a call; copies @req and its strings.  After a 401, the client reads the
 * credentials again and retries once.  It retries nothing else.
 */
struct call;
struct call *client_request(struct client *client, const struct request *req);
/* call_cancel - end the call without a callback.  NULL is fine; a call that ended is not. */
void call_cancel(struct call *call);

/* Counters since client_new(). */
struct client_stats {
	uint64_t requests[VERBS][6]; /* by verb and class: 1xx to 5xx at 1 to 5; 0: no answer */
	uint64_t connects;           /* connections made */
	uint64_t auth_refreshes;     /* 401s after which the credentials were read again */
	unsigned int in_flight;      /* calls now, not a counter */
};
const struct client_stats *client_stats(const struct client *client);

#endif
