/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "arplet/http_server.h"

#include "arplet/arena.h"
#include "http_conns.h"
#include "page_maker.h"

#include <errno.h>
#include <ev.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG          1024 /* connections that the kernel keeps until they are accepted */
#define CONNECTION_BYTES 8192 /* size of the buffer for the headers of a request, bytes */
#define SEND_BUF_BYTES   (256 * 1024) /* the most that the kernel keeps of a response, bytes */
#define DEFER_S          5    /* the kernel keeps connections on which nothing arrived, seconds */

struct httpd {
	struct MHD_Daemon *mhd;
	struct ev_loop *loop;
	int fd; /* the listening socket */
	struct http_conns conns;
	struct http_conn *taking; /* the connection that MHD_add_connection() adds now */
	ev_io io;       /* libmicrohttpd's epoll descriptor */
	ev_timer timer; /* libmicrohttpd's next timeout */
	struct page_maker page_maker;
};

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
	struct httpd *http = arg;
	bool allowed = page_method_allowed(method);

	(void)version, (void)upload;
	if (allowed && (!*seen || *upload_len)) {
		*seen = &mark;
		*upload_len = 0;
		return MHD_YES;
	}
	http_conn_responds(&http->conns,
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
	return page_respond(&http->page_maker, conn, allowed ? url : NULL);
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

/* libmicrohttpd calls this function when a connection starts, and when it has ended. */
static void
on_connection(void *arg, struct MHD_Connection *conn, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct httpd *http = arg;

	(void)conn;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = http->taking;
		http->taking = NULL;
	} else {
		http_conn_closed(&http->conns, *context);
	}
}

static bool
take_conn(void *arg, struct http_conn *conn, const struct sockaddr *addr, socklen_t len)
{
	struct httpd *http = arg;

	http->taking = conn;
	(void)MHD_add_connection(http->mhd, conn->fd, addr, len);
	return !http->taking; /* libmicrohttpd has closed a connection that it did not add */
}

static void
serve_conns(void *arg)
{
	http_run(arg);
}

/*
 * Options of a listening socket; accepted sockets inherit the size of the buffer.  The kernel
 * hands over a connection when its first bytes have arrived, so that idle connections cost little.
 */
static int
set_sock_options(int fd, int family)
{
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUF_BYTES }, sizeof(int)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &(int){ DEFER_S }, sizeof(int)) < 0 ||
	    (family == AF_INET6 &&
	        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 0 }, sizeof(int)) < 0))
		return -1;
	return 0;
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
	    (set_sock_options(fd, ai->ai_family) < 0 ||
	        bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)) {
		rc = -errno;
		close(fd);
	}
	freeaddrinfo(ai);
	return rc;
}

/*
 * http_conns limits the connections.  Until http_run() closes the connections that it has ended,
 * there are up to CONNS_PER_TURN more.
 */
static struct MHD_Daemon *
start_mhd(struct httpd *http)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
	    on_request, http,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned int)(CONNS_MAX + 2 * CONNS_PER_TURN),
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
}

int
httpd_new(struct ev_loop *loop, const struct ip_port *addr, const struct http_pages *contents,
    struct httpd **ret_http, struct err *err)
{
	struct httpd *http = xcalloc(1, sizeof(*http));
	char ip[IP_TEXT_MAX];
	int fd;

	*http = (struct httpd){ .loop = loop };
	page_maker_init(&http->page_maker, loop, contents);
	fd = listen_on(addr);
	if (fd < 0) {
		free(http);
		return err_set(err, fd, "cannot listen on %s port %u: %s",
		    ip_format(&addr->ip, ip), addr->port, strerror(-fd));
	}
	http->fd = fd;
	http->mhd = start_mhd(http);
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
	http_conns_init(&http->conns, loop, fd,
	    &(struct http_conns_ops){ take_conn, serve_conns }, http);
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
	page_maker_done(&http->page_maker);
	MHD_stop_daemon(http->mhd);
	http_conns_done(&http->conns);
	close(http->fd);
	free(http);
}

uint16_t
httpd_port(const struct httpd *http)
{
	struct sockaddr_storage addr = { 0 };
	socklen_t len = sizeof(addr);

	(void)getsockname(http->fd, (struct sockaddr *)&addr, &len);
	return ntohs(addr.ss_family == AF_INET ? ((struct sockaddr_in *)&addr)->sin_port
					       : ((struct sockaddr_in6 *)&addr)->sin6_port);
}
