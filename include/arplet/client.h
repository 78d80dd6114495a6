/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CLIENT_H
#define ARPLET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The client sends requests to the API server, in an event loop.  Many requests can be in flight at
 * a time, as streams of one HTTP/2 connection.  No function blocks or logs: callbacks receive all
 * results.
 */
struct client;
struct creds;
struct ev_loop;

struct client_opts {
	const char *user_agent; /* NULL: "arplet" */
	/*
	 * If requests are in flight and the server sends nothing for silence_ms, the client sends
	 * GET /version.  If GET /version gets no answer, all requests in flight fail.  If
	 * silence_ms is 0, the client uses CLIENT_SILENCE_MS.
	 */
	int64_t silence_ms;
};
/* A healthy server is never silent for 90 s: it sends an idle watch a bookmark every minute. */
#define CLIENT_SILENCE_MS 90000

/*
 * client_new - create a client, which connects at its first request.  @creds must outlive the
 * client.
 */
struct client *client_new(struct ev_loop *loop, struct creds *creds,
    const struct client_opts *opts);
/* client_free - cancel all calls without their callbacks, and free the client. */
void client_free(struct client *client);

enum verb { VERB_GET, VERB_POST, VERB_PUT, VERB_PATCH, VERB_DELETE, VERBS };
extern const char *const verb_names[VERBS];

struct response {
	int status;       /* HTTP status; 0: no answer arrived, and message says why */
	/* len bytes of the body of a 2xx answer and a NUL, if request.want_body; otherwise "" */
	const char *body;
	size_t len;
	/* message of the API's Status object, or why no answer arrived; "" if status is 2xx */
	const char *message;
	const char *reason;     /* reason of the API's Status: "Conflict"; "" if there is none */
	int64_t retry_after_ms; /* the server's Retry-After header; -1: absent */
};

struct request {
	enum verb verb;
	const char *path; /* path and query: "/api/v1/services?limit=500" */
	/* NULL: application/json, or for PATCH application/merge-patch+json */
	const char *content_type;
	const char *body;         /* NULL: none */
	/*
	 * Store the body of a 2xx answer for on_response.  Otherwise the client drops the body,
	 * because the answer to a patch is the whole object, which can have several MiB.  A body of
	 * more than 1 MiB ends the call with status 0.
	 */
	bool want_body;
	int64_t timeout_ms;       /* limit for the whole exchange; 0: CLIENT_TIMEOUT_MS */
	/*
	 * The event loop calls on_response once, unless call_cancel() was called before.  Within
	 * client_request(), on_response is never called.  When on_response returns, the client
	 * frees the call and @resp.  The callback may start and cancel other calls, but must not
	 * free the client.
	 */
	void (*on_response)(void *arg, const struct response *resp);
	/*
	 * If on_data is not NULL, it receives the body of a 2xx answer in pieces.  The first piece
	 * is empty: it reports that the answer begins.  If on_data returns a negative value, the
	 * call ends with status 0.  The callback may start calls, but must not cancel a call.
	 */
	int (*on_data)(void *arg, const char *data, size_t len);
	void *arg;
};

#define CLIENT_TIMEOUT_MS 10000

/*
 * client_request - start a call; copies @req and its strings.  After a 401, the client reads the
 * credentials again and retries once.  The client does not retry after other errors.
 */
struct call;
struct call *client_request(struct client *client, const struct request *req);
/*
 * call_cancel - end @call without calling on_response.  @call: a call that has not ended yet, or
 * NULL.
 */
void call_cancel(struct call *call);

/* Counters since client_new(). */
struct client_stats {
	/* requests by verb and first digit of the HTTP status; digit 0: no answer */
	uint64_t requests[VERBS][6];
	uint64_t connects;           /* connections made */
	/* how often the client read the credentials again after a 401 */
	uint64_t auth_refreshes;
	unsigned int in_flight;      /* number of calls in flight now; not a counter */
};
const struct client_stats *client_stats(const struct client *client);

#endif
