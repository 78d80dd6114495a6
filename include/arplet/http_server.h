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
 * each request, so a function must not block.  A returned string must be valid until the function
 * is called again.
 */
struct http_pages {
	/*
	 * /healthz: NULL means status 200 and "ok", a reason means status 503: restart this process
	 */
	const char *(*unhealthy)(void *arg);
	/* /readyz: as /healthz; the reason names what the daemon still has to read */
	const char *(*unready)(void *arg);
	/* /metrics: adds the present value of each metric to @m with metric() */
	void (*metrics)(void *arg, struct metrics *m);
	void *arg;
};

/*
 * httpd_new - serve @pages (copied) on @addr from @loop, without a thread.  Accepts GET and HEAD,
 * and a few connections at a time, each with a timeout.  With port 0 the kernel chooses a port.
 * Returns a negative errno and @err if the server cannot listen on @addr.
 */
int httpd_new(struct ev_loop *loop, const struct ip_port *addr, const struct http_pages *pages,
    struct httpd **ret_http, struct err *err) __attribute__((warn_unused_result));

/*
 * httpd_free - close every connection and free @http; NULL is fine.  No page may call this
 * function.
 */
void httpd_free(struct httpd *http);

/* httpd_port - the port that the server listens on. */
uint16_t httpd_port(const struct httpd *http);

#endif
