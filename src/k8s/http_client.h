/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_HTTP_CLIENT_H
#define K8S_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HTTP exchanges on an event loop.  The HTTP client contains no Kubernetes code; only http_*.c use
 * libcurl.
 */
struct ev_loop;
struct http;

struct http *http_new(struct ev_loop *loop);
void http_free(struct http *http); /* cancels all exchanges, without calling their callbacks */

/*
 * http_client_received_ms - return the clock_ms() at which the last byte was received; before the
 * first byte, the clock_ms() of http_new().
 */
int64_t http_client_received_ms(const struct http *http);

/* TLS settings of a connection.  NULL: the setting is absent. */
struct http_tls {
	const char *ca_pem, *cert_pem, *key_pem; /* PEM text, not file names */
	const char *server_name; /* host name to verify in the certificate, and for SNI */
	bool insecure;                           /* verify no certificate */
};

struct http_result {
	int status;             /* 0: no answer; see error */
	const char *error;      /* a sentence if status is 0 */
	int64_t retry_after_ms; /* Retry-After; -1: absent */
	unsigned int connects;  /* number of connections that this exchange opened */
};

struct http_request {
	const char *method, *url;
	const char *const *headers; /* header lines "Name: value"; NULL ends the list */
	const char *body;           /* NULL: none */
	const char *user, *password, *proxy;
	struct http_tls tls;
	int64_t timeout_ms;
	/*
	 * After the headers, on_data is called with no bytes, and then with each piece of the body.
	 * If on_data returns a negative value, the exchange ends with status 0.
	 */
	int (*on_data)(void *arg, int status, const char *data, size_t len);
	/* The event loop calls on_end once, after the exchange has ended and is freed. */
	void (*on_end)(void *arg, const struct http_result *result);
	void *arg;
};

/*
 * http_client_start - start an exchange.  http_client_start() copies @req, and does not call on_end
 * before it returns.
 */
struct exchange *http_client_start(struct http *http, const struct http_request *req);
/*
 * http_client_cancel - end an exchange without calling its callbacks.  The connection stays open.
 */
void http_client_cancel(struct exchange *exchange);

#endif
