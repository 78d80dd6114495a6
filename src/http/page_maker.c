/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "page_maker.h"

#include "arplet/arena.h"
#include "util/clock.h"
#include "util/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* show() writes the text of the page to @out, and returns the HTTP status. */
struct page {
	const char *path, *type;
	unsigned int (*show)(const struct page_maker *maker, FILE *out);
	bool is_metrics;
};

static unsigned int
show_state(FILE *out, const char *reason)
{
	fprintf(out, "%s\n", reason ? reason : "ok");
	return reason ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
}

static unsigned int
show_health(const struct page_maker *maker, FILE *out)
{
	return show_state(out, maker->pages.unhealthy(maker->pages.arg));
}

static unsigned int
show_ready(const struct page_maker *maker, FILE *out)
{
	return show_state(out, maker->pages.unready(maker->pages.arg));
}

/*
 * Add the metrics of the arplet process, such as its CPU time.  If /proc is not mounted, the metric
 * of the resident memory is left out.
 */
static void
add_process(struct metrics *m)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long pages;

	metric(m, METRIC_LOG_DROPPED, (double)log_dropped());
	metric(m, METRIC_BUILD_INFO, 1, PACKAGE_VERSION);
	metric(m, METRIC_CPU_SECONDS, (double)clock_cpu_us() / 1e6);
	if (!f)
		return;
	if (fscanf(f, "%*s %ld", &pages) == 1)
		metric(m, METRIC_RESIDENT_BYTES, (double)pages * (double)sysconf(_SC_PAGESIZE));
	fclose(f);
}

static unsigned int
show_metrics(const struct page_maker *maker, FILE *out)
{
	struct metrics *m = metrics_new();
	size_t len;
	char *text;

	maker->pages.metrics(maker->pages.arg, m);
	add_process(m);
	text = metrics_text(m, &len);
	fwrite(text, 1, len, out);
	free(text);
	metrics_free(m);
	return MHD_HTTP_OK;
}

#define TEXT_PLAIN "text/plain; charset=utf-8"

static const struct page pages[] = {
	{ "/healthz", TEXT_PLAIN, show_health },
	{ "/readyz", TEXT_PLAIN, show_ready },
	{ "/metrics", "text/plain; version=0.0.4; charset=utf-8", show_metrics, true },
};
#define PAGES (sizeof(pages) / sizeof(pages[0]))

static unsigned int
show_not_found(const struct page_maker *maker, FILE *out)
{
	(void)maker;
	fputs("No such page.  Pages:\n", out);
	for (size_t i = 0; i < PAGES; i++)
		fprintf(out, "%s\n", pages[i].path);
	return MHD_HTTP_NOT_FOUND;
}

static unsigned int
show_not_allowed(const struct page_maker *maker, FILE *out)
{
	(void)maker;
	fputs("Only GET and HEAD are allowed.\n", out);
	return MHD_HTTP_METHOD_NOT_ALLOWED;
}

static const struct page not_found = { NULL, TEXT_PLAIN, show_not_found };
static const struct page not_allowed = { NULL, TEXT_PLAIN, show_not_allowed };

/* The text of a response, which libmicrohttpd frees after the last client has read it. */
struct text {
	struct page_maker *maker;
	bool is_metrics;
	char *bytes;
	size_t len;
};

static void
text_free(void *arg)
{
	struct text *text = arg;

	text->maker->n_metrics -= text->is_metrics;
	free(text->bytes);
	free(text);
}

static struct MHD_Response *
render(struct page_maker *maker, const struct page *page, unsigned int *ret_status)
{
	struct text *text = xcalloc(1, sizeof(*text));
	FILE *out = open_memstream(&text->bytes, &text->len);
	struct MHD_Response *response;

	if (!out)
		abort();
	*ret_status = page->show(maker, out);
	if (fclose(out) != 0)
		abort();
	text->maker = maker;
	text->is_metrics = page->is_metrics;
	maker->n_metrics += page->is_metrics;
	response = MHD_create_response_from_buffer_with_free_callback_cls(text->len, text->bytes,
	    text_free, text);
	if (!response)
		abort();
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	/* a connection that stays open between requests would be the oldest when a new one comes */
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (*ret_status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	return response;
}

static void
forget_metrics(struct page_maker *maker)
{
	ev_timer_stop(maker->loop, &maker->forget);
	if (maker->metrics)
		MHD_destroy_response(maker->metrics);
	maker->metrics = NULL;
}

static void
on_forget(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct page_maker *maker = w->data;

	(void)loop, (void)revents;
	if (maker->n_metrics <= 1) /* else the limit METRICS_PAGES_MAX needs the last page */
		forget_metrics(maker);
}

/* Returns the page /metrics: the last page again, if it is too early for another one. */
static struct MHD_Response *
metrics_page(struct page_maker *maker, const struct page *page)
{
	int64_t begin_ms = clock_ms(), end_ms;
	unsigned int status;

	if (maker->metrics &&
	    (maker->n_metrics >= METRICS_PAGES_MAX || begin_ms < maker->metrics_until_ms))
		return maker->metrics;
	forget_metrics(maker);
	maker->metrics = render(maker, page, &status);
	end_ms = clock_ms();
	maker->metrics_until_ms = end_ms + METRICS_PAUSE * (end_ms - begin_ms);
	ev_timer_set(&maker->forget, 0., METRICS_KEEP_S);
	ev_timer_again(maker->loop, &maker->forget);
	return maker->metrics;
}

static enum MHD_Result
respond(struct page_maker *maker, struct MHD_Connection *conn, const struct page *page)
{
	struct MHD_Response *response;
	enum MHD_Result rc;
	unsigned int status;

	if (page->is_metrics)
		return MHD_queue_response(conn, MHD_HTTP_OK, metrics_page(maker, page));
	response = render(maker, page, &status);
	rc = MHD_queue_response(conn, status, response);
	MHD_destroy_response(response);
	return rc;
}

bool
page_method_allowed(const char *method)
{
	return strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
	    strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

enum MHD_Result
page_respond(struct page_maker *maker, struct MHD_Connection *conn, const char *url)
{
	if (!url)
		return respond(maker, conn, &not_allowed);
	for (size_t i = 0; i < PAGES; i++) {
		if (strcmp(url, pages[i].path) == 0)
			return respond(maker, conn, &pages[i]);
	}
	return respond(maker, conn, &not_found);
}

void
page_maker_init(struct page_maker *maker, struct ev_loop *loop, const struct http_pages *contents)
{
	*maker = (struct page_maker){ .loop = loop, .pages = *contents };
	ev_init(&maker->forget, on_forget);
	maker->forget.data = maker;
}

void
page_maker_done(struct page_maker *maker)
{
	forget_metrics(maker);
}
