/* SPDX-License-Identifier: Apache-2.0 */
#include "speaker.h"
#include "core/scenario/object_text.h"
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALL_S INT64_C(1700000000)

static int64_t
wall_s(const struct sim_node *node)
{
	return WALL_S + node->sim->now_ms / 1000 + node->wall_offset_s;
}

static struct mac
mac_of(const struct sim_node *node, int lan)
{
	return (struct mac){ { 0x02, 0, 0, 0, (uint8_t)lan, (uint8_t)(node->index + 1) } };
}

bool
speaker_answers(struct sim_node *node, int lan, const struct ip *ip)
{
	const struct mac client = { { 0x02, 0xcc, 0, 0, 0, 1 } };
	struct arp request = { .op = ARP_REQUEST, .ether_dst = MAC_BROADCAST, .ether_src = client,
		.sender_mac = client, .sender_ip = { IPV4, { 172, 16, 0, 1 } }, .target_ip = *ip };

	if (!node->running)
		return false;
	node->in_client_request = true;
	node->client_answered = false;
	announcer_on_arp(node->announcer, lan + 1, &request, node_now(node));
	node->in_client_request = false;
	return node->client_answered;
}

struct search {
	int ifindex;
	const char *name;
	bool found;
};

static void
find_peer(void *arg, const struct peer_view *peer)
{
	struct search *search = arg;

	search->found |= peer->ifindex == search->ifindex && strcmp(peer->node, search->name) == 0;
}

bool
speaker_has_heard(const struct sim_node *node, int lan, const char *peer)
{
	struct search search = { lan + 1, peer, false };

	election_each_peer(node->election, find_peer, &search);
	return search.found;
}

/* --- start, stop, frames and timers --- */

static void
receive_hello(struct sim_node *node, int lan, const uint8_t *frame, size_t len, int64_t at_ms)
{
	(void)election_on_hello(node->election, lan + 1, HELLO_MULTICAST, frame, len, at_ms,
	    node_now(node));
}

bool
speaker_queue_hello(struct sim_node *node, int lan, const uint8_t *frame, size_t len)
{
	struct unread_hello *hello;

	if (!node->running || !hello_is_unchanged(frame, len) ||
	    !election_has_peers(node->election, lan + 1))
		return false;
	hello = xcalloc(1, sizeof(*hello) + len);
	*hello = (struct unread_hello){ .lan = lan, .at_ms = node_now(node), .len = len };
	memcpy(hello->frame, frame, len);
	STAILQ_INSERT_TAIL(&node->unread_hellos, hello, next);
	return true;
}

static void
read_unread_hellos(struct sim_node *node, bool process)
{
	struct unread_hello *hello;

	while ((hello = STAILQ_FIRST(&node->unread_hellos))) {
		STAILQ_REMOVE_HEAD(&node->unread_hellos, next);
		if (process)
			receive_hello(node, hello->lan, hello->frame, hello->len, hello->at_ms);
		free(hello);
	}
}

static void
set_link(struct sim_node *node, int lan)
{
	struct link *link = &node->links[lan];

	link->up = !node->sim->lans[lan].unplugged[node->index];
	node->link_since_ms[lan] = node->sim->now_ms;
	world_set_links(node->world, node->links, node->sim->n_lans);
	announcer_set_link(node->announcer, link, node_now(node));
	if (node->hello_links[lan])
		election_open(node->election, link->ifindex, &link->mac, link->up, node_now(node));
	node->answers_outdated = node->decide_again = true;
}

static void
apply_link_change(struct sim_node *node, void *arg)
{
	set_link(node, *(int *)arg);
	free(arg);
}

static void
deliver_lan(struct sim_node *node, void (*handle)(struct sim_node *node, void *arg), int lan)
{
	int *arg = xcalloc(1, sizeof(*arg));

	*arg = lan;
	node_deliver(node, handle, free, arg);
}

void
speaker_link_changed(struct sim_node *node, int lan)
{
	deliver_lan(node, apply_link_change, lan);
}

static void
make_link_again(struct sim_node *node, void *arg)
{
	int lan = *(int *)arg;

	if (node->hello_links[lan])
		election_close(node->election, lan + 1, node_now(node));
	apply_link_change(node, arg);
}

static void
change_mac(struct sim_node *node, void *arg)
{
	node->links[*(int *)arg].mac.b[3]++;
	apply_link_change(node, arg);
}

void
speaker_link_made_again(struct sim_node *node, int lan)
{
	deliver_lan(node, make_link_again, lan);
}

void
speaker_mac_changed(struct sim_node *node, int lan)
{
	deliver_lan(node, change_mac, lan);
}

void
speaker_start(struct sim_node *node)
{
	static const char secret[] = "of the cluster, long enough";
	struct announcer_opts announcer = ANNOUNCER_DEFAULTS;
	struct election_opts opts = ELECTION_DEFAULTS;
	struct hello_key key;
	char word[64];

	opts.node = node->name;
	opts.start_s = (uint32_t)wall_s(node);
	opts.nonce = sim_random(node->sim, node->index, UINT32_MAX);
	node->announcer = announcer_new(&speaker_announcer_ops, node, &announcer);
	node->election = election_new(&speaker_election_ops, node, &opts);
	hello_key_init(&key, secret, sizeof(secret));
	election_set_key(node->election, &key, node_now(node));
	hello_key_done(&key);
	arena_done(&node->links_mem);
	for (int lan = 0; lan < (int)node->sim->n_lans; lan++) {
		snprintf(word, sizeof(word), "eth%d=10.%d.0.%d/24", lan, lan, 100 + node->index);
		node->links[lan] = link_from_text(&node->links_mem, word, lan + 1);
		node->links[lan].mac = mac_of(node, lan);
	}
	for (int lan = 0; lan < (int)node->sim->n_lans; lan++)
		set_link(node, lan);
}

void
speaker_stop(struct sim_node *node)
{
	read_unread_hellos(node, false);
	node->n_wanted_vips = 0;
	memset(node->hello_links, 0, sizeof(node->hello_links));
	election_free(node->election);
	announcer_free(node->announcer);
	node->election = NULL;
	node->announcer = NULL;
	node->answers_outdated = true;
}

void
speaker_leave(struct sim_node *node)
{
	world_stop(node->world);
	election_leave(node->election, node_now(node));
}

bool
speaker_left(const struct sim_node *node)
{
	return election_left(node->election);
}

void
speaker_check_stopped(struct sim_node *node)
{
	election_check_stopped(node->election, node_now(node));
}

void
speaker_on_frame(struct sim_node *node, int lan, const uint8_t *frame, size_t len)
{
	struct arp arp;

	if (arp_parse(frame, len, &arp) == 0) {
		read_unread_hellos(node, true); /* the sender of the ARP frame may be a new peer */
		announcer_on_arp(node->announcer, lan + 1, &arp, node_now(node));
	} else {
		read_unread_hellos(node, true);
		receive_hello(node, lan, frame, len, node_now(node));
	}
}

void
speaker_on_udp(struct sim_node *node, int lan, const uint8_t *payload, size_t len)
{
	read_unread_hellos(node, true);
	(void)election_on_hello(node->election, lan + 1, HELLO_UDP, payload, len, node_now(node),
	    node_now(node));
}

void
speaker_tick(struct sim_node *node)
{
	/* when a timer is due, the daemon also reads the hellos with HELLO_UNCHANGED */
	if (speaker_next_ms(node) <= node_now(node))
		read_unread_hellos(node, true);
	election_tick(node->election, node_now(node));
	announcer_tick(node->announcer, node_now(node));
}

int64_t
speaker_next_ms(const struct sim_node *node)
{
	int64_t a = election_next_ms(node->election), b = announcer_next_ms(node->announcer);

	return a < b ? a : b;
}

static struct wanted_vip *
find_wanted_vip(struct sim_node *node, const struct action *act)
{
	for (size_t i = 0; i < node->n_wanted_vips; i++) {
		struct wanted_vip *vip = &node->wanted_vips[i];

		if (vip->ifindex == act->u.vip.ifindex && ip_equal(&vip->ip, &act->u.vip.ip))
			return vip;
	}
	return NULL;
}

static void
note_wanted_vip(struct sim_node *node, const struct action *act)
{
	if (find_wanted_vip(node, act))
		return;
	if (node->n_wanted_vips == WANTED_VIPS_MAX)
		abort();
	node->wanted_vips[node->n_wanted_vips++] =
	    (struct wanted_vip){ act->u.vip.ip, act->u.vip.ifindex };
}

bool
speaker_do(struct sim_node *node, const struct action *act)
{
	const struct ip *ip = &act->u.vip.ip;
	int ifindex = act->u.vip.ifindex;
	struct wanted_vip *vip;

	if (act->kind == ACT_VIP_ELECT) {
		note_wanted_vip(node, act);
		election_want_holder(node->election, ifindex, ip, &act->u.vip.key, node_now(node));
	} else if (act->kind == ACT_VIP_WITHDRAW) {
		election_withdraw(node->election, ifindex, ip, node_now(node));
		vip = find_wanted_vip(node, act);
		if (vip)
			*vip = node->wanted_vips[--node->n_wanted_vips];
	} else if (act->kind == ACT_HELLO_LINK) {
		int lan = act->u.hello_link.ifindex - 1;

		node->hello_links[lan] = act->u.hello_link.enabled;
		if (act->u.hello_link.enabled)
			set_link(node, lan);
		else
			election_close(node->election, lan + 1, node_now(node));
	} else {
		return false;
	}
	return true;
}
