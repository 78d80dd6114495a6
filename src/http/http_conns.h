/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HTTP_CONNS_H
#define HTTP_HTTP_CONNS_H

#include <bsd/sys/queue.h>
#include <ev.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define CONNS_MAX          64 /* connections of all clients */
#define CONNS_MAX_PER_ADDR 32 /* connections of one address */
/*
 * The most connections that are accepted in one turn of the event loop.  It is smaller than both
 * limits above, so that a request that has arrived is read before its connection is ended in favour
 * of newer ones.
 */
#define CONNS_PER_TURN     8
#define HEAD_MAX_MS        5000  /* the longest time from accept() to the end of the headers */
#define RESPONSE_MAX_MS    10000 /* the longest time in which a client may read a response */

/* One accepted connection. */
struct http_conn {
	TAILQ_ENTRY(http_conn) next;
	int fd;                /* the owner of the connection closes it */
	struct in6_addr addr;  /* the client; of an IPv6 address, the first 64 bits */
	int64_t deadline_ms;   /* clock_ms() at which the connection is ended */
	bool ended;            /* the connection is shut down, and no longer in the list */
};

struct http_conns_ops {
	/*
	 * Take over the connection @conn, which another function serves and closes; it then calls
	 * http_conn_closed().  Returns false, with the socket closed, if that is impossible.
	 */
	bool (*take)(void *arg, struct http_conn *conn, const struct sockaddr *addr, socklen_t len);
	/* Connections were taken or shut down: serve them, and close those that are shut down. */
	void (*serve)(void *arg);
};

/*
 * The connections of an HTTP server: accepts them, and limits their number and their duration.
 *
 * A new connection is never refused.  Instead, the oldest connection of the same address is ended
 * if the address has CONNS_MAX_PER_ADDR connections; if there are CONNS_MAX connections, the oldest
 * one of the address with the most connections.  A kubelet sends its whole request at once, so its
 * connection ends long before it is the oldest.
 */
struct http_conns {
	struct ev_loop *loop;
	struct http_conns_ops ops;
	void *arg;
	ev_io accept_io;
	ev_timer pause; /* active while nothing is accepted, because accept() failed */
	ev_timer timer; /* the next deadline of a connection */
	TAILQ_HEAD(, http_conn) list; /* oldest first */
	size_t n;       /* connections in @list */
};

/* http_conns_init - accept connections of the listening, non-blocking socket @fd. */
void http_conns_init(struct http_conns *conns, struct ev_loop *loop, int fd,
    const struct http_conns_ops *ops, void *arg);

/* http_conns_done - stop to accept; the owner has closed all connections, and closes the socket. */
void http_conns_done(struct http_conns *conns);

/* http_conn_responds - the headers are read; from now on the client reads the response. */
void http_conn_responds(struct http_conns *conns, struct http_conn *conn);

/* http_conn_closed - forget and free @conn, whose socket is closed or about to be closed. */
void http_conn_closed(struct http_conns *conns, struct http_conn *conn);

#endif
