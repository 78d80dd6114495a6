/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include "arplet/arena.h"
#include "http_options.h"
#include "util/clock.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define STREAMS_MAX 250L /* HTTP/2 streams on a connection: kube-apiserver's default limit */

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
	CURLM *multi;
	ev_timer timer;
	TAILQ_HEAD(exchanges, exchange) exchanges;
	int64_t received_ms; /* when an exchange last received bytes, monotonic ms */
};

struct exchange {
	TAILQ_ENTRY(exchange) link;
	struct http *http;
	/* curl's handle; NULL: reset_connections() has freed the handle, and will call on_end */
	CURL *easy;
	struct http_lists lists;
	int64_t started_ms;
	char error[CURL_ERROR_SIZE];
	int (*on_data)(void *arg, int status, const char *data, size_t len);
	void (*on_end)(void *arg, const struct http_result *result);
	void *arg;
};

static void multi_open(struct http *http);

static void
exchange_drop_easy(struct exchange *ex)
{
	if (!ex->easy)
		return;
	curl_multi_remove_handle(ex->http->multi, ex->easy);
	curl_easy_cleanup(ex->easy);
	ex->easy = NULL;
}

void
http_client_cancel(struct exchange *ex)
{
	TAILQ_REMOVE(&ex->http->exchanges, ex, link);
	exchange_drop_easy(ex);
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
	curl_multi_cleanup(http->multi);
	multi_open(http);
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

	while ((msg = curl_multi_info_read(http->multi, &left))) {
		CURLcode code = msg->data.result;
		struct exchange *ex;
		bool silent;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &ex);
		silent = was_silence(ex, code);
		exchange_done(ex, code);
		if (silent) {
			reset_connections(http);
			return; /* reset_connections() ended all other exchanges, too */
		}
	}
}

static void
on_curl_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct http *http = w->data;
	int running;

	(void)loop, (void)revents;
	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	end_done_exchanges(http);
}

static void
on_socket(struct ev_loop *loop, ev_io *w, int revents)
{
	struct http *http = w->data;
	int running, what = 0;

	(void)loop;
	if (revents & EV_READ)
		what |= CURL_CSELECT_IN;
	if (revents & EV_WRITE)
		what |= CURL_CSELECT_OUT;
	curl_multi_socket_action(http->multi, w->fd, what, &running); /* may free the watcher w */
	end_done_exchanges(http);
}

/* curl calls this function to set or stop curl's timer.  The function itself must not call curl. */
static int
set_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct http *http = arg;

	(void)multi;
	ev_timer_stop(http->loop, &http->timer);
	if (timeout_ms >= 0) {
		ev_timer_set(&http->timer, (double)timeout_ms / 1000.0, 0.);
		ev_timer_start(http->loop, &http->timer);
	}
	return 0;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *watch)
{
	struct http *http = arg;
	ev_io *io = watch;

	(void)easy;
	if (io)
		ev_io_stop(http->loop, io);
	if (what == CURL_POLL_REMOVE) {
		free(io);
		return 0;
	}
	if (!io) {
		io = xcalloc(1, sizeof(*io));
		io->data = http;
		curl_multi_assign(http->multi, fd, io);
	}
	ev_io_init(io, on_socket, fd,
	    (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
	ev_io_start(http->loop, io);
	return 0;
}

static void
multi_open(struct http *http)
{
	http->multi = curl_multi_init();
	if (!http->multi)
		abort();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, STREAMS_MAX);
}

struct http *
http_new(struct ev_loop *loop)
{
	struct http *http = xcalloc(1, sizeof(*http));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->loop = loop;
	TAILQ_INIT(&http->exchanges);
	ev_timer_init(&http->timer, on_curl_timer, 0., 0.);
	http->timer.data = http;
	http->received_ms = clock_ms();
	multi_open(http);
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
	curl_multi_cleanup(http->multi);
	ev_timer_stop(http->loop, &http->timer);
	free(http);
	curl_global_cleanup();
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *ex = arg;

	ex->http->received_ms = clock_ms();
	return ex->on_data(ex->arg, status_of(ex), data, size * n) < 0 ? 0 : size * n;
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
	curl_multi_add_handle(http->multi, ex->easy);
	return ex;
}
