/* SPDX-License-Identifier: Apache-2.0 */
#include "carriers.h"

#include "arplet/lan_io.h"
#include "arplet/lan_nodes.h"
#include "arplet/metrics.h"
#include "arplet/world.h"
#include "metrics_collect.h"
#include "util/clock.h"
#include "util/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
add_node(void *arg, const struct object *obj)
{
	for (size_t i = 0; i < obj->u.node.n_addrs; i++)
		lan_nodes_add(arg, obj->meta.name, &obj->u.node.addrs[i]);
}

void
carriers_add_nodes(const struct world *world, struct lan_nodes *nodes)
{
	world_each(world, KIND_NODE, add_node, nodes);
}

void
carriers_report(struct world *world, const char *interface, const char *node,
    enum hello_carrier carrier)
{
	if (carrier == HELLO_UDP)
		world_report_only_udp(world, interface, node);
	else
		log_info("hellos get through as multicast frames", "peer", node, "interface",
		    interface, NULL);
}

void
carriers_report_error(const struct link *link, const struct ip *ip, uint16_t port, int error)
{
	char text[8], address[IP_TEXT_MAX];

	snprintf(text, sizeof(text), "%u", port);
	log_error("cannot open the UDP port of hellos; hellos go on as multicast frames", "port",
	    text, "address", ip_format(ip, address), "interface", link->name, "error",
	    strerror(error), "hint", error == EADDRINUSE ?
		"another process uses this port: set --hello-port on all nodes" : NULL, NULL);
}

struct peer_metrics {
	const struct lan_io *lan_io;
	struct metrics *m;
	int64_t now_ms;
};

static void
add_peer(void *arg, const struct peer_view *peer_view)
{
	const struct peer_metrics *to = arg;

	metric(to->m, METRIC_PEER_CARRIER, 1, peer_view->node,
	    metrics_link_name(to->lan_io, peer_view->ifindex),
	    hello_carrier_label[peer_view->carrier]);
	metric(to->m, METRIC_HELLO_AGE, (double)(to->now_ms - peer_view->last_hello_ms) / 1000,
	    peer_view->node, metrics_link_name(to->lan_io, peer_view->ifindex));
}

void
carriers_metrics(const struct lan_io *lan_io, struct metrics *m)
{
	const struct election *e = lan_io_election(lan_io);
	const struct election_stats *stats = election_stats(e);
	struct peer_metrics to = { lan_io, m, clock_ms() };
	struct lan_io_stats io_stats;

	election_each_peer(e, add_peer, &to);
	metric(m, METRIC_HELLOS_SENT, (double)stats->sent);
	metric(m, METRIC_HELLOS_RECEIVED, (double)stats->received);
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->bad, "bad");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->foreign, "foreign");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->forged, "forged");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->replayed, "replayed");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->other_link, "other_link");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->wrong_mac, "wrong_mac");
	lan_io_stats(lan_io, &io_stats);
	metric(m, METRIC_UDP_HELLOS_SENT, (double)io_stats.udp_sent);
	metric(m, METRIC_UDP_HELLOS_RECEIVED, (double)io_stats.udp_received);
	metric(m, METRIC_UDP_HELLOS_REFUSED, (double)io_stats.udp_refused, "source");
	metric(m, METRIC_UDP_HELLOS_REFUSED, (double)io_stats.udp_dropped, "kernel");
}
