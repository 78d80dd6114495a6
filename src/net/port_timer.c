/* SPDX-License-Identifier: Apache-2.0 */
#include "port_impl.h"
#include "rawsock.h"

#include <stdlib.h>

/* What all of a port build on: its timer, and what there is to find in it. */

void
port_wake_in(struct port *port, int64_t after_ms)
{
	double after = (double)(after_ms > 0 ? after_ms : 0) / 1000.0;

	ev_now_update(port->loop);
	if (ev_is_active(&port->timer) && ev_timer_remaining(port->loop, &port->timer) <= after)
		return;
	ev_timer_stop(port->loop, &port->timer);
	ev_timer_set(&port->timer, after, 0.);
	ev_timer_start(port->loop, &port->timer);
}

static int
cmp_index(const void *a, const void *b)
{
	int x = *(const int *)a, y = ((const struct link *)b)->ifindex;

	return x < y ? -1 : x > y;
}

const struct link *
port_link(const struct port *port, int ifindex)
{
	size_t n;
	const struct link *links = links_get(port->links, &n);

	return n ? bsearch(&ifindex, links, n, sizeof(*links), cmp_index) : NULL;
}

struct link_sock *
port_find_sock(const struct port *port, int ifindex, uint8_t family)
{
	struct link_sock *link_sock;

	SLIST_FOREACH(link_sock, &port->socks, next) {
		if (link_sock->ifindex == ifindex && link_sock->family == family)
			return link_sock;
	}
	return NULL;
}

void
port_flush(struct port *port)
{
	const struct link_sock *link_sock = port->answering;

	port->answering = NULL;
	if (port->out->n && link_sock->fd >= 0)
		port->stats.unsent += rawsock_send_batch(link_sock->fd, port->out);
	port->out->n = 0;
}

static int64_t
next_ms(const struct port *port)
{
	int64_t due_ms = announcer_next_ms(port->announcer);
	const struct link_sock *link_sock;

	if (port->election && election_next_ms(port->election) < due_ms)
		due_ms = election_next_ms(port->election);
	if (port->prober && prober_next_ms(port->prober) < due_ms)
		due_ms = prober_next_ms(port->prober);
	SLIST_FOREACH(link_sock, &port->socks, next) {
		if (link_sock->fd < 0 && link_sock->retry_at_ms && link_sock->retry_at_ms < due_ms)
			due_ms = link_sock->retry_at_ms;
		if (link_sock->fd >= 0 && link_sock->rewrite_at_ms < due_ms)
			due_ms = link_sock->rewrite_at_ms;
	}
	return due_ms;
}

void
port_wake(struct port *port, int64_t now_ms)
{
	int64_t due_ms = next_ms(port);

	if (due_ms >= port->wake_ms)
		return;
	port->wake_ms = due_ms;
	port_wake_in(port, due_ms - now_ms);
}
