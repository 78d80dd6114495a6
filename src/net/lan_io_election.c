/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the election to the sockets of hellos, to the announcer and to the owner's callbacks. */
#include "lan_io_election.h"
#include "lan_io_announcer.h"
#include "lan_io_state.h"
#include "lan_io_tx.h"
#include "util/clock.h"
#include "util/random.h"

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	(void)lan_io_tx(arg, ifindex, SOCK_HELLO, frame, len); /* a lost hello is harmless */
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	const struct lan_io *io = arg;

	return io->ops->may_hold(io->arg, ip, node);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct lan_io *io = arg;

	return io->ops->may_keep && io->ops->may_keep(io->arg, ip);
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	const struct lan_io *io = arg;

	io->ops->each_candidate(io->arg, ip, visit, visit_arg);
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	lan_io_announcer_add(arg, ip, ifindex);
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	lan_io_announcer_remove(arg, ip, ifindex);
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	const struct lan_io *io = arg;

	announcer_reannounce(io->announcer, ip, ifindex, clock_ms());
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	const struct lan_io *io = arg;

	io->ops->on_holder(io->arg, ifindex, ip, node, change, gap_ms);
}

/*
 * A host that has run arplet belongs to the cluster even after its hellos have stopped.  So no
 * conflict is reported if such a host announces an address.
 */
static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is_peer)
{
	const struct lan_io *io = arg;

	(void)ifindex;
	if (is_peer)
		announcer_set_peer(io->announcer, mac, true);
}

static void
on_send_udp(void *arg, int ifindex, const char *node, const uint8_t *payload, size_t len)
{
	lan_io_udp_send(arg, ifindex, node, payload, len);
}

static void
on_each_udp_node(void *arg, int ifindex, void (*visit)(void *visit_arg, const char *node),
    void *visit_arg)
{
	lan_io_udp_each_node(arg, ifindex, visit, visit_arg);
}

static void
on_carrier(void *arg, int ifindex, const char *node, enum hello_carrier carrier)
{
	const struct lan_io *io = arg;

	if (io->ops->on_carrier)
		io->ops->on_carrier(io->arg, ifindex, node, carrier);
}

static bool
on_api_runs(void *arg, const char *node)
{
	const struct lan_io *io = arg;

	return io->ops->api_runs && io->ops->api_runs(io->arg, node);
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *node)
{
	const struct lan_io *io = arg;

	return io->ops->api_holds && io->ops->api_holds(io->arg, ip, node);
}

static void
on_last_resort(void *arg, int ifindex, const struct ip *ip, const char *node)
{
	const struct lan_io *io = arg;

	if (io->ops->on_last_resort)
		io->ops->on_last_resort(io->arg, ifindex, ip, node);
}

void
lan_io_election_new(struct lan_io *io, const struct election_opts *opts)
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
		.send_udp = on_send_udp,
		.each_udp_node = on_each_udp_node,
		.on_carrier = on_carrier,
		.api_runs = on_api_runs,
		.api_holds = on_api_holds,
		.on_last_resort = on_last_resort,
	};
	struct election_opts own = *opts;

	random_bytes(&own.nonce, sizeof(own.nonce));
	own.start_s = (uint32_t)clock_wall_s();
	io->election = election_new(&ops, io, &own);
}
