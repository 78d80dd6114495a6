/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "http_conns.h"

#include "arplet/arena.h"
#include "util/clock.h"
#include "util/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ACCEPT_PAUSE_S 0.1 /* after accept() failed, for example because no descriptor is free */

/* The client's address, of which all connections count together. */
static struct in6_addr
client_of(const struct sockaddr_storage *from)
{
	struct in6_addr addr = { 0 };

	if (from->ss_family == AF_INET) {
		memcpy(&addr, &((const struct sockaddr_in *)from)->sin_addr, 4);
		return addr;
	}
	addr = ((const struct sockaddr_in6 *)from)->sin6_addr;
	/* one host of an IPv6 network has as many addresses as it likes, with the same prefix */
	if (!IN6_IS_ADDR_V4MAPPED(&addr))
		memset(&addr.s6_addr[8], 0, 8);
	return addr;
}

static size_t
count_of(const struct http_conns *conns, const struct in6_addr *addr)
{
	const struct http_conn *conn;
	size_t n = 0;

	TAILQ_FOREACH(conn, &conns->list, next)
		n += memcmp(&conn->addr, addr, sizeof(*addr)) == 0;
	return n;
}

/* Shut down @conn; the owner of the connection sees its end in ops.serve(), and closes it. */
static void
end_conn(struct http_conns *conns, struct http_conn *conn)
{
	TAILQ_REMOVE(&conns->list, conn, next);
	conns->n--;
	conn->ended = true;
	(void)shutdown(conn->fd, SHUT_RDWR);
}

static void
end_oldest_of(struct http_conns *conns, const struct in6_addr *addr)
{
	struct http_conn *conn;

	TAILQ_FOREACH(conn, &conns->list, next) {
		if (memcmp(&conn->addr, addr, sizeof(*addr)) == 0) {
			end_conn(conns, conn);
			return;
		}
	}
}

/* The address with the most connections; of several, the one with the oldest connection. */
static struct in6_addr
busiest(const struct http_conns *conns)
{
	struct in6_addr found = { 0 };
	const struct http_conn *conn;
	size_t most = 0, n;

	TAILQ_FOREACH(conn, &conns->list, next) {
		n = count_of(conns, &conn->addr);
		if (n > most) {
			most = n;
			found = conn->addr;
		}
	}
	return found;
}

static void
make_room(struct http_conns *conns, const struct in6_addr *addr)
{
	struct in6_addr victim;

	if (count_of(conns, addr) >= CONNS_MAX_PER_ADDR) {
		end_oldest_of(conns, addr);
	} else if (conns->n >= CONNS_MAX) {
		victim = busiest(conns);
		end_oldest_of(conns, &victim);
	}
}

static void
set_timer(struct http_conns *conns)
{
	int64_t at_ms = INT64_MAX;
	const struct http_conn *conn;

	TAILQ_FOREACH(conn, &conns->list, next)
		at_ms = conn->deadline_ms < at_ms ? conn->deadline_ms : at_ms;
	timer_at(conns->loop, &conns->timer, at_ms, clock_ms());
}

static void
add(struct http_conns *conns, int fd, const struct sockaddr_storage *from, socklen_t len)
{
	struct http_conn *conn = xcalloc(1, sizeof(*conn));

	conn->fd = fd;
	conn->addr = client_of(from);
	conn->deadline_ms = clock_ms() + HEAD_MAX_MS;
	make_room(conns, &conn->addr);
	TAILQ_INSERT_TAIL(&conns->list, conn, next);
	conns->n++;
	if (!conns->ops.take(conns->arg, conn, (const struct sockaddr *)from, len))
		http_conn_closed(conns, conn);
}

static void
on_acceptable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct http_conns *conns = w->data;
	int fd = 0;

	(void)revents;
	for (int i = 0; i < CONNS_PER_TURN && fd >= 0; i++) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);

		fd = accept4(w->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			add(conns, fd, &from, len);
	}
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
		/* the connection stays in the queue: without a pause, this function runs again */
		ev_io_stop(loop, w);
		ev_timer_set(&conns->pause, ACCEPT_PAUSE_S, 0.);
		ev_timer_start(loop, &conns->pause);
	}
	conns->ops.serve(conns->arg);
	set_timer(conns);
}

static void
on_pause_end(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct http_conns *conns = w->data;

	(void)revents;
	ev_io_start(loop, &conns->accept_io);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct http_conns *conns = w->data;
	int64_t now_ms = clock_ms();
	struct http_conn *conn, *next;

	(void)loop, (void)revents;
	TAILQ_FOREACH_SAFE(conn, &conns->list, next, next) {
		if (conn->deadline_ms <= now_ms)
			end_conn(conns, conn);
	}
	conns->ops.serve(conns->arg);
	set_timer(conns);
}

void
http_conn_responds(struct http_conns *conns, struct http_conn *conn)
{
	conn->deadline_ms = clock_ms() + RESPONSE_MAX_MS;
	set_timer(conns);
}

void
http_conn_closed(struct http_conns *conns, struct http_conn *conn)
{
	if (!conn->ended) {
		TAILQ_REMOVE(&conns->list, conn, next);
		conns->n--;
	}
	if (!conns->n)
		ev_timer_stop(conns->loop, &conns->timer);
	free(conn);
}

void
http_conns_init(struct http_conns *conns, struct ev_loop *loop, int fd,
    const struct http_conns_ops *ops, void *arg)
{
	conns->loop = loop;
	conns->ops = *ops;
	conns->arg = arg;
	TAILQ_INIT(&conns->list);
	ev_io_init(&conns->accept_io, on_acceptable, fd, EV_READ);
	ev_init(&conns->timer, on_timer);
	ev_init(&conns->pause, on_pause_end);
	conns->pause.data = conns->accept_io.data = conns->timer.data = conns;
	ev_io_start(loop, &conns->accept_io);
}

void
http_conns_done(struct http_conns *conns)
{
	ev_io_stop(conns->loop, &conns->accept_io);
	ev_timer_stop(conns->loop, &conns->timer);
	ev_timer_stop(conns->loop, &conns->pause);
}
