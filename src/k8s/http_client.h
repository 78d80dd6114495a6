/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_H
#define ARPLET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* HTTP exchanges on an event loop.  Knows nothing of Kubernetes; the only user of libcurl. */
struct ev_loop;
struct http;

struct http *http_new(struct ev_loop *loop);
void http_free(struct http *http); /* what is under way ends without a callback */

/* http_client_received_ms - when the peer last said anything, on clock_ms(); at first: http_new(). */
int64_t http_client_received_ms(const struct http *http);

/* How to connect.  Texts that are NULL are not used. */
struct http_tls {
	const char *ca_pem, *cert_pem, *key_pem; /* PEM text, not files */
	const char *server_name;                 /* to verify, and for SNI */
	bool insecure;                           /* verify nothing */
};

struct http_result {
	int status;             /* 0: no answer; see error */
	const char *error;      /* a sentence, when status is 0 */
	int64_t retry_after_ms; /* -1: not said */
	unsigned int connects;  /* connections that were made for it */
};

struct http_request {
	const char *method, *url;
	const char *const *headers; /* "Name: value"; ends with NULL */
	const char *body;           /* NULL: none */
	const char *user, *password, *proxy;
	struct http_tls tls;
	int64_t timeout_ms;
	/*
	 * The body, in pieces; the first has no bytes and comes when the headers are through.
	 * Negative: stop, which is status 0.
	 */
	int (*on_data)(void *arg, int status, const char *data, size_t len);
	/* Called once at the end, from the loop; the exchange is gone when it is called. */
	void (*on_end)(void *arg, const struct http_result *result);
	void *arg;
};

/* http_client_start - copies @req; on_end never runs within. */
struct exchange *http_client_start(struct http *http, const struct http_request *req);
/* http_client_cancel - no callback any more.  Closes one stream; the connection stays. */
void http_client_cancel(struct exchange *exchange);

#endif
