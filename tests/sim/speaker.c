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

/* --- what the election asks for --- */

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct sim_node *node = arg;

	lan_send(node->sim, node->index, ifindex - 1, frame, len);
}

static void
tell(const struct sim_node *node, const char *what, int ifindex, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	sim_trace(node->sim, "%s %s %s on eth%d", node->name, what, ip_format(ip, text), ifindex - 1);
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct sim_node *node = arg;

	tell(node, "holds", ifindex, ip);
	announcer_add(node->announcer, ip, ifindex, node_now(node));
	node->answers_outdated = true;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct sim_node *node = arg;

	tell(node, "drops", ifindex, ip);
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
on_holder(void *arg, int ifindex, const struct ip *ip, const char *holder, enum holder_change change,
    int64_t gap_ms)
{
	struct sim_node *node = arg;
	char text[IP_TEXT_MAX];

	digest_holder(node, ifindex, ip, holder, change, gap_ms);
	world_set_holder(node->world, ifindex, ip, holder);
	node->decide_again = true;
	sim_trace(node->sim, "%s sees %s on eth%d with %s (%s, %d ms)", node->name,
	    ip_format(ip, text), ifindex - 1, holder ? holder : "nobody", holder_change_label[change],
	    (int)gap_ms);
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	struct sim_node *node = arg;

	(void)ifindex;
	if (is)
		announcer_set_peer(node->announcer, mac, true);
}

static const struct election_ops election_ops = {
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

/* --- what the announcer asks for --- */

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

/* There is nobody here but fellows. */
static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	struct sim_node *node = arg;
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	world_set_conflict(node->world, ip, ifindex, conflict, other);
	if (conflict != CONFLICT_NONE &&
	    node_trusts(node->sim, ifindex - 1, node->index, other->b[5] - 1))
		sim_fail(node->sim, "%s takes a fellow for a rival: %s, which claims %s on eth%d",
		    node->name, mac_format(other, mac), ip_format(ip, text), ifindex - 1);
}

static bool
has_peers(void *arg, int ifindex)
{
	const struct sim_node *node = arg;

	return election_has_peers(node->election, ifindex);
}

static const struct announcer_ops announcer_ops = {
	.send = on_frame,
	.on_conflict = on_conflict,
	.has_peers = has_peers,
};

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

/* --- the daemon's life --- */

static void
receive_hello(struct sim_node *node, int lan, const uint8_t *frame, size_t len, int64_t at_ms)
{
	if (election_on_hello(node->election, lan + 1, frame, len, at_ms, node_now(node),
		wall_s(node)) < 0 && node->sim->tell)
		node->refused++;
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
read_unread_hellos(struct sim_node *node, bool hear)
{
	struct unread_hello *hello;

	while ((hello = STAILQ_FIRST(&node->unread_hellos))) {
		STAILQ_REMOVE_HEAD(&node->unread_hellos, next);
		if (hear)
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

void
speaker_link_changed(struct sim_node *node, int lan)
{
	int *arg = xcalloc(1, sizeof(*arg));

	*arg = lan;
	node_deliver(node, apply_link_change, free, arg);
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
	node->announcer = announcer_new(&announcer_ops, node, &announcer);
	node->election = election_new(&election_ops, node, &opts);
	hello_key_init(&key, secret, sizeof(secret));
	election_set_key(node->election, &key, node_now(node));
	for (int lan = 0; lan < (int)node->sim->n_lans; lan++) {
		snprintf(word, sizeof(word), "eth%d=10.%d.0.%d/24", lan, lan, 100 + node->index);
		node->links[lan] = link_from_text(word, lan + 1);
		node->links[lan].mac = mac_of(node, lan);
		set_link(node, lan);
	}
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
		read_unread_hellos(node, true); /* who claims may be a fellow that has just come */
		announcer_on_arp(node->announcer, lan + 1, &arp, node_now(node));
	} else {
		read_unread_hellos(node, true);
		receive_hello(node, lan, frame, len, node_now(node));
	}
}

void
speaker_tick(struct sim_node *node)
{
	if (speaker_next_ms(node) <= node_now(node)) /* no other timer looks for hellos */
		read_unread_hellos(node, true);
	election_tick(node->election, node_now(node), wall_s(node));
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
	node->wanted_vips[node->n_wanted_vips++] = (struct wanted_vip){ act->u.vip.ip, act->u.vip.ifindex };
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
