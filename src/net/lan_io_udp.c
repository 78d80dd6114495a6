/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_udp.h"
#include "arplet/arena.h"
#include "core/base/backoff.h"
#include "lan_io_state.h"
#include "lan_io_timer.h"
#include "link_rx.h"
#include "rawsock.h"
#include "util/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * After a full batch of datagrams, a socket is not read for PAUSE_S.  So a host that floods the
 * port makes this process verify at most 6,400 signatures a second.  Peers send at most about 500
 * hellos a second.
 */
#define PAUSE_S          0.01
#define RETRY_FIRST_MS   100
#define RETRY_LONGEST_MS 10000

static void
udp_close(struct link_udp *udp)
{
	if (udp->fd < 0)
		return;
	ev_io_stop(udp->owner->loop, &udp->io);
	ev_timer_stop(udp->owner->loop, &udp->pause);
	udp->dropped_before += udp_sock_dropped(udp->fd);
	close(udp->fd);
	udp->fd = -1;
}

static void
udp_free(struct link_udp *udp)
{
	udp_close(udp);
	udp->owner->udp_dropped += udp->dropped_before;
	free(udp);
}

/*
 * Closes the socket, and opens it again after a pause.  Reports only the first failure, for example
 * if another process uses the port.  Does not report the failures of an address or a link that is
 * gone or not ready yet (RFC 4862 section 5.4), because rtnetlink reports these changes.
 */
static void
udp_fail(struct link_udp *udp, int error, int64_t now_ms)
{
	struct lan_io *io = udp->owner;
	const struct link *link = lan_io_link(io, udp->ifindex);

	udp_close(udp);
	udp->reopen_pause_ms =
	    backoff_next_ms(udp->reopen_pause_ms, RETRY_FIRST_MS, RETRY_LONGEST_MS);
	udp->reopen_at_ms = now_ms + udp->reopen_pause_ms;
	lan_io_wake_in(io, udp->reopen_pause_ms);
	if (udp->failed || error == EADDRNOTAVAIL || error == ENODEV || error == ENETDOWN)
		return;
	udp->failed = true;
	if (io->ops->on_udp_error && link)
		io->ops->on_udp_error(io->arg, link, &udp->ip, io->hello_port, error);
}

/* True if another node of the cluster sent the datagram: from its address, by the API, and port. */
static bool
is_from_node(const struct link_udp *udp, const union sock_addr *from)
{
	const struct lan_io *io = udp->owner;
	const struct link *link = lan_io_link(io, udp->ifindex);
	const struct ip ip = sock_addr_ip(from);
	const char *node = lan_nodes_node_of(&io->lan_nodes, &ip);

	return node && strcmp(node, io->node) != 0 && sock_addr_port(from) == io->hello_port &&
	    link && link_has_prefix(link, &ip);
}

static void
rx(struct link_udp *udp, size_t i, const union sock_addr *from, int64_t now_ms)
{
	struct lan_io *io = udp->owner;
	int64_t oldest_ms = now_ms - udp->read_ms; /* the wall clock can jump: see link_rx.c */
	int64_t age_ms = io->in->age_ms[i] < oldest_ms ? io->in->age_ms[i] : oldest_ms;

	if (!is_from_node(udp, from)) {
		io->udp_refused++;
		return;
	}
	io->udp_received++;
	(void)election_on_hello(io->election, udp->ifindex, HELLO_UDP, io->in->frame[i],
	    io->in->len[i], now_ms - (age_ms > 0 ? age_ms : 0), now_ms);
}

static void
on_udp_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct link_udp *udp = w->data;
	struct lan_io *io = udp->owner;
	union sock_addr from[RAWSOCK_BATCH];
	int64_t now_ms = clock_ms();
	int got;

	(void)revents;
	election_check_stopped(io->election, now_ms);
	link_rx_read_unchanged(io, now_ms); /* read older hellos before these */
	got = rawsock_recv_batch(udp->fd, io->in, RAWSOCK_BATCH, from);
	for (int i = 0; i < got; i++)
		rx(udp, (size_t)i, &from[i], now_ms);
	udp->read_ms = now_ms;
	if (got == RAWSOCK_BATCH) {
		ev_io_stop(loop, &udp->io);
		ev_timer_again(loop, &udp->pause);
	} else if (got < 0) {
		udp_fail(udp, -got, now_ms);
	}
	lan_io_wake(io, now_ms);
}

static void
on_pause_end(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct link_udp *udp = w->data;

	(void)revents;
	ev_timer_stop(loop, w);
	ev_io_start(loop, &udp->io);
}

static struct link_udp *
udp_new(struct lan_io *io, int ifindex, const struct ip *ip)
{
	struct link_udp *udp = xcalloc(1, sizeof(*udp));

	udp->owner = io;
	udp->ifindex = ifindex;
	udp->ip = *ip;
	udp->fd = -1;
	ev_init(&udp->io, on_udp_readable);
	/* before the timer of lan_io, which can find that a peer with unread hellos is dead */
	ev_set_priority(&udp->io, EV_MAXPRI - 1);
	ev_timer_init(&udp->pause, on_pause_end, 0., PAUSE_S);
	udp->io.data = udp->pause.data = udp;
	SLIST_INSERT_HEAD(&io->udps, udp, next);
	return udp;
}

static struct link_udp *
udp_find(const struct lan_io *io, int ifindex, const struct ip *ip)
{
	struct link_udp *udp;

	SLIST_FOREACH(udp, &io->udps, next) {
		if (udp->ifindex == ifindex && ip_equal(&udp->ip, ip))
			return udp;
	}
	return NULL;
}

static void
udp_open(struct link_udp *udp, int64_t now_ms)
{
	const struct link *link = lan_io_link(udp->owner, udp->ifindex);
	int rc = link ? udp_sock_open(link, &udp->ip, udp->owner->hello_port) : -ENODEV;

	if (rc < 0) {
		udp_fail(udp, -rc, now_ms);
		return;
	}
	udp->fd = rc;
	udp->failed = false;
	udp->reopen_pause_ms = 0;
	udp->read_ms = now_ms;
	ev_io_set(&udp->io, udp->fd, EV_READ);
	ev_io_start(udp->owner->loop, &udp->io);
}

/* Reads the addresses of all Nodes, because they have changed. */
static void
read_nodes(struct lan_io *io)
{
	lan_nodes_done(&io->lan_nodes);
	io->ops->each_node_address(io->arg, &io->lan_nodes);
	lan_nodes_sort(&io->lan_nodes);
}

/* Marks the sockets that the link needs as wanted, and makes the missing ones. */
static void
want_sockets(struct lan_io *io, const struct link *link)
{
	static const uint8_t families[] = { IPV4, IPV6 };

	for (size_t i = 0; link && link->up && i < 2; i++) {
		const struct ip *own = lan_nodes_own(&io->lan_nodes, io->node, link, families[i]);
		struct link_udp *udp = own ? udp_find(io, link->ifindex, own) : NULL;

		if (own && !udp)
			udp = udp_new(io, link->ifindex, own);
		if (udp)
			udp->wanted = true;
	}
}

static void
choose_sockets(struct lan_io *io)
{
	struct link_udp *udp, *next;
	const struct link_sock *sock;

	if (io->nodes_stale)
		read_nodes(io);
	io->nodes_stale = io->udp_stale = false;
	SLIST_FOREACH(sock, &io->socks, next) {
		if (sock->kind == SOCK_HELLO && sock->sends_hellos)
			want_sockets(io, lan_io_link(io, sock->ifindex));
	}
	SLIST_FOREACH_SAFE(udp, &io->udps, next, next) {
		if (!udp->wanted) {
			SLIST_REMOVE(&io->udps, udp, link_udp, next);
			udp_free(udp);
			continue;
		}
		udp->wanted = false;
	}
}

void
lan_io_udp_update(struct lan_io *io, int64_t now_ms)
{
	struct link_udp *udp;

	if (!io->election || !io->hello_port || !io->ops->each_node_address)
		return;
	if (io->udp_stale || io->nodes_stale)
		choose_sockets(io);
	SLIST_FOREACH(udp, &io->udps, next) {
		if (udp->fd < 0 && now_ms >= udp->reopen_at_ms)
			udp_open(udp, now_ms);
	}
}

void
lan_io_udp_free(struct lan_io *io)
{
	struct link_udp *udp;

	while ((udp = SLIST_FIRST(&io->udps))) {
		SLIST_REMOVE_HEAD(&io->udps, next);
		udp_free(udp);
	}
	lan_nodes_done(&io->lan_nodes);
}

/* The open socket that reaches @node on the link, and the node's address; NULL: none. */
static const struct link_udp *
route(const struct lan_io *io, const struct link *link, const char *node, const struct ip **ret_to)
{
	const struct link_udp *udp;

	SLIST_FOREACH(udp, &io->udps, next) {
		if (udp->fd < 0 || udp->ifindex != link->ifindex)
			continue;
		*ret_to = lan_nodes_address(&io->lan_nodes, node, link, udp->ip.family);
		if (*ret_to)
			return udp;
	}
	return NULL;
}

void
lan_io_udp_send(struct lan_io *io, int ifindex, const char *node, const uint8_t *payload, size_t len)
{
	const struct link *link = lan_io_link(io, ifindex);
	const struct ip *to = NULL;
	const struct link_udp *udp = link ? route(io, link, node, &to) : NULL;

	if (!udp)
		return;
	if (udp_sock_send(udp->fd, to, io->hello_port, payload, len) < 0)
		io->unsent++;
	else
		io->udp_sent++;
}

void
lan_io_udp_each_node(const struct lan_io *io, int ifindex,
    void (*visit)(void *arg, const char *node), void *arg)
{
	const struct link *link = lan_io_link(io, ifindex);
	const struct lan_nodes *nodes = &io->lan_nodes;
	const struct ip *to;

	if (!link || SLIST_EMPTY(&io->udps))
		return;
	for (size_t i = 0; i < nodes->n; i = lan_nodes_next(nodes, i)) {
		const char *node = nodes->by_node[i].node;

		if (strcmp(node, io->node) != 0 && route(io, link, node, &to))
			visit(arg, node);
	}
}

uint64_t
lan_io_udp_dropped(const struct lan_io *io)
{
	const struct link_udp *udp;
	uint64_t dropped = io->udp_dropped;

	SLIST_FOREACH(udp, &io->udps, next)
		dropped += udp->dropped_before + (udp->fd >= 0 ? udp_sock_dropped(udp->fd) : 0);
	return dropped;
}
