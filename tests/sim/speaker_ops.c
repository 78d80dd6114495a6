/* SPDX-License-Identifier: Apache-2.0 */
#include "reach.h"
#include "sim.h"
#include "speaker.h"

#include <string.h>

/* --- callbacks of the election --- */

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct sim_node *node = arg;

	lan_send(node->sim, node->index, ifindex - 1, frame, len);
}

static void
trace_vip(const struct sim_node *node, const char *verb, int ifindex, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	sim_trace(node->sim, "%s %s %s on eth%d", node->name, verb, ip_format(ip, text),
	    ifindex - 1);
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct sim_node *node = arg;

	trace_vip(node, "holds", ifindex, ip);
	announcer_add(node->announcer, ip, ifindex, node_now(node));
	node->answers_outdated = true;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct sim_node *node = arg;

	trace_vip(node, "releases", ifindex, ip);
	announcer_remove(node->announcer, ip, ifindex);
	node->answers_outdated = true;
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *name)
{
	const struct sim_node *node = arg;

	return world_may_hold(node->world, ip, name);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct sim_node *node = arg;

	return world_may_keep(node->world, ip);
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *name, bool ready), void *visit_arg)
{
	const struct sim_node *node = arg;

	world_each_candidate(node->world, ip, visit, visit_arg);
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	struct sim_node *node = arg;

	announcer_reannounce(node->announcer, ip, ifindex, node_now(node));
}

static void
digest_holder(const struct sim_node *node, int ifindex, const struct ip *ip, const char *holder,
    enum holder_change change, int64_t gap_ms)
{
	uint64_t *digest = sim_digest(node->sim, node->index, "holder");

	digest_number(digest, ifindex);
	digest_ip(digest, ip);
	digest_text(digest, holder);
	digest_number(digest, change);
	digest_number(digest, gap_ms);
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *holder,
    enum holder_change change, int64_t gap_ms)
{
	struct sim_node *node = arg;
	char text[IP_TEXT_MAX];

	digest_holder(node, ifindex, ip, holder, change, gap_ms);
	world_set_holder(node->world, ifindex, ip, holder);
	node->decide_again = true;
	sim_trace(node->sim, "%s: the holder of %s on eth%d is %s (%s, gap: %d ms)",
	    node->name, ip_format(ip, text), ifindex - 1, holder ? holder : "unknown",
	    holder_change_label[change], (int)gap_ms);
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	struct sim_node *node = arg;

	(void)ifindex;
	if (is)
		announcer_set_peer(node->announcer, mac, true);
}

static void
on_send_udp(void *arg, int ifindex, const char *name, const uint8_t *payload, size_t len)
{
	struct sim_node *node = arg;

	lan_send_udp(node->sim, node->index, name[1] - '1', ifindex - 1, payload, len);
}

/* All nodes have node addresses on all LANs, according to the API. */
static void
on_each_udp_node(void *arg, int ifindex, void (*visit)(void *visit_arg, const char *node),
    void *visit_arg)
{
	const struct sim_node *node = arg;

	(void)ifindex;
	for (size_t n = 0; n < node->sim->n_nodes; n++)
		visit(visit_arg, node->sim->nodes[n].name);
}

/*
 * The API always knows which daemons are Ready; the ServiceL2Statuses can be old.  A daemon that has
 * started without the API server knows no Services, and is not Ready.
 */
static bool
on_api_runs(void *arg, const char *name)
{
	const struct sim_node *node = arg;

	const struct sim_node *other = &node->sim->nodes[name[1] - '1'];

	bool ready = false;

	for (size_t lan = 0; lan < node->sim->n_lans; lan++)
		ready |= other->hello_links[lan];
	return ready && other->running && !other->frozen;
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *name)
{
	const struct sim_node *node = arg;

	return world_l2status_says(node->world, ip, name);
}

const struct election_ops speaker_election_ops = {
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
	.api_runs = on_api_runs,
	.api_holds = on_api_holds,
};

/* --- callbacks of the announcer --- */

static int
on_frame(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	const struct mac broadcast = MAC_BROADCAST;
	struct sim_node *node = arg;
	struct arp arp;

	if (family != IPV4 || arp_parse(frame, len, &arp) < 0)
		return 0;
	if (!node->in_client_request && arp.sender_ip.b[0] && mac_equal(&arp.ether_dst, &broadcast))
		check_holders_on_announcement(node->sim, ifindex - 1, &arp.sender_ip, node->index);
	if (!node->in_client_request)
		lan_send(node->sim, node->index, ifindex - 1, frame, len);
	else if (arp.op == ARP_REPLY)
		node->client_answered = true;
	return 0;
}

/* The hosts of a simulated LAN are all nodes, so a conflict with a known node is a bug. */
static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	struct sim_node *node = arg;
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	world_set_conflict(node->world, ip, ifindex, conflict, other);
	if (conflict != CONFLICT_NONE &&
	    node_trusts(node->sim, ifindex - 1, node->index, other->b[5] - 1))
		sim_fail(node->sim, "%s reports a conflict for %s on eth%d with %s, the MAC of a "
		    "peer", node->name, ip_format(ip, text), ifindex - 1, mac_format(other, mac));
}

static bool
has_peers(void *arg, int ifindex)
{
	const struct sim_node *node = arg;

	return election_has_peers(node->election, ifindex);
}

static bool
peer_may_answer(void *arg, int ifindex, const struct ip *ip, const struct mac *mac)
{
	const struct sim_node *node = arg;

	return election_peer_may_answer(node->election, ifindex, ip, mac);
}

const struct announcer_ops speaker_announcer_ops = {
	.send = on_frame,
	.on_conflict = on_conflict,
	.has_peers = has_peers,
	.peer_may_answer = peer_may_answer,
};
