/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/client.h"

#include "arplet/arena.h"
#include "arplet/decode.h"
#include "creds_auth.h"
#include "http_client.h"
#include "response_body.h"
#include "util/clock.h"

#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define PING_TIMEOUT_MS 5000

const char *const verb_names[VERBS] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

struct client {
	struct ev_loop *loop;
	struct creds *creds;
	struct http *http;
	char *user_agent;
	TAILQ_HEAD(, call) calls; /* all API calls, in flight or not yet sent */
	ev_prepare starter;       /* sends all waiting calls, just before the event loop sleeps */
	int64_t silence_ms;
	ev_timer silence;  /* checks whether the server was silent for silence_ms */
	struct call *ping; /* the GET /version in flight; NULL: none */
	uint64_t next_serial;
	struct client_stats stats;
};

/*
 * A call of the API.  A call whose exchange is NULL is not yet sent: it waits for the next turn of
 * the event loop, or for credentials.
 */
struct call {
	TAILQ_ENTRY(call) link;
	struct client *client;
	struct exchange *exchange;
	uint64_t serial;
	struct request req; /* owns its strings */
	/* auth.generation of the credentials that the request was sent with */
	unsigned int generation;
	bool retried;
	struct response_body body; /* the received body, except parts that req.on_data received */
};

static void
call_free(struct call *call)
{
	TAILQ_REMOVE(&call->client->calls, call, link);
	call->client->stats.in_flight--;
	free((void *)(uintptr_t)call->req.path);
	free((void *)(uintptr_t)call->req.content_type);
	free((void *)(uintptr_t)call->req.body);
	response_body_done(&call->body);
	free(call);
}

/* End a call whose request was not sent or not answered. */
static void
call_fail(struct call *call, const char *error)
{
	struct response resp = { .body = "", .message = error, .reason = "", .retry_after_ms = -1 };
	struct request req = call->req;

	call->client->stats.requests[req.verb][0]++;
	call_free(call);
	req.on_response(req.arg, &resp);
}

/*
 * Set the error message of a response whose status is not 2xx, from the Status in its body if any.
 */
static void
set_message(const struct call *call, struct response *resp, struct api_status *status)
{
	response_body_status(&call->body, status);
	if (!status->message[0])
		snprintf(status->message, sizeof(status->message), "HTTP status %d to %s %.300s",
		    resp->status, verb_names[call->req.verb], call->req.path);
	resp->message = status->message;
	resp->reason = status->reason;
	if (resp->retry_after_ms < 0 && status->retry_after_s > 0)
		resp->retry_after_ms = (int64_t)status->retry_after_s * 1000;
}

static void
call_answer(struct call *call, const struct http_result *result)
{
	struct response resp = { .status = result->status, .message = "", .reason = "",
		.retry_after_ms = result->retry_after_ms };
	void (*on_response)(void *, const struct response *) = call->req.on_response;
	struct response_body body = call->body;
	void *arg = call->req.arg;
	struct api_status status;

	resp.body = response_body_text(&body);
	resp.len = body.text.len;
	if (result->status < 200 || result->status > 299)
		set_message(call, &resp, &status);
	call->client->stats.requests[call->req.verb][result->status / 100 % 6]++;
	call->body = (struct response_body){ 0 };
	call_free(call);
	on_response(arg, &resp);
	response_body_done(&body);
}

static void
start_soon(struct client *client)
{
	ev_prepare_start(client->loop, &client->starter);
}

static void
on_end(void *arg, const struct http_result *result)
{
	struct call *call = arg;
	struct client *client = call->client;

	call->exchange = NULL;
	client->stats.connects += result->connects;
	if (result->status == 401 && !call->retried &&
	    creds_renew(client->creds, call->generation)) {
		call->retried = true;
		client->stats.auth_refreshes++;
		response_body_done(&call->body);
		start_soon(client);
		return;
	}
	if (result->status == 0)
		call_fail(call, result->error);
	else
		call_answer(call, result);
}

static int
on_body(void *arg, int status, const char *data, size_t len)
{
	struct call *call = arg;

	if (call->req.on_data && status >= 200 && status <= 299)
		return call->req.on_data(call->req.arg, data, len);
	return response_body_add(&call->body, status, call->req.want_body, data, len);
}

static void
call_start(struct call *call, const struct auth *auth)
{
	struct client *client = call->client;
	struct arena mem = { 0 };
	const char *headers[5];
	size_t n = 0, host = strlen(auth->server);
	struct http_request req = {
		.method = verb_names[call->req.verb], .headers = headers,
		.body = call->req.body, .user = auth->user, .password = auth->password,
		.proxy = auth->proxy, .tls = auth->tls, .timeout_ms = call->req.timeout_ms,
		.on_data = on_body, .on_end = on_end, .arg = call,
	};

	while (host > 0 && auth->server[host - 1] == '/')
		host--;
	req.url = arena_printf(&mem, "%.*s%s", (int)host, auth->server, call->req.path);
	headers[n++] = "Accept: application/json";
	headers[n++] = arena_printf(&mem, "User-Agent: %s", client->user_agent);
	if (call->req.body)
		headers[n++] = arena_printf(&mem, "Content-Type: %s", call->req.content_type);
	if (auth->token)
		headers[n++] = arena_printf(&mem, "Authorization: Bearer %s", auth->token);
	headers[n] = NULL;
	call->generation = auth->generation;
	call->exchange = http_client_start(client->http, &req);
	arena_done(&mem);
}

/* Returns the first call that is not yet sent and whose serial number is below @before. */
static struct call *
first_waiting(struct client *client, uint64_t before)
{
	struct call *call;

	TAILQ_FOREACH(call, &client->calls, link) {
		if (!call->exchange && call->serial < before)
			break;
	}
	return call;
}

/*
 * Fail all calls that are not yet sent.  A new call that one of their callbacks starts does not
 * fail.
 */
static void
fail_waiting(struct client *client, const char *error)
{
	uint64_t before = client->next_serial;
	struct call *call;

	while ((call = first_waiting(client, before)))
		call_fail(call, error);
}

/* Send all calls that are not yet sent, if the credentials are available. */
static void
start_waiting(struct client *client)
{
	struct err err = { "" };
	struct auth auth;
	struct call *call;
	int rc;

	ev_prepare_stop(client->loop, &client->starter);
	if (!first_waiting(client, UINT64_MAX))
		return;
	rc = creds_auth(client->creds, &auth, &err);
	if (rc == -EAGAIN)
		return; /* on_creds_ready() starts the calls later */
	if (rc < 0) {
		fail_waiting(client, err.text);
		return;
	}
	TAILQ_FOREACH(call, &client->calls, link) {
		if (!call->exchange)
			call_start(call, &auth);
	}
}

static void
on_starter(struct ev_loop *loop, ev_prepare *w, int revents)
{
	(void)loop, (void)revents;
	start_waiting(w->data);
}

static void
on_creds_ready(void *arg, const char *error)
{
	struct client *client = arg;

	if (error)
		fail_waiting(client, error);
	else
		start_waiting(client);
}

static void
start_silence_timer(struct client *client, int64_t in_ms)
{
	ev_timer_stop(client->loop, &client->silence);
	ev_timer_set(&client->silence, (double)in_ms / 1000., 0.);
	ev_timer_start(client->loop, &client->silence);
}

/*
 * GET /version has ended.  An answer to GET /version, with any HTTP status, shows that the server
 * works.  If GET /version got no answer, http_client.c has already ended all exchanges.
 */
static void
on_ping(void *arg, const struct response *resp)
{
	struct client *client = arg;

	(void)resp;
	client->ping = NULL;
}

/* An idle watch and a server that hangs look alike: send a GET /version to tell them apart. */
static void
on_silence(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct client *client = w->data;
	int64_t left_ms = http_client_received_ms(client->http) + client->silence_ms - clock_ms();

	(void)loop, (void)revents;
	if (left_ms > 0) {
		start_silence_timer(client, left_ms);
		return;
	}
	if (!client->ping && !TAILQ_EMPTY(&client->calls))
		client->ping = client_request(client, &(struct request){ .verb = VERB_GET,
			.path = "/version", .timeout_ms = PING_TIMEOUT_MS,
			.on_response = on_ping, .arg = client });
	start_silence_timer(client, client->silence_ms);
}

struct client *
client_new(struct ev_loop *loop, struct creds *creds, const struct client_opts *opts)
{
	struct client *client = xcalloc(1, sizeof(*client));

	client->loop = loop;
	client->creds = creds;
	client->http = http_new(loop);
	client->user_agent = xstrdup(opts && opts->user_agent ? opts->user_agent : "arplet");
	TAILQ_INIT(&client->calls);
	ev_prepare_init(&client->starter, on_starter);
	client->starter.data = client;
	client->silence_ms = opts && opts->silence_ms ? opts->silence_ms : CLIENT_SILENCE_MS;
	ev_timer_init(&client->silence, on_silence, 0., 0.);
	client->silence.data = client;
	start_silence_timer(client, client->silence_ms);
	creds_on_ready(creds, on_creds_ready, client);
	return client;
}

void
client_free(struct client *client)
{
	struct call *call;

	if (!client)
		return;
	while ((call = TAILQ_FIRST(&client->calls)))
		call_cancel(call);
	creds_on_ready(client->creds, NULL, NULL);
	ev_prepare_stop(client->loop, &client->starter);
	ev_timer_stop(client->loop, &client->silence);
	http_free(client->http);
	free(client->user_agent);
	free(client);
}

struct call *
client_request(struct client *client, const struct request *req)
{
	struct call *call = xcalloc(1, sizeof(*call));

	call->client = client;
	call->serial = client->next_serial++;
	call->req = *req;
	call->req.path = xstrdup(req->path);
	call->req.body = xstrdup(req->body);
	call->req.content_type = xstrdup(req->content_type ? req->content_type
	    : req->verb == VERB_PATCH ? "application/merge-patch+json" : "application/json");
	if (!call->req.timeout_ms)
		call->req.timeout_ms = CLIENT_TIMEOUT_MS;
	TAILQ_INSERT_TAIL(&client->calls, call, link);
	client->stats.in_flight++;
	start_soon(client);
	return call;
}

void
call_cancel(struct call *call)
{
	if (!call)
		return;
	if (call->exchange)
		http_client_cancel(call->exchange);
	call_free(call);
}

const struct client_stats *
client_stats(const struct client *client)
{
	return &client->stats;
}
