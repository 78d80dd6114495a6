/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lan_io.h"
#include "arplet/arena.h"
#include "link_rx.h"
#include "lan_io_announcer.h"
#include "lan_io_election.h"
#include "lan_io_prober.h"
#include "lan_io_proxy.h"
#include "lan_io_socks.h"
#include "lan_io_state.h"
#include "lan_io_timer.h"
#include "rawsock.h"
#include "util/clock.h"

#include <stdlib.h>

/* Reports to the announcer the links that are new, gone or changed. */
static void
update_links(struct lan_io *io, int64_t now_ms)
{
	size_t n;
	const struct link *links = link_watch_get(io->links, &n);

	if (!io->links_stale)
		return;
	io->links_stale = false;
	io->udp_stale = true;
	for (size_t i = 0; i < io->n_known; i++) {
		if (!lan_io_link(io, io->known[i]))
			announcer_del_link(io->announcer, io->known[i], now_ms);
	}
	io->known = xrealloc(io->known, n, sizeof(*io->known));
	io->n_known = n;
	for (size_t i = 0; i < n; i++) {
		io->known[i] = links[i].ifindex;
		announcer_set_link(io->announcer, &links[i], now_ms);
	}
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct lan_io *io = w->data;
	int64_t now_ms = clock_ms();

	(void)loop, (void)revents;
	io->wake_ms = INT64_MAX;
	update_links(io, now_ms);
	lan_io_socks_update(io, now_ms);
	lan_io_udp_update(io, now_ms);
	link_rx_read_unchanged(io, now_ms); /* else a peer with unread hellos counts as dead */
	if (io->election)
		election_tick(io->election, now_ms);
	lan_io_socks_update(io, now_ms); /* open sockets for VIPs that were just claimed */
	announcer_tick(io->announcer, now_ms);
	if (io->prober)
		prober_tick(io->prober, now_ms);
	lan_io_proxy_tick(io, now_ms);
	if (io->leaving && election_left(io->election)) {
		io->leaving = false;
		io->ops->on_left(io->arg);
	}
	lan_io_wake(io, now_ms);
}

static void
on_links_change(void *arg)
{
	struct lan_io *io = arg;

	io->links_stale = true;
	lan_io_wake_in(io, 0);
	io->ops->on_links(io->arg);
}

static void
on_links_error(void *arg, const char *what, int error)
{
	struct lan_io *io = arg;

	io->ops->on_error(io->arg, what, error);
}

int
lan_io_new(struct ev_loop *loop, const struct lan_io_ops *ops, void *arg,
    const struct lan_io_opts *opts, struct lan_io **ret_port)
{
	static const struct link_watch_ops link_watch_ops = { on_links_change, on_links_error };
	struct lan_io *io = xcalloc(1, sizeof(*io));
	int rc;

	io->in = xcalloc(1, sizeof(*io->in));
	io->out = xcalloc(1, sizeof(*io->out));
	io->in_max = IN_MIN;
	io->wake_ms = INT64_MAX;
	io->ops = ops;
	io->arg = arg;
	io->loop = loop;
	SLIST_INIT(&io->socks);
	ev_timer_init(&io->timer, on_timer, 0., 0.);
	io->timer.data = io;
	rc = link_watch_new(loop, &link_watch_ops, io, &io->links);
	if (rc < 0) {
		free(io->in);
		free(io->out);
		free(io);
		return rc;
	}
	lan_io_announcer_new(io, &opts->announcer);
	SLIST_INIT(&io->udps);
	io->hello_port = opts->hello_port;
	io->nodes_stale = true;
	if (opts->election.node) {
		io->node = xstrdup(opts->election.node);
		lan_io_election_new(io, &opts->election);
	}
	if (ops->on_probe_result)
		lan_io_prober_new(io);
	lan_io_proxy_new(io);
	io->links_stale = true;
	lan_io_wake_in(io, 0);
	*ret_port = io;
	return 0;
}

void
lan_io_free(struct lan_io *io)
{
	if (!io)
		return;
	lan_io_socks_free(io);
	lan_io_udp_free(io);
	ev_timer_stop(io->loop, &io->timer);
	election_free(io->election);
	announcer_free(io->announcer);
	prober_free(io->prober);
	lan_io_proxy_free(io);
	link_watch_free(io->links);
	free(io->known);
	free(io->node);
	free(io->in);
	free(io->out);
	free(io);
}

const struct link *
lan_io_links(const struct lan_io *io, size_t *ret_n)
{
	return link_watch_get(io->links, ret_n);
}

const struct announcer *
lan_io_announcer(const struct lan_io *io)
{
	return io->announcer;
}

void
lan_io_add(struct lan_io *io, const struct ip *ip, int ifindex)
{
	lan_io_announcer_add(io, ip, ifindex);
}

void
lan_io_remove(struct lan_io *io, const struct ip *ip, int ifindex)
{
	lan_io_announcer_remove(io, ip, ifindex);
}

void
lan_io_set_peer(struct lan_io *io, const struct mac *mac, bool is_peer)
{
	announcer_set_peer(io->announcer, mac, is_peer);
}

void
lan_io_want_holder(struct lan_io *io, const struct ip *ip, const struct ip *key, int ifindex)
{
	election_want_holder(io->election, ifindex, ip, key, clock_ms());
	lan_io_wake_in(io, 0);
}

void
lan_io_withdraw(struct lan_io *io, const struct ip *ip, int ifindex)
{
	election_withdraw(io->election, ifindex, ip, clock_ms());
	lan_io_wake_in(io, 0);
}

void
lan_io_send_hellos(struct lan_io *io, int ifindex, bool sends)
{
	io->udp_stale = true;
	lan_io_socks_add(io, ifindex, SOCK_HELLO)->sends_hellos = sends;
	lan_io_socks_add(io, ifindex, SOCK_HELLO_UNCHANGED)->sends_hellos = sends;
	if (sends)
		lan_io_socks_add(io, ifindex, SOCK_ARP);
	else
		election_close(io->election, ifindex, clock_ms());
}

void
lan_io_nodes_changed(struct lan_io *io)
{
	io->nodes_stale = true;
	lan_io_wake_in(io, 0);
}

void
lan_io_set_key(struct lan_io *io, const struct hello_key *key)
{
	election_set_key(io->election, key, clock_ms());
	lan_io_wake_in(io, 0);
}

void
lan_io_leave(struct lan_io *io)
{
	io->leaving = true;
	election_leave(io->election, clock_ms());
	lan_io_wake_in(io, 0);
}

const struct proxy_hosts *
lan_io_proxy_hosts(const struct lan_io *io)
{
	return io->proxy_hosts;
}

const struct election *
lan_io_election(const struct lan_io *io)
{
	return io->election;
}

void
lan_io_probe(struct lan_io *io, const struct probe_target *targets, size_t n)
{
	int64_t now_ms = clock_ms();

	prober_plan_begin(io->prober);
	for (size_t i = 0; i < n; i++) {
		const struct link *links[PROBER_LINKS_MAX];
		size_t found = 0;

		for (size_t j = 0; j < PROBER_LINKS_MAX && targets[i].links[j]; j++) {
			const struct link *link = lan_io_link(io, targets[i].links[j]);

			if (!link)
				continue;
			links[found++] = link;
			lan_io_socks_listen(io, link->ifindex, &targets[i].ip);
			lan_io_socks_unlisten(io, link->ifindex, targets[i].ip.family);
		}
		if (found)
			prober_plan_add(io->prober, &targets[i].ip, links, found, now_ms);
	}
	prober_plan_end(io->prober);
	lan_io_wake_in(io, 0);
}

void
lan_io_stats(const struct lan_io *io, struct lan_io_stats *ret_stats)
{
	const struct link_sock *sock;

	*ret_stats = (struct lan_io_stats){ .received = io->received, .bad = io->bad,
		.unsent = io->unsent, .udp_sent = io->udp_sent,
		.udp_received = io->udp_received, .udp_refused = io->udp_refused,
		.udp_dropped = lan_io_udp_dropped(io) };
	SLIST_FOREACH(sock, &io->socks, next)
		ret_stats->sockets += sock->fd >= 0;
}
