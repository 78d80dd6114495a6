/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_proxy.h"
#include "lan_io_state.h"
#include "lan_io_timer.h"
#include "lan_io_tx.h"
#include "util/clock.h"

#include <string.h>

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	return lan_io_tx(arg, ifindex, family, frame, len);
}

static bool
on_goes_on(void *arg, int ifindex, uint8_t family)
{
	const struct lan_io *io = arg;

	return proxy_hosts_has(io->proxy_hosts, ifindex, family);
}

/* From now on, the claims of the host neither mark addresses as used nor are conflicts. */
static void
on_proxy_host(void *arg, const struct proxy_host *host, bool found)
{
	static const struct mac any_mac;
	const struct mac *mac = mac_equal(&host->mac, &any_mac) ? NULL : &host->mac;
	struct lan_io *io = arg;
	int64_t now_ms = clock_ms();

	if (found) {
		announcer_end_conflicts(io->announcer, host->ifindex, host->family, mac, now_ms);
		lan_io_proxy_check(io, host->ifindex, &host->ip, now_ms);
	}
	/* after the host has stopped, too: its claims have hidden claims of other hosts */
	if (io->prober)
		prober_forget(io->prober, host->family, found ? mac : NULL, now_ms);
	if (io->ops->on_proxy_host)
		io->ops->on_proxy_host(io->arg, host, found);
}

void
lan_io_proxy_new(struct lan_io *io)
{
	static const struct proxy_hosts_ops hosts_ops = { on_proxy_host };
	static const struct host_checks_ops checks_ops = { on_send, on_goes_on };

	io->proxy_hosts = proxy_hosts_new(&hosts_ops, io);
	io->host_checks = host_checks_new(&checks_ops, io);
}

void
lan_io_proxy_free(struct lan_io *io)
{
	proxy_hosts_free(io->proxy_hosts);
	host_checks_free(io->host_checks);
}

bool
lan_io_proxy_claim(struct lan_io *io, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	return mac_is_host(mac) && !announcer_is_cluster_mac(io->announcer, mac) &&
	    proxy_hosts_claim(io->proxy_hosts, ifindex, ip, mac, now_ms);
}

/* This node does not answer its own probes, so a host that answers them is no node. */
static bool
is_this_node(const struct lan_io *io, const char *node)
{
	return io->node && strcmp(io->node, node) == 0;
}

void
lan_io_proxy_node(struct lan_io *io, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	const char *node = lan_nodes_node_of(&io->lan_nodes, ip);

	if (!node || is_this_node(io, node) || !mac_is_host(mac))
		return;
	/* a proxy host answers for the addresses of dead nodes, too */
	if (!lan_io_proxy_claim(io, ifindex, ip, mac, now_ms) &&
	    node_macs_answer(&io->node_macs, ip, mac, now_ms))
		announcer_set_peer(io->announcer, mac, true);
}

/* Writes addresses of other nodes in the subnets of @link to @ret_ips, at most HOST_CHECK_NODES. */
static size_t
nodes_on_link(const struct lan_io *io, const struct link *link, uint8_t family,
    struct ip *ret_ips)
{
	const struct lan_nodes *nodes = &io->lan_nodes;
	size_t n = 0;

	for (size_t i = 0; i < nodes->n && n < HOST_CHECK_NODES; i++) {
		const struct ip *ip = &nodes->by_node[i].ip;

		if (ip->family == family && link_has_prefix(link, ip) &&
		    !is_this_node(io, nodes->by_node[i].node))
			ret_ips[n++] = *ip;
	}
	return n;
}

void
lan_io_proxy_check(struct lan_io *io, int ifindex, const struct ip *ip, int64_t now_ms)
{
	const struct link *link = lan_io_link(io, ifindex);
	struct link_sock *sock = lan_io_sock(io, ifindex, ip->family);
	struct ip nodes[HOST_CHECK_NODES];

	if (!link || !sock || !host_checks_start(io->host_checks, link, ip, nodes,
	    nodes_on_link(io, link, ip->family, nodes), now_ms))
		return;
	if (sock->refilter_not_before_ms < sock->refilter_at_ms) /* let the answers pass the filter */
		sock->refilter_at_ms = sock->refilter_not_before_ms;
	lan_io_wake_in(io, 0);
}

void
lan_io_proxy_tick(struct lan_io *io, int64_t now_ms)
{
	/* a check that proxy_hosts_tick() starts needs a new socket filter before its first probe */
	host_checks_tick(io->host_checks, now_ms);
	proxy_hosts_tick(io->proxy_hosts, now_ms);
}
