/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_HTTP_CLIENT_H
#define K8S_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* HTTP exchanges on an event loop.  Independent of Kubernetes; only http_*.c use libcurl. */
struct ev_loop;
struct http;

struct http *http_new(struct ev_loop *loop);
void http_free(struct http *http); /* cancels all exchanges, without callbacks */

/* http_client_received_ms - when bytes were last received, by clock_ms(); at first: http_new(). */
int64_t http_client_received_ms(const struct http *http);

/* How to authenticate the connection.  A NULL string is not used. */
struct http_tls {
	const char *ca_pem, *cert_pem, *key_pem; /* PEM text, not file names */
	const char *server_name;                 /* name to verify, and for SNI */
	bool insecure;                           /* verify no certificate */
};

struct http_result {
	int status;             /* 0: no answer; see error */
	const char *error;      /* a sentence if status is 0 */
	int64_t retry_after_ms; /* Retry-After; -1: absent */
	unsigned int connects;  /* connections made for this exchange */
};

struct http_request {
	const char *method, *url;
	const char *const *headers; /* "Name: value"; NULL ends the list */
	const char *body;           /* NULL: none */
	const char *user, *password, *proxy;
	struct http_tls tls;
	int64_t timeout_ms;
	/*
	 * Receives the body in pieces.  The first call, with no bytes, follows the headers.  A
	 * negative return value ends the exchange with status 0.
	 */
	int (*on_data)(void *arg, int status, const char *data, size_t len);
	/* Called once at the end, from the loop, when the exchange is already freed. */
	void (*on_end)(void *arg, const struct http_result *result);
	void *arg;
};

/* http_client_start - start an exchange.  Copies @req; does not call on_end before it returns. */
struct exchange *http_client_start(struct http *http, const struct http_request *req);
/* http_client_cancel - end the exchange without a callback.  The connection stays open. */
void http_client_cancel(struct exchange *exchange);

#endif
