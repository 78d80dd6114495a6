/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_PAGE_MAKER_H
#define HTTP_PAGE_MAKER_H

#include "arplet/http_server.h"

#include <ev.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Makes the responses of the HTTP server.  A page /metrics of 10,000 Services has megabytes.  So at
 * most METRICS_PAGES_MAX of them exist at a time, and rendering them uses at most a tenth of the
 * time: other requests get the last page again.
 */
#define METRICS_PAGES_MAX 3
#define METRICS_PAUSE     9   /* pause after a page is rendered, in times of its rendering */
#define METRICS_KEEP_S    1.0 /* the last page is freed after this time, unless clients read it */

struct page_maker {
	struct ev_loop *loop;
	struct http_pages pages;
	struct MHD_Response *metrics; /* the last page /metrics; NULL: none, or freed */
	int64_t metrics_until_ms; /* no other page /metrics is rendered before this time */
	unsigned int n_metrics; /* pages /metrics: those that clients still read, and the last one */
	ev_timer forget;        /* frees the last page */
};

void page_maker_init(struct page_maker *maker, struct ev_loop *loop, const struct http_pages *pages);

/* page_maker_done - before MHD_stop_daemon(), which frees the pages that clients still read. */
void page_maker_done(struct page_maker *maker);

/* page_method_allowed - true for GET and HEAD. */
bool page_method_allowed(const char *method);

/*
 * page_respond - queue the page @url as the response on @conn: 404 if there is no such page, 405 if
 * @url is NULL because the method is not allowed.
 */
enum MHD_Result page_respond(struct page_maker *maker, struct MHD_Connection *conn,
    const char *url);

#endif
