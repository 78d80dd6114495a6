/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "arplet/http_server.h"

#include "arplet/arena.h"
#include "util/clock.h"
#include "util/log.h"

#include <errno.h>
#include <ev.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX        32
#define CONNECTIONS_MAX_PER_IP 16
#define CONNECTION_TIMEOUT_S   10u
#define CONNECTION_BYTES       8192 /* size of the buffer for the headers of a request, bytes */

struct httpd {
	struct MHD_Daemon *mhd;
	struct ev_loop *loop;
	ev_io io;       /* libmicrohttpd's epoll descriptor */
	ev_timer timer; /* libmicrohttpd's next timeout */
	struct http_pages pages;
};

/* show() writes the text of the page to @out, and returns the HTTP status. */
struct page {
	const char *path, *type;
	unsigned int (*show)(const struct httpd *http, FILE *out);
};

static unsigned int
show_state(FILE *out, const char *reason)
{
	fprintf(out, "%s\n", reason ? reason : "ok");
	return reason ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
}

static unsigned int
show_health(const struct httpd *http, FILE *out)
{
	return show_state(out, http->pages.unhealthy(http->pages.arg));
}

static unsigned int
show_ready(const struct httpd *http, FILE *out)
{
	return show_state(out, http->pages.unready(http->pages.arg));
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
show_metrics(const struct httpd *http, FILE *out)
{
	struct metrics *m = metrics_new();
	size_t len;
	char *text;

	http->pages.metrics(http->pages.arg, m);
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
	{ "/metrics", "text/plain; version=0.0.4; charset=utf-8", show_metrics },
};
#define PAGES (sizeof(pages) / sizeof(pages[0]))

static unsigned int
show_not_found(const struct httpd *http, FILE *out)
{
	(void)http;
	fputs("No such page.  Pages:\n", out);
	for (size_t i = 0; i < PAGES; i++)
		fprintf(out, "%s\n", pages[i].path);
	return MHD_HTTP_NOT_FOUND;
}

static unsigned int
show_not_allowed(const struct httpd *http, FILE *out)
{
	(void)http;
	fputs("Only GET and HEAD are allowed.\n", out);
	return MHD_HTTP_METHOD_NOT_ALLOWED;
}

static const struct page not_found = { NULL, TEXT_PLAIN, show_not_found };
static const struct page not_allowed = { NULL, TEXT_PLAIN, show_not_allowed };

static enum MHD_Result
respond(const struct httpd *http, struct MHD_Connection *conn, const struct page *page)
{
	struct MHD_Response *response;
	enum MHD_Result rc;
	unsigned int status;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	status = page->show(http, out);
	if (fclose(out) != 0)
		abort();
	response = MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
	if (!response)
		abort();
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	rc = MHD_queue_response(conn, status, response);
	MHD_destroy_response(response);
	return rc;
}

/*
 * libmicrohttpd calls this function when it has read the headers of a request (*seen is NULL), for
 * each part of the body, and a last time to get the response.  A request whose method is not
 * allowed is answered in the first call, so that the server never reads its body.
 */
static enum MHD_Result
on_request(void *arg, struct MHD_Connection *conn, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_len, void **seen)
{
	static char mark;

	(void)version, (void)upload;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return respond(arg, conn, &not_allowed);
	if (!*seen || *upload_len) {
		*seen = &mark;
		*upload_len = 0;
		return MHD_YES;
	}
	for (size_t i = 0; i < PAGES; i++) {
		if (strcmp(url, pages[i].path) == 0)
			return respond(arg, conn, &pages[i]);
	}
	return respond(arg, conn, &not_found);
}

/* Let libmicrohttpd serve the sockets that are ready, and set the timer for its next timeout. */
static void
http_run(struct httpd *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	MHD_run(http->mhd);
	ev_timer_stop(http->loop, &http->timer);
	if (MHD_get_timeout(http->mhd, &wait_ms) != MHD_YES)
		return;
	ev_timer_set(&http->timer, (double)wait_ms / 1e3, 0);
	ev_timer_start(http->loop, &http->timer);
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	http_run(w->data);
}

static void
on_timeout(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	http_run(w->data);
}

/* Open a listening socket, or return a negative errno.  [::] also accepts IPv4 connections. */
static int
listen_on(const struct ip_port *addr)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM }, *ai;
	char host[IP_TEXT_MAX], service[8];
	int fd, rc;

	snprintf(service, sizeof(service), "%u", addr->port);
	if (getaddrinfo(ip_format(&addr->ip, host), service, &hints, &ai) != 0)
		return -EINVAL;
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	rc = fd < 0 ? -errno : fd;
	if (fd >= 0 &&
	    (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0 ||
	        (ai->ai_family == AF_INET6 &&
	            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 0 }, sizeof(int)) < 0) ||
	        bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, CONNECTIONS_MAX) < 0)) {
		rc = -errno;
		close(fd);
	}
	freeaddrinfo(ai);
	return rc;
}

static struct MHD_Daemon *
start_mhd(struct httpd *http, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, http,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX_PER_IP,
	    MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
}

int
httpd_new(struct ev_loop *loop, const struct ip_port *addr, const struct http_pages *contents,
    struct httpd **ret_http, struct err *err)
{
	struct httpd *http = xcalloc(1, sizeof(*http));
	char ip[IP_TEXT_MAX];
	int fd;

	*http = (struct httpd){ .loop = loop, .pages = *contents };
	fd = listen_on(addr);
	if (fd < 0) {
		free(http);
		return err_set(err, fd, "cannot listen on %s port %u: %s",
		    ip_format(&addr->ip, ip), addr->port, strerror(-fd));
	}
	http->mhd = start_mhd(http, fd);
	if (!http->mhd) {
		close(fd);
		free(http);
		return err_set(err, -EIO, "cannot start libmicrohttpd");
	}
	ev_io_init(&http->io, on_readable,
	    MHD_get_daemon_info(http->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, EV_READ);
	ev_init(&http->timer, on_timeout);
	http->io.data = http->timer.data = http;
	ev_io_start(loop, &http->io);
	*ret_http = http;
	return 0;
}

void
httpd_free(struct httpd *http)
{
	if (!http)
		return;
	ev_io_stop(http->loop, &http->io);
	ev_timer_stop(http->loop, &http->timer);
	MHD_stop_daemon(http->mhd);
	free(http);
}

uint16_t
httpd_port(const struct httpd *http)
{
	return MHD_get_daemon_info(http->mhd, MHD_DAEMON_INFO_BIND_PORT)->port;
}
