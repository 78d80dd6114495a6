/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the announcer to the sockets, to the election and to the owner's callbacks. */
#include "lan_io_announcer.h"
#include "lan_io_proxy.h"
#include "lan_io_socks.h"
#include "lan_io_state.h"
#include "lan_io_tx.h"
#include "util/clock.h"

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	return lan_io_tx(arg, ifindex, family, frame, len);
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	const struct lan_io *io = arg;
	const struct link *link = lan_io_link(io, ifindex);

	if (link)
		io->ops->on_conflict(io->arg, link, ip, conflict, other);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct lan_io *io = arg;

	return io->ops->policy ? io->ops->policy(io->arg, ip) : io->policy;
}

static bool
has_peers(void *arg, int ifindex)
{
	const struct lan_io *io = arg;

	return !io->election || election_has_peers(io->election, ifindex);
}

static bool
peer_may_answer(void *arg, int ifindex, const struct ip *ip, const struct mac *mac)
{
	const struct lan_io *io = arg;

	return io->election && election_peer_may_answer(io->election, ifindex, ip, mac);
}

/* Before a conflict is reported, a check finds out whether the host is a proxy host. */
static bool
is_proxy_host(void *arg, int ifindex, const struct ip *ip, const struct mac *mac, int64_t now_ms)
{
	struct lan_io *io = arg;
	bool proxy = lan_io_proxy_claim(io, ifindex, ip, mac, now_ms);

	if (!proxy)
		lan_io_proxy_check(io, ifindex, ip, now_ms);
	return proxy;
}

void
lan_io_announcer_new(struct lan_io *io, const struct announcer_opts *opts)
{
	static const struct announcer_ops ops = {
		.send = on_send,
		.on_conflict = on_conflict,
		.policy = on_policy,
		.has_peers = has_peers,
		.peer_may_answer = peer_may_answer,
		.is_proxy_host = is_proxy_host,
	};

	io->policy = opts->policy;
	io->announcer = announcer_new(&ops, io, opts);
}

void
lan_io_announcer_add(struct lan_io *io, const struct ip *ip, int ifindex)
{
	announcer_add(io->announcer, ip, ifindex, clock_ms());
	lan_io_socks_listen(io, ifindex, ip);
}

void
lan_io_announcer_remove(struct lan_io *io, const struct ip *ip, int ifindex)
{
	announcer_remove(io->announcer, ip, ifindex);
	lan_io_socks_unlisten(io, ifindex, ip->family);
}
