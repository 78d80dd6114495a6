/* SPDX-License-Identifier: Apache-2.0 */
#include "port_impl.h"
#include "rawsock.h"
#include "util/clock.h"
#include "util/random.h"

#include <string.h>

/* Where the election meets the LAN: its hellos go out here, and what it decides is announced. */

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct port *port = arg;
	const struct link_sock *link_sock = port_find_sock(port, ifindex, SOCK_HELLO);

	if (!link_sock || link_sock->fd < 0 || rawsock_send(link_sock->fd, frame, len) < 0)
		port->stats.unsent++;
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	const struct port *port = arg;

	return port->ops->may_hold(port->arg, ip, node);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct port *port = arg;

	return port->ops->may_keep && port->ops->may_keep(port->arg, ip);
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	const struct port *port = arg;

	port->ops->each_candidate(port->arg, ip, visit, visit_arg);
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	port_add(arg, ip, ifindex);
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	port_remove(arg, ip, ifindex);
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	port_reannounce(arg, ip, ifindex);
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum hold_cause cause,
    int64_t gap_ms)
{
	const struct port *port = arg;

	port->ops->on_holder(port->arg, ifindex, ip, node, cause, gap_ms);
}

/* One that is not heard any more is still a node of this cluster, whatever it says next. */
static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	(void)ifindex;
	if (is)
		port_set_peer(arg, mac, true);
}

void
port_election_new(struct port *port, const struct election_opts *opts)
{
	static const struct election_ops ops = {
		.send = on_send,
		.may_hold = on_may_hold,
		.may_keep = on_may_keep,
		.each_candidate = on_each_candidate,
		.hold = on_hold,
		.drop = on_drop,
		.reannounce = on_reannounce,
		.on_holder = on_holder,
		.on_peer = on_peer,
	};
	struct election_opts own = *opts;

	random_bytes(&own.nonce, sizeof(own.nonce));
	own.start_s = (uint32_t)clock_wall_s();
	port->election = election_new(&ops, port, &own);
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
port_send_hellos(struct port *port, int ifindex, bool meet)
{
	port_mark_sock(port, ifindex, SOCK_HELLO)->sends_hellos = meet;
	port_mark_sock(port, ifindex, SOCK_HELLO_UNCHANGED)->sends_hellos = meet;
	if (meet)
		port_mark_sock(port, ifindex, IPV4);
	if (!meet)
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
