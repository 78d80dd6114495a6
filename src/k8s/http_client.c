/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include "arplet/arena.h"
#include "http_options.h"
#include "http_sockets.h"
#include "json_buf.h"
#include "util/clock.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/*
 * One turn of the event loop passes received bytes to on_data for about TURN_MS, in pieces of at
 * most PIECE_MAX bytes.  Received bytes that are left wait for the next turn, so that a large answer
 * delays no hello and no ARP reply.  While bytes wait, the client reads no socket.  curl reads up to
 * 1.6 MB of a stream before it returns, so no more bytes than that wait.
 */
#define TURN_MS 8
#define PIECE_MAX 4096u

/*
 * An HTTP client: a curl multi handle with its connections.
 *
 * If a server process hangs, the kernel of its host still acknowledges TCP segments.  So the client
 * assumes that the server hangs if an exchange times out, and no exchange has received bytes since
 * the timed-out exchange started.  The client then ends all exchanges and connections, so that the
 * callers retry on a new connection.
 */
struct http {
	struct ev_loop *loop;
	struct http_sockets sockets; /* sockets.paused is true while received bytes wait */
	TAILQ_HEAD(exchanges, exchange) exchanges;
	int64_t received_ms; /* when an exchange last received bytes, monotonic ms */
	unsigned int n_waiting; /* number of exchanges whose received bytes wait for the next turn */
	ev_timer next_turn;     /* runs while bytes wait */
};

struct exchange {
	TAILQ_ENTRY(exchange) link;
	struct http *http;
	/* curl's handle; NULL: reset_connections() has freed the handle, and will call on_end */
	CURL *easy;
	struct http_lists lists;
	int64_t started_ms;
	struct json_buf waiting; /* received bytes that wait for the next turn */
	size_t n_passed;         /* bytes of @waiting that on_data has got */
	bool done;               /* the exchange has ended with @code; its bytes still wait */
	CURLcode code;
	char error[CURL_ERROR_SIZE];
	int (*on_data)(void *arg, int status, const char *data, size_t len);
	void (*on_end)(void *arg, const struct http_result *result);
	void *arg;
};

static void
exchange_drop_easy(struct exchange *ex)
{
	if (!ex->easy)
		return;
	curl_multi_remove_handle(ex->http->sockets.multi, ex->easy);
	curl_easy_cleanup(ex->easy);
	ex->easy = NULL;
}

static void
drop_waiting(struct exchange *ex)
{
	ex->http->n_waiting -= ex->waiting.len > 0;
	ex->http->sockets.paused = ex->http->n_waiting > 0;
	json_buf_done(&ex->waiting);
	ex->n_passed = 0;
}

void
http_client_cancel(struct exchange *ex)
{
	TAILQ_REMOVE(&ex->http->exchanges, ex, link);
	exchange_drop_easy(ex);
	drop_waiting(ex);
	curl_slist_free_all(ex->lists.headers);
	curl_slist_free_all(ex->lists.connect_to);
	free(ex);
}

/* Free the exchange, and then call its on_end, which may start other exchanges. */
static void
exchange_end(struct exchange *ex, struct http_result *result)
{
	void (*on_end)(void *, const struct http_result *) = ex->on_end;
	char error[CURL_ERROR_SIZE];
	void *arg = ex->arg;

	if (result->error) {
		snprintf(error, sizeof(error), "%s", result->error);
		result->error = error;
	}
	http_client_cancel(ex);
	on_end(arg, result);
}

static void
reset_connections(struct http *http)
{
	struct http_result result;
	struct exchange *ex;

	TAILQ_FOREACH(ex, &http->exchanges, link)
		exchange_drop_easy(ex);
	http_sockets_close(&http->sockets);
	http_sockets_open(&http->sockets);
	/*
	 * The callback on_end can append new exchanges to the list, and can cancel exchanges that
	 * have ended.
	 */
	while ((ex = TAILQ_FIRST(&http->exchanges)) && !ex->easy) {
		result = (struct http_result){ .retry_after_ms = -1,
			.error = "the server accepted the request and then sent nothing" };
		exchange_end(ex, &result);
	}
}

/* True if @ex timed out, and no exchange has received a byte since @ex started. */
static bool
was_silence(const struct exchange *ex, CURLcode code)
{
	curl_off_t sent_us = 0;

	curl_easy_getinfo(ex->easy, CURLINFO_PRETRANSFER_TIME_T, &sent_us);
	return code == CURLE_OPERATION_TIMEDOUT && sent_us > 0 &&
	    ex->http->received_ms < ex->started_ms;
}

static int
status_of(const struct exchange *ex)
{
	long status = 0;

	curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

static void
exchange_done(struct exchange *ex, CURLcode code)
{
	struct http_result result = { .retry_after_ms = -1 };
	curl_off_t retry_s = 0;
	long connects = 0;

	curl_easy_getinfo(ex->easy, CURLINFO_RETRY_AFTER, &retry_s);
	curl_easy_getinfo(ex->easy, CURLINFO_NUM_CONNECTS, &connects);
	result.connects = (unsigned int)connects;
	if (retry_s > 0)
		result.retry_after_ms = retry_s < 3600 ? retry_s * 1000 : 3600 * 1000;
	if (code == CURLE_OK)
		result.status = status_of(ex);
	else
		result.error = ex->error[0] ? ex->error : curl_easy_strerror(code);
	exchange_end(ex, &result);
}

static void
end_done_exchanges(struct http *http)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(http->sockets.multi, &left))) {
		CURLcode code = msg->data.result;
		struct exchange *ex;
		bool silent;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &ex);
		if (ex->waiting.len) {
			ex->done = true;
			ex->code = code;
			continue; /* on_next_turn() ends the exchange */
		}
		silent = was_silence(ex, code);
		exchange_done(ex, code);
		if (silent) {
			reset_connections(http);
			return; /* reset_connections() ended all other exchanges, too */
		}
	}
}

static bool
turn_is_over(const struct http *http)
{
	return clock_ms() - http->sockets.called_ms >= TURN_MS;
}

/* Pass waiting bytes of @ex to on_data, until the turn is over or the exchange has ended. */
static void
pass_waiting(struct exchange *ex)
{
	struct http *http = ex->http;

	while (ex->n_passed < ex->waiting.len && !turn_is_over(http)) {
		size_t left = ex->waiting.len - ex->n_passed, n = left < PIECE_MAX ? left : PIECE_MAX;
		const char *data = ex->waiting.data + ex->n_passed;

		ex->n_passed += n;
		if (ex->on_data(ex->arg, status_of(ex), data, n) < 0) {
			exchange_done(ex, CURLE_WRITE_ERROR);
			return;
		}
	}
	if (ex->n_passed < ex->waiting.len)
		return;
	drop_waiting(ex);
	if (ex->done)
		exchange_done(ex, ex->code);
}

static struct exchange *
first_waiting(struct http *http)
{
	struct exchange *ex;

	TAILQ_FOREACH(ex, &http->exchanges, link) {
		if (ex->waiting.len)
			break;
	}
	return ex;
}

static void
on_next_turn(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct http *http = w->data;
	struct exchange *ex;

	(void)revents;
	http->sockets.called_ms = clock_ms();
	while (!turn_is_over(http) && (ex = first_waiting(http)))
		pass_waiting(ex);
	if (http->n_waiting) {
		ev_timer_set(w, 0., 0.);
		ev_timer_start(loop, w);
	}
}

static void
on_curl_returned(void *arg)
{
	end_done_exchanges(arg);
}

struct http *
http_new(struct ev_loop *loop)
{
	struct http *http = xcalloc(1, sizeof(*http));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->loop = loop;
	TAILQ_INIT(&http->exchanges);
	ev_timer_init(&http->next_turn, on_next_turn, 0., 0.);
	http->next_turn.data = http;
	http->received_ms = clock_ms();
	http->sockets = (struct http_sockets){ .loop = loop, .on_returned = on_curl_returned,
		.arg = http };
	http_sockets_open(&http->sockets);
	return http;
}

int64_t
http_client_received_ms(const struct http *http)
{
	return http->received_ms;
}

void
http_free(struct http *http)
{
	struct exchange *ex;

	if (!http)
		return;
	while ((ex = TAILQ_FIRST(&http->exchanges)))
		http_client_cancel(ex);
	http_sockets_close(&http->sockets);
	ev_timer_stop(http->loop, &http->next_turn);
	free(http);
	curl_global_cleanup();
}

static void
wait_for_next_turn(struct exchange *ex, const char *data, size_t len)
{
	struct http *http = ex->http;

	http->n_waiting += !ex->waiting.len;
	http->sockets.paused = true;
	json_buf_add(&ex->waiting, data, len);
	if (!ev_is_active(&http->next_turn)) {
		ev_timer_set(&http->next_turn, 0., 0.);
		ev_timer_start(http->loop, &http->next_turn);
	}
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *ex = arg;

	size_t len = size * n, passed = 0;

	ex->http->received_ms = clock_ms();
	while (passed < len && !ex->waiting.len && !turn_is_over(ex->http)) {
		size_t piece = len - passed < PIECE_MAX ? len - passed : PIECE_MAX;

		if (ex->on_data(ex->arg, status_of(ex), data + passed, piece) < 0)
			return 0;
		passed += piece;
	}
	if (passed < len)
		wait_for_next_turn(ex, data + passed, len - passed);
	return len;
}

/*
 * At the blank line that ends the headers, call on_data with no bytes.  on_data is called in the
 * same way after the headers of a proxy's answer to CONNECT.
 */
static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *ex = arg;

	ex->http->received_ms = clock_ms();
	if (size * n == 2 && data[0] == '\r' && ex->on_data(ex->arg, status_of(ex), "", 0) < 0)
		return 0;
	return size * n;
}

struct exchange *
http_client_start(struct http *http, const struct http_request *req)
{
	struct exchange *ex = xcalloc(1, sizeof(*ex));

	ex->http = http;
	ex->easy = curl_easy_init();
	if (!ex->easy)
		abort();
	ex->started_ms = clock_ms();
	ex->on_data = req->on_data;
	ex->on_end = req->on_end;
	ex->arg = req->arg;
	curl_easy_setopt(ex->easy, CURLOPT_PRIVATE, ex);
	curl_easy_setopt(ex->easy, CURLOPT_ERRORBUFFER, ex->error);
	curl_easy_setopt(ex->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(ex->easy, CURLOPT_WRITEDATA, ex);
	curl_easy_setopt(ex->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(ex->easy, CURLOPT_HEADERDATA, ex);
	ex->lists = http_options_set(ex->easy, req);
	TAILQ_INSERT_TAIL(&http->exchanges, ex, link);
	/* curl_multi_add_handle() only sets the timer, and calls no callback of @req */
	curl_multi_add_handle(http->sockets.multi, ex->easy);
	return ex;
}
