/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_H
#define ARPLET_HTTP_H

#include "arplet/err.h"
#include "arplet/ip.h"
#include "arplet/metrics.h"

struct ev_loop;
struct httpd;

/*
 * What the pages say.  Each function is called within the loop, once a request, and must be
 * quick; @arg is handed through.  Strings need only hold until the loop goes on.
 */
struct http_pages {
	/* /healthz: NULL answers 200 "ok", a reason answers 503 with it: restart this process. */
	const char *(*unhealthy)(void *arg);
	/* /readyz: likewise, until what the daemon needs to know has been read. */
	const char *(*unready)(void *arg);
	/* /metrics: adds the values of now, by metric(). */
	void (*metrics)(void *arg, struct metrics *m);
	void *arg;
};

/*
 * httpd_new - serve @pages (copied) on @addr from @loop, without a thread: GET and HEAD, a few
 * connections at a time, each with a time-out.  With port 0 the kernel picks one.  -errno with a
 * sentence when the address cannot be had.
 */
int httpd_new(struct ev_loop *loop, const struct ip_port *addr, const struct http_pages *pages,
    struct httpd **ret_http, struct err *err) __attribute__((warn_unused_result));

/* httpd_free - closes every connection; not to be called from a page.  NULL is fine. */
void httpd_free(struct httpd *http);

/* httpd_port - the port it listens on. */
uint16_t httpd_port(const struct httpd *http);

#endif
