/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the announcer to the sockets, to the election and to the owner's callbacks. */
#include "port_announcer.h"
#include "port_socks.h"
#include "port_state.h"
#include "port_tx.h"
#include "util/clock.h"

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	return port_tx(arg, ifindex, family, frame, len);
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	const struct port *port = arg;
	const struct link *link = port_link(port, ifindex);

	if (link)
		port->ops->on_conflict(port->arg, link, ip, conflict, other);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct port *port = arg;

	return port->ops->policy ? port->ops->policy(port->arg, ip) : port->policy;
}

static bool
has_peers(void *arg, int ifindex)
{
	const struct port *port = arg;

	return !port->election || election_has_peers(port->election, ifindex);
}

void
port_announcer_new(struct port *port, const struct announcer_opts *opts)
{
	static const struct announcer_ops ops = {
		.send = on_send,
		.on_conflict = on_conflict,
		.policy = on_policy,
		.has_peers = has_peers,
	};

	port->policy = opts->policy;
	port->announcer = announcer_new(&ops, port, opts);
}

void
port_announcer_add(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_add(port->announcer, ip, ifindex, clock_ms());
	port_socks_listen(port, ifindex, ip);
}

void
port_announcer_remove(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_remove(port->announcer, ip, ifindex);
	port_socks_unlisten(port, ifindex, ip->family);
}
