/* SPDX-License-Identifier: Apache-2.0 */
#include "link_nodes.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct link_nodes nodes;

struct hello_key
nodes_key(void)
{
	static struct hello_key key; /* freed at exit */

	if (!key.hmac)
		hello_key_init(&key, "sixteen bytes...", 16);
	return key;
}

int
nodes_receive(size_t n, int ifindex, const uint8_t *frame, size_t len)
{
	return election_on_hello(nodes.nodes[n].e, ifindex, HELLO_MULTICAST, frame, len,
	    nodes.now_ms, nodes.now_ms);
}

/* Ignores errors of election_on_hello(), because some tests relay or replay hellos. */
static void
deliver(size_t from, const struct node_link *by, int lan, const uint8_t *frame, size_t len)
{
	for (size_t n = 0; n < NODES_N; n++) {
		for (int i = 1; i <= NODES_LINKS && nodes.nodes[n].e; i++) {
			const struct node_link *to = &nodes.nodes[n].links[i];

			if (to->lan == lan && to != by && !nodes.cut[lan][from][n])
				(void)!nodes_receive(n, i, frame, len);
		}
	}
}

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct link_node *node = arg;
	struct node_link *link = &node->links[ifindex];
	bool cut[NODES_N][NODES_N] = { { false } };

	link->sent++;
	memcpy(link->last, frame, len);
	link->last_len = len;
	deliver((size_t)(node - nodes.nodes), link, link->lan, frame, len);
	for (int way = 0; way < 1 + nodes.relay_both; way++) {
		int from = way ? nodes.relay_to : nodes.relay_from;
		int to = way ? nodes.relay_from : nodes.relay_to;

		if (link->lan != from || from == to)
			continue;
		/* the host that relays reaches all nodes */
		memcpy(cut, nodes.cut[to], sizeof(cut));
		memset(nodes.cut[to], 0, sizeof(cut));
		deliver((size_t)(node - nodes.nodes), link, to, frame, len);
		memcpy(nodes.cut[to], cut, sizeof(cut));
	}
}

static size_t
index_of(const char *name)
{
	return (size_t)(name[1] - '0');
}

static void
on_send_udp(void *arg, int ifindex, const char *name, const uint8_t *payload, size_t len)
{
	struct link_node *node = arg;
	size_t from = (size_t)(node - nodes.nodes), n = index_of(name);
	int lan = node->links[ifindex].lan;

	node->udp_sent++;
	for (int i = 1; i <= NODES_LINKS && nodes.nodes[n].e; i++) {
		if (nodes.nodes[n].links[i].lan == lan && !nodes.cut_udp[lan][from][n])
			(void)!election_on_hello(nodes.nodes[n].e, i, HELLO_UDP, payload, len,
			    nodes.now_ms, nodes.now_ms);
	}
}

static void
on_each_udp_node(void *arg, int ifindex, void (*visit)(void *visit_arg, const char *node),
    void *visit_arg)
{
	(void)arg, (void)ifindex;
	for (size_t n = 0; nodes.has_udp && n < NODES_N; n++)
		visit(visit_arg, nodes.nodes[n].name);
}

static void
on_carrier(void *arg, int ifindex, const char *name, enum hello_carrier carrier)
{
	struct link_node *node = arg;

	(void)ifindex;
	node->carrier[index_of(name)] = carrier;
	node->carrier_reports++;
}

static bool
on_api_runs(void *arg, const char *name)
{
	((struct link_node *)arg)->asks++;
	return nodes.has_api && !nodes.api_stops[index_of(name)];
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *name)
{
	(void)arg, (void)ip;
	return nodes.has_api && nodes.api_holds[index_of(name)];
}

static void
on_last_resort(void *arg, int ifindex, const struct ip *ip, const char *name)
{
	struct link_node *node = arg;

	(void)ifindex, (void)ip, (void)name;
	node->last_resorts++;
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *name)
{
	(void)arg, (void)ip, (void)name;
	return true;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *name, bool ready), void *visit_arg)
{
	(void)arg, (void)ip;
	for (size_t n = 0; n < NODES_N; n++)
		visit(visit_arg, nodes.nodes[n].name, nodes.has_api || nodes.nodes[n].e);
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct link_node *node = arg;

	(void)ip;
	node->links[ifindex].n_held++;
	node->claims++;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct link_node *node = arg;

	(void)ip;
	node->links[ifindex].n_held--;
	node->drops++;
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *holder,
    enum holder_change change, int64_t gap_ms)
{
	(void)arg, (void)ifindex, (void)ip, (void)holder, (void)change, (void)gap_ms;
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is_peer)
{
	struct link_node *node = arg;

	(void)ifindex;
	node->mac_reports[mac->b[5]] += is_peer ? 1 : -1;
}

static const struct election_ops ops = {
	.send = on_send,
	.may_hold = on_may_hold,
	.each_candidate = on_each_candidate,
	.hold = on_hold,
	.drop = on_drop,
	.on_holder = on_holder,
	.on_peer = on_peer,
	.send_udp = on_send_udp,
	.each_udp_node = on_each_udp_node,
	.on_carrier = on_carrier,
	.api_runs = on_api_runs,
	.api_holds = on_api_holds,
	.on_last_resort = on_last_resort,
};

int
nodes_set_up(void **state)
{
	(void)state;
	memset(&nodes, 0, sizeof(nodes));
	nodes.now_ms = 1000000;
	for (size_t n = 0; n < NODES_N; n++) {
		snprintf(nodes.nodes[n].name, sizeof(nodes.nodes[n].name), "n%zu", n);
		for (int i = 0; i <= NODES_LINKS; i++)
			nodes.nodes[n].links[i].lan = -1;
	}
	return 0;
}

int
nodes_tear_down(void **state)
{
	(void)state;
	for (size_t n = 0; n < NODES_N; n++)
		nodes_crash(n);
	return 0;
}

void
nodes_start(size_t n)
{
	static uint32_t nonce = 0x10000;
	struct election_opts opts = ELECTION_DEFAULTS;
	const struct hello_key key = nodes_key();
	struct link_node *node = &nodes.nodes[n];

	opts.node = node->name;
	opts.nonce = ++nonce;
	opts.start_s = (uint32_t)(1700000000 + nodes.now_ms / 1000);
	node->e = election_new(&ops, node, &opts);
	election_set_key(node->e, &key, nodes.now_ms);
	for (int i = 1; i <= NODES_LINKS; i++) {
		if (node->links[i].lan >= 0)
			nodes_add_link(n, i, node->links[i].lan);
	}
}

void
nodes_crash(size_t n)
{
	struct link_node *node = &nodes.nodes[n];

	election_free(node->e);
	node->e = NULL;
	for (int i = 1; i <= NODES_LINKS; i++)
		node->links[i].n_held = 0;
}

void
nodes_add_link(size_t n, int ifindex, int lan)
{
	struct node_link *link = &nodes.nodes[n].links[ifindex];

	link->lan = lan;
	link->mac = (struct mac){ { 2, 0, 0, 0, 1, (uint8_t)(0x10 * n + (size_t)ifindex) } };
	nodes_set_link(n, ifindex, true);
}

void
nodes_set_link(size_t n, int ifindex, bool up)
{
	struct link_node *node = &nodes.nodes[n];
	const struct ip vip = NODES_VIP;

	election_open(node->e, ifindex, &node->links[ifindex].mac, up, nodes.now_ms);
	election_want_holder(node->e, ifindex, &vip, &vip, nodes.now_ms);
}

void
nodes_del_link(size_t n, int ifindex)
{
	struct link_node *node = &nodes.nodes[n];
	const struct ip vip = NODES_VIP;

	election_close(node->e, ifindex, nodes.now_ms);
	election_withdraw(node->e, ifindex, &vip, nodes.now_ms);
	node->links[ifindex].lan = -1;
}

size_t
nodes_holders(int lan)
{
	size_t holders = 0;

	for (size_t n = 0; n < NODES_N; n++) {
		for (int i = 1; i <= NODES_LINKS; i++) {
			const struct node_link *link = &nodes.nodes[n].links[i];

			if (link->lan == lan && link->n_held) {
				holders++;
				break;
			}
		}
	}
	return holders;
}

void
nodes_run(int64_t ms)
{
	for (int64_t end_ms = nodes.now_ms + ms; nodes.now_ms < end_ms; nodes.now_ms++) {
		for (size_t n = 0; n < NODES_N; n++) {
			struct election *e = nodes.nodes[n].e;

			for (int turns = 0; e && election_next_ms(e) <= nodes.now_ms; turns++) {
				assert_true(turns < 100); /* 100 turns in a row are a busy loop */
				election_tick(e, nodes.now_ms);
			}
		}
		for (size_t n = 0; n < NODES_N && nodes.now_ms % 500 == 0; n++) {
			if (!nodes.api_stale[n])
				nodes.api_holds[n] = nodes.nodes[n].links[1].n_held;
		}
		for (int lan = 0; lan < NODES_LANS; lan++)
			nodes.two_holders_ms[lan] += nodes_holders(lan) > 1;
	}
}

struct count {
	int ifindex;
	size_t alive;
};

static void
count_peer(void *arg, const struct peer_view *peer)
{
	struct count *count = arg;

	count->alive += peer->alive && peer->ifindex == count->ifindex;
}

size_t
nodes_alive(size_t n, int ifindex)
{
	struct count count = { ifindex, 0 };

	election_each_peer(nodes.nodes[n].e, count_peer, &count);
	return count.alive;
}

const struct election_stats *
nodes_stats(size_t n)
{
	return election_stats(nodes.nodes[n].e);
}
