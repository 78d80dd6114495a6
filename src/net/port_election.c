/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the election to the sockets of hellos, to the announcer and to the owner's callbacks. */
#include "port_election.h"
#include "port_announcer.h"
#include "port_state.h"
#include "port_tx.h"
#include "util/clock.h"
#include "util/random.h"

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	(void)port_tx(arg, ifindex, SOCK_HELLO, frame, len); /* the next hello follows soon */
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
	port_announcer_add(arg, ip, ifindex);
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	port_announcer_remove(arg, ip, ifindex);
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	const struct port *port = arg;

	announcer_reannounce(port->announcer, ip, ifindex, clock_ms());
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	const struct port *port = arg;

	port->ops->on_holder(port->arg, ifindex, ip, node, change, gap_ms);
}

/*
 * A host that runs arplet belongs to the cluster even after its hellos have stopped, so its claims
 * are never a conflict.
 */
static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is_peer)
{
	const struct port *port = arg;

	(void)ifindex;
	if (is_peer)
		announcer_set_peer(port->announcer, mac, true);
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
