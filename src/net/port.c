/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/port.h"
#include "arplet/arena.h"
#include "link_rx.h"
#include "port_announcer.h"
#include "port_election.h"
#include "port_prober.h"
#include "port_socks.h"
#include "port_state.h"
#include "port_timer.h"
#include "rawsock.h"
#include "util/clock.h"

#include <stdlib.h>

/* Tells the announcer which links are new, gone or changed. */
static void
update_links(struct port *port, int64_t now_ms)
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
	update_links(port, now_ms);
	port_socks_update(port, now_ms);
	link_rx_read_unchanged(port, now_ms); /* without them live peers would count as dead */
	if (port->election)
		election_tick(port->election, now_ms, clock_wall_s());
	port_socks_update(port, now_ms); /* open sockets for newly held VIPs */
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
	if (!port)
		return;
	port_socks_free(port);
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
port_add(struct port *port, const struct ip *ip, int ifindex)
{
	port_announcer_add(port, ip, ifindex);
}

void
port_remove(struct port *port, const struct ip *ip, int ifindex)
{
	port_announcer_remove(port, ip, ifindex);
}

void
port_set_peer(struct port *port, const struct mac *mac, bool is_peer)
{
	announcer_set_peer(port->announcer, mac, is_peer);
}

void
port_want_holder(struct port *port, const struct ip *ip, const struct ip *key, int ifindex)
{
	election_want_holder(port->election, ifindex, ip, key, clock_ms());
	port_wake_in(port, 0);
}

void
port_withdraw(struct port *port, const struct ip *ip, int ifindex)
{
	election_withdraw(port->election, ifindex, ip, clock_ms());
	port_wake_in(port, 0);
}

void
port_send_hellos(struct port *port, int ifindex, bool sends)
{
	port_socks_add(port, ifindex, SOCK_HELLO)->sends_hellos = sends;
	port_socks_add(port, ifindex, SOCK_HELLO_UNCHANGED)->sends_hellos = sends;
	if (sends)
		port_socks_add(port, ifindex, SOCK_ARP);
	else
		election_close(port->election, ifindex, clock_ms());
}

void
port_set_key(struct port *port, const struct hello_key *key)
{
	election_set_key(port->election, key, clock_ms());
	port_wake_in(port, 0);
}

void
port_leave(struct port *port)
{
	port->leaving = true;
	election_leave(port->election, clock_ms());
	port_wake_in(port, 0);
}

const struct election *
port_election(const struct port *port)
{
	return port->election;
}

void
port_probe(struct port *port, const struct probe_target *targets, size_t n)
{
	int64_t now_ms = clock_ms();

	prober_plan_begin(port->prober);
	for (size_t i = 0; i < n; i++) {
		const struct link *links[PROBER_LINKS_MAX];
		size_t found = 0;

		for (size_t j = 0; j < PROBER_LINKS_MAX && targets[i].links[j]; j++) {
			const struct link *link = port_link(port, targets[i].links[j]);

			if (!link)
				continue;
			links[found++] = link;
			port_socks_listen(port, link->ifindex, &targets[i].ip);
			port_socks_unlisten(port, link->ifindex, targets[i].ip.family);
		}
		if (found)
			prober_plan_add(port->prober, &targets[i].ip, links, found, now_ms);
	}
	prober_plan_end(port->prober);
	port_wake_in(port, 0);
}

void
port_stats(const struct port *port, struct port_stats *ret_stats)
{
	const struct link_sock *sock;

	*ret_stats = (struct port_stats){ .received = port->received, .bad = port->bad,
		.unsent = port->unsent };
	SLIST_FOREACH(sock, &port->socks, next)
		ret_stats->sockets += sock->fd >= 0;
}
