/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "port_impl.h"
#include "rawsock.h"
#include "util/clock.h"

#include <errno.h>
#include <stdlib.h>

/* Is there anything to hear for it, or may there be at once?  To make a ring takes some 10 ms. */
static bool
is_used(const struct link_sock *link_sock)
{
	const struct link_sock *hellos = port_find_sock(link_sock->port, link_sock->ifindex, SOCK_HELLO);

	if (link_sock_is_for_hellos(link_sock))
		return link_sock->sends_hellos;
	if (link_sock->family == IPV4 && hellos && hellos->sends_hellos)
		return true;
	return announcer_serves(link_sock->port->announcer, link_sock->ifindex, link_sock->family) ||
	    (link_sock->port->prober &&
		prober_addresses(link_sock->port->prober, link_sock->ifindex, link_sock->family, NULL, 0));
}

static void
settle_socks(struct port *port, int64_t now_ms)
{
	struct link_sock *link_sock, **at = &SLIST_FIRST(&port->socks);

	while ((link_sock = *at)) {
		if (is_used(link_sock)) {
			link_sock_settle(link_sock, now_ms);
			at = &SLIST_NEXT(link_sock, next);
		} else {
			*at = SLIST_NEXT(link_sock, next);
			link_sock_free(link_sock);
		}
	}
}

/* Tells the announcer which links went, came or changed. */
static void
settle_links(struct port *port, int64_t now_ms)
{
	size_t n;
	const struct link *links = links_get(port->links, &n);

	if (!port->links_stale)
		return;
	port->links_stale = false;
	for (size_t i = 0; i < port->n_known; i++) {
		if (!port_link(port, port->known[i]))
			announcer_del_link(port->announcer, port->known[i], now_ms);
	}
	port->known = xrealloc(port->known, n, sizeof(*port->known));
	port->n_known = n;
	for (size_t i = 0; i < n; i++) {
		port->known[i] = links[i].ifindex;
		announcer_set_link(port->announcer, &links[i], now_ms);
	}
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct port *port = w->data;
	int64_t now_ms = clock_ms();

	(void)loop, (void)revents;
	port->wake_ms = INT64_MAX;
	settle_links(port, now_ms);
	settle_socks(port, now_ms);
	port_read_unchanged(port, now_ms); /* or who has been heard there would be taken for dead */
	if (port->election)
		election_tick(port->election, now_ms, clock_wall_s());
	settle_socks(port, now_ms); /* for what has just been elected */
	announcer_tick(port->announcer, now_ms);
	if (port->prober)
		prober_tick(port->prober, now_ms);
	if (port->leaving && election_left(port->election)) {
		port->leaving = false;
		port->ops->on_left(port->arg);
	}
	port_wake(port, now_ms);
}

static void
on_links_change(void *arg)
{
	struct port *port = arg;

	port->links_stale = true;
	port_wake_in(port, 0);
	port->ops->on_links(port->arg);
}

static void
on_links_error(void *arg, const char *what, int error)
{
	struct port *port = arg;

	port->ops->on_error(port->arg, what, error);
}

int
port_new(struct ev_loop *loop, const struct port_ops *ops, void *arg,
    const struct port_opts *opts, struct port **ret_port)
{
	static const struct links_ops links_ops = { on_links_change, on_links_error };
	struct port *port = xcalloc(1, sizeof(*port));
	int rc;

	port->in = xcalloc(1, sizeof(*port->in));
	port->out = xcalloc(1, sizeof(*port->out));
	port->in_max = IN_MIN;
	port->wake_ms = INT64_MAX;
	port->ops = ops;
	port->arg = arg;
	port->loop = loop;
	SLIST_INIT(&port->socks);
	ev_timer_init(&port->timer, on_timer, 0., 0.);
	port->timer.data = port;
	rc = links_new(loop, &links_ops, port, &port->links);
	if (rc < 0) {
		free(port->in);
		free(port->out);
		free(port);
		return rc;
	}
	port_announcer_new(port, &opts->announcer);
	if (opts->election.node)
		port_election_new(port, &opts->election);
	if (ops->on_probe_result)
		port_prober_new(port);
	port->links_stale = true;
	port_wake_in(port, 0);
	*ret_port = port;
	return 0;
}

void
port_free(struct port *port)
{
	struct link_sock *link_sock;

	if (!port)
		return;
	while ((link_sock = SLIST_FIRST(&port->socks))) {
		SLIST_REMOVE_HEAD(&port->socks, next);
		link_sock_free(link_sock);
	}
	ev_timer_stop(port->loop, &port->timer);
	election_free(port->election);
	announcer_free(port->announcer);
	prober_free(port->prober);
	links_free(port->links);
	free(port->known);
	free(port->in);
	free(port->out);
	free(port);
}

const struct link *
port_links(const struct port *port, size_t *ret_n)
{
	return links_get(port->links, ret_n);
}

const struct announcer *
port_announcer(const struct port *port)
{
	return port->announcer;
}

void
port_stats(const struct port *port, struct port_stats *ret_stats)
{
	const struct link_sock *link_sock;

	*ret_stats = port->stats;
	SLIST_FOREACH(link_sock, &port->socks, next)
		ret_stats->sockets += link_sock->fd >= 0;
}
