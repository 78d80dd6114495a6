/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_SERVER_H
#define ARPLET_HTTP_SERVER_H

#include "arplet/err.h"
#include "arplet/ip.h"
#include "arplet/metrics.h"

struct ev_loop;
struct httpd;

/*
 * The functions that produce the pages.  The server calls each function in the event loop, once for
 * each request, so a function must not block.  A string that a function returns must be valid until
 * the next call of the function.
 */
struct http_pages {
	/* /healthz: return NULL to answer 200 "ok", or a reason to answer 503 */
	const char *(*unhealthy)(void *arg);
	/*
	 * /readyz: like /healthz; the reason names what is still missing, such as the first list of
	 * nodes
	 */
	const char *(*unready)(void *arg);
	/* /metrics: add the present value of each metric to @m with metric() */
	void (*metrics)(void *arg, struct metrics *m);
	void *arg;
};

/*
 * httpd_new - serve @pages (copied) on @addr, in the event loop @loop.  The server answers GET and
 * HEAD requests, one on each connection.  The number of connections and their duration have limits
 * (http_conns.h).  If the port is 0, the kernel chooses a port.  If the server cannot listen on
 * @addr, returns a negative errno, and sets @err.
 */
int httpd_new(struct ev_loop *loop, const struct ip_port *addr, const struct http_pages *pages,
    struct httpd **ret_http, struct err *err) __attribute__((warn_unused_result));

/*
 * httpd_free - close every connection and free @http, which may be NULL.  The functions of
 * http_pages must not call httpd_free().
 */
void httpd_free(struct httpd *http);

/* httpd_port - the port that the server listens on. */
uint16_t httpd_port(const struct httpd *http);

#endif
