/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elect NODE[=IP],OTHER[=IP]... INTERFACE ADDRESS... - run the election of a holder for each address
 * between nodes on the LAN of the interface, whenever it exists, until SIGTERM.  NODE is the name of
 * this node; all nodes are eligible, and their Node objects are Ready.  Hellos as UDP go to the IPs
 * of nodes.  Prints each change of a holder or a carrier, and errors; at the end, the program lets
 * peers take over, and prints its counters.  The program is a lan_io without an API server.
 */
#include "arplet/lan_io.h"
#include "arplet/lan_nodes.h"

#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX 8

struct elect {
	struct lan_io *lan_io;
	struct ev_loop *loop;
	const char *nodes[NODES_MAX]; /* the first is this node */
	const char *ips[NODES_MAX];   /* NULL: the node has no address */
	size_t n_nodes;
	const char *interface;
	char **addresses;
	int ifindex; /* 0: does not exist */
};

static struct ip
address_of(const char *text)
{
	struct ip ip;

	if (ip_parse(text, &ip) < 0) {
		fprintf(stderr, "elect: %s is not an address\n", text);
		exit(2);
	}
	return ip;
}

static void
set_ifindex(struct elect *elect, int ifindex)
{
	if (elect->ifindex)
		lan_io_send_hellos(elect->lan_io, elect->ifindex, false);
	for (char **text = elect->addresses; *text; text++) {
		struct ip ip = address_of(*text);

		if (elect->ifindex)
			lan_io_withdraw(elect->lan_io, &ip, elect->ifindex);
		if (ifindex)
			lan_io_want_holder(elect->lan_io, &ip, &ip, ifindex);
	}
	if (ifindex)
		lan_io_send_hellos(elect->lan_io, ifindex, true);
	elect->ifindex = ifindex;
}

static void
on_links(void *arg)
{
	struct elect *elect = arg;
	size_t n;
	const struct link *links = lan_io_links(elect->lan_io, &n);
	int ifindex = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].name, elect->interface) == 0)
			ifindex = links[i].ifindex;
	}
	if (ifindex != elect->ifindex)
		set_ifindex(elect, ifindex);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	const struct elect *elect = arg;

	(void)ip;
	for (size_t i = 0; i < elect->n_nodes; i++) {
		if (strcmp(elect->nodes[i], node) == 0)
			return true;
	}
	return false;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	const struct elect *elect = arg;

	(void)ip;
	for (size_t i = 0; i < elect->n_nodes; i++)
		visit(visit_arg, elect->nodes[i], true);
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	char text[IP_TEXT_MAX];

	(void)arg, (void)ifindex, (void)gap_ms;
	printf("holder %s %s %s\n", ip_format(ip, text), node ? node : "nobody",
	    holder_change_label[change]);
}

static void
on_carrier(void *arg, int ifindex, const char *node, enum hello_carrier carrier)
{
	(void)arg, (void)ifindex;
	printf("carrier %s %s\n", node, hello_carrier_label[carrier]);
}

static void
on_each_node_address(void *arg, struct lan_nodes *nodes)
{
	const struct elect *elect = arg;

	for (size_t i = 0; i < elect->n_nodes; i++) {
		if (elect->ips[i]) {
			const struct ip ip = address_of(elect->ips[i]);

			lan_nodes_add(nodes, elect->nodes[i], &ip);
		}
	}
}

static void
on_udp_error(void *arg, const struct link *link, const struct ip *ip, uint16_t port, int error)
{
	(void)arg, (void)ip;
	printf("error UDP port %u on %s: %s\n", port, link->name, strerror(error));
}

static void
on_left(void *arg)
{
	const struct elect *elect = arg;

	ev_break(elect->loop, EVBREAK_ALL);
}

static void
on_conflict(void *arg, const struct link *link, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	(void)arg, (void)link, (void)ip, (void)conflict, (void)other;
}

static void
on_error(void *arg, const char *what, int error)
{
	(void)arg;
	printf("error %s: %s\n", what, strerror(error));
}

static void
on_sigterm(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct elect *elect = w->data;

	(void)loop, (void)revents;
	lan_io_leave(elect->lan_io);
}

static void
print_counters(const struct elect *elect)
{
	const struct election_stats *stats = election_stats(lan_io_election(elect->lan_io));
	struct lan_io_stats io_stats;

	lan_io_stats(elect->lan_io, &io_stats);
	printf("hellos sent=%llu received=%llu replayed=%llu\n", (unsigned long long)stats->sent,
	    (unsigned long long)stats->received, (unsigned long long)stats->replayed);
	printf("port received=%llu bad=%llu unsent=%llu\n", (unsigned long long)io_stats.received,
	    (unsigned long long)io_stats.bad, (unsigned long long)io_stats.unsent);
	printf("udp sent=%llu received=%llu refused=%llu dropped=%llu\n",
	    (unsigned long long)io_stats.udp_sent, (unsigned long long)io_stats.udp_received,
	    (unsigned long long)io_stats.udp_refused, (unsigned long long)io_stats.udp_dropped);
}

static int
start(struct elect *elect)
{
	static const struct lan_io_ops ops = {
		.on_links = on_links,
		.on_conflict = on_conflict,
		.may_hold = on_may_hold,
		.each_candidate = on_each_candidate,
		.on_holder = on_holder,
		.on_carrier = on_carrier,
		.each_node_address = on_each_node_address,
		.on_udp_error = on_udp_error,
		.on_left = on_left,
		.on_error = on_error,
	};
	struct lan_io_opts opts = { ANNOUNCER_DEFAULTS, ELECTION_DEFAULTS, HELLO_PORT };
	struct hello_key key;
	int rc;

	opts.election.node = elect->nodes[0];
	rc = lan_io_new(elect->loop, &ops, elect, &opts, &elect->lan_io);
	if (rc < 0)
		return rc;
	hello_key_init(&key, "the key of netns tests", HELLO_KEY_MIN);
	lan_io_set_key(elect->lan_io, &key);
	hello_key_done(&key);
	on_links(elect);
	return 0;
}

int
main(int argc, char **argv)
{
	struct elect elect = { .loop = ev_default_loop(EVFLAG_AUTO) };
	ev_signal sigterm;
	int rc;

	if (argc < 4) {
		fprintf(stderr, "usage: elect NODE[=IP],OTHER[=IP]... INTERFACE ADDRESS...\n");
		return 2;
	}
	for (char *node = strtok(argv[1], ","); node && elect.n_nodes < NODES_MAX;
	     node = strtok(NULL, ",")) {
		char *ip = strchr(node, '=');

		if (ip)
			*ip++ = '\0';
		elect.ips[elect.n_nodes] = ip;
		elect.nodes[elect.n_nodes++] = node;
	}
	elect.interface = argv[2];
	elect.addresses = argv + 3;
	setvbuf(stdout, NULL, _IOLBF, 0);
	rc = start(&elect);
	if (rc < 0) {
		fprintf(stderr, "elect: cannot read the interfaces: %s\n", strerror(-rc));
		return 1;
	}
	ev_signal_init(&sigterm, on_sigterm, SIGTERM);
	sigterm.data = &elect;
	ev_signal_start(elect.loop, &sigterm);
	ev_run(elect.loop, 0);
	print_counters(&elect);
	lan_io_free(elect.lan_io);
	ev_signal_stop(elect.loop, &sigterm);
	ev_loop_destroy(elect.loop);
	return 0;
}
