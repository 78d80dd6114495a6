/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_HTTP_SOCKETS_H
#define K8S_HTTP_SOCKETS_H

#include <curl/curl.h>
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

/* A curl multi handle with its sockets and its timer, on an event loop. */
struct http_sockets {
	struct ev_loop *loop;
	void (*on_returned)(void *arg); /* called each time after curl has read, written or timed out */
	void *arg;
	CURLM *multi;
	ev_timer timer;
	bool paused;       /* call curl later, because received bytes wait */
	int64_t called_ms; /* when curl was last called, monotonic ms */
};

/* http_sockets_open - create sockets->multi; the caller has set loop, on_returned and arg. */
void http_sockets_open(struct http_sockets *sockets);
/* http_sockets_close - close all connections.  The handle must have no transfers. */
void http_sockets_close(struct http_sockets *sockets);

#endif
