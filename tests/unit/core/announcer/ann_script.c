/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "frame_log.h"
#include "unit.h"

struct ann_script lan;

/* Adds a line with the time and an event to lan.log. */
#define log_event(...) frame_log(lan.log, sizeof(lan.log), lan.now_ms, __VA_ARGS__)

static void
on_send_ndp(int ifindex, const uint8_t *frame, size_t len)
{
	static const struct mac all_nodes = { { 0x33, 0x33, 0, 0, 0, 1 } };
	struct ndp ndp;

	assert_int_equal(ndp_parse(frame, len, &ndp), 0);
	if (ndp.type == NDP_SOLICITATION) { /* a probe: its source is "::" (RFC 4862 5.4.2) */
		assert_int_equal(ndp.ether_dst.b[5], ndp.target.b[15]);
		assert_false(ndp.has_mac || ndp.src.b[0]);
		if (lan.log_probes)
			log_event("%d:probe:%d ", ifindex, ndp.target.b[15]);
		return;
	}
	assert_true(ndp.has_mac && mac_equal(&ndp.mac, &ndp.ether_src));
	if (ndp.flags & NDP_SOLICITED)
		log_event("%d:answer:%d>%02x ", ifindex, ndp.target.b[15], ndp.ether_dst.b[5]);
	else
		log_event("%d:round:%d%s ", ifindex, ndp.target.b[15],
		    ip_equal(&ndp.src, &ndp.target) ? "!" : "");
	assert_true(ndp.flags & NDP_OVERRIDE);
	assert_int_equal(mac_equal(&ndp.ether_dst, &all_nodes), !(ndp.flags & NDP_SOLICITED));
	if (!ip_equal(&ndp.src, &ndp.target)) {
		assert_int_equal(ndp.src.b[0], 0xfe);
		assert_int_equal(ndp.src.b[15], ifindex);
	}
}

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct arp arp;

	(void)arg;
	if (lan.send_fails) {
		log_event("%d:refused ", ifindex);
		return -1;
	}
	if (family == IPV6) {
		on_send_ndp(ifindex, frame, len);
		return 0;
	}
	assert_int_equal(arp_parse(frame, len, &arp), 0);
	if (!mac_equal(&arp.ether_dst, &MAC_BROADCAST)) {
		log_event("%d:answer.%d>%02x ", ifindex, arp.sender_ip.b[3], arp.ether_dst.b[5]);
	} else if (!arp.sender_ip.b[0]) {
		if (lan.log_probes)
			log_event("%d:probe.%d ", ifindex, arp.target_ip.b[3]);
	} else if (!arp.target_mac.b[0]) {
		assert_int_equal(arp.op, ARP_REQUEST);
		log_event("%d:defend.%d ", ifindex, arp.sender_ip.b[3]);
	} else if (arp.op == ARP_REQUEST) {
		lan.request_on = ifindex;
		lan.request_n = arp.target_ip.b[3];
	} else {
		assert_int_equal(lan.request_on, ifindex);
		assert_int_equal(lan.request_n, arp.target_ip.b[3]);
		lan.request_on = 0;
		log_event("%d:round.%d ", ifindex, arp.target_ip.b[3]);
	}
	return 0;
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	static const char *const names[CONFLICTS] = { "over", "defended", "yielded", "kernel" };

	(void)arg;
	if (ip->family == IPV6)
		log_event("%d:%s:%d<%02x ", ifindex, names[conflict], ip->b[15], other->b[5]);
	else
		log_event("%d:%s.%d<%02x ", ifindex, names[conflict], ip->b[3], other->b[5]);
}

/* 10.0.0.7 has the other policy. */
static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	bool other = ip->family == IPV4 && ip->b[3] == 7;

	(void)arg;
	return lan.policy == POLICY_YIELD ? (other ? POLICY_DEFEND : POLICY_YIELD)
					  : (other ? POLICY_YIELD : POLICY_DEFEND);
}

static bool
has_peers(void *arg, int ifindex)
{
	(void)arg, (void)ifindex;
	return !lan.alone;
}

static bool
peer_may_answer(void *arg, int ifindex, const struct ip *ip, const struct mac *mac)
{
	(void)arg;
	assert_true(ifindex && ip->family && mac);
	return lan.peer_holds;
}

static bool
is_proxy_host(void *arg, int ifindex, const struct ip *ip, const struct mac *mac, int64_t now_ms)
{
	(void)arg, (void)now_ms;
	assert_true(ifindex && ip->family);
	return lan.proxy && mac->b[5] == 3;
}

static const struct announcer_ops ops = { on_send, on_conflict, on_policy, has_peers,
	peer_may_answer, is_proxy_host };

/* The link's addresses are valid until the next call. */
static struct link
link_of(int ifindex, bool up, uint8_t mac)
{
	static struct link_addr addrs[2];

	addrs[0] = (struct link_addr){ { IPV4, { 10, 0, 0, 1 } }, 24 };
	addrs[1] = (struct link_addr){ { IPV6, { 0xfe, 0x80, [15] = (uint8_t)ifindex } }, 64 };
	return (struct link){
		.ifindex = ifindex,
		.up = up,
		.ether = true,
		.mac = { { 2, [5] = mac } },
		.addrs = addrs,
		.n_addrs = 2,
	};
}

static struct ip
ip_of(uint8_t n)
{
	return (struct ip){ IPV4, { 10, 0, 0, n } };
}

/* Applies @event if it is an event of IPv6; otherwise returns false. */
static bool
apply6(enum event event, int ifindex, uint8_t n)
{
	static const struct mac peer = { { 2, [5] = 3 } }, ours = { { 2, [5] = 1 } };
	const struct ip ip = { IPV6, { 0xfd, [15] = n } }, other = { IPV6, { 0xfd, [15] = 200 } };
	struct ndp ndp = ndp_notice(event == ECHO6 ? &ours : &peer, &other, &ip);

	switch (event) {
	case ADD6:
		announcer_add(lan.a, &ip, ifindex, lan.now_ms);
		return true;
	case REMOVE6:
		announcer_remove(lan.a, &ip, ifindex);
		return true;
	case SOCKET6_CLOSED:
	case SOCKET6_OPEN:
		announcer_set_no_socket(lan.a, ifindex, IPV6, event == SOCKET6_CLOSED, lan.now_ms);
		return true;
	case REQUEST6:
	case PROBE6:
		ndp.type = NDP_SOLICITATION;
		ndp.flags = 0;
		ndp.dst = ndp_group(&ip);
		ndp.ether_dst = (struct mac){ { 0x33, 0x33, 0xff, 0, 0, n } };
		if (event == PROBE6) {
			ndp.src = (struct ip){ .family = IPV6 };
			ndp.has_mac = false;
		}
		break;
	case CLAIM6:
	case ECHO6:
	case ANSWER6:
		break;
	default:
		return false;
	}
	announcer_on_ndp(lan.a, ifindex, &ndp, lan.now_ms);
	return true;
}

void
apply(enum event event, int ifindex, uint8_t n)
{
	static const struct mac peer = { { 2, [5] = 3 } }, ours = { { 2, [5] = 1 } };
	const struct ip ip = ip_of(n), other = ip_of(200);
	struct arp arp = arp_notice(ARP_PROBE, &peer, &ip);
	struct link link;

	switch (event) {
	case UP:
	case UP_NO_LINK_LOCAL:
	case DOWN:
	case MAC:
		link = link_of(ifindex, event != DOWN, event == MAC ? n : (uint8_t)ifindex);
		link.n_addrs = event == UP_NO_LINK_LOCAL ? 1 : 2;
		announcer_set_link(lan.a, &link, lan.now_ms);
		return;
	case SOCKET_CLOSED:
	case SOCKET_OPEN:
		announcer_set_no_socket(lan.a, ifindex, IPV4, event == SOCKET_CLOSED, lan.now_ms);
		return;
	case GONE:
		announcer_del_link(lan.a, ifindex, lan.now_ms);
		return;
	case ADD:
		announcer_add(lan.a, &ip, ifindex, lan.now_ms);
		return;
	case REMOVE:
		announcer_remove(lan.a, &ip, ifindex);
		return;
	case REQUEST:
		arp.sender_ip = other;
		break;
	case PROBE:
		break;
	case CLAIM:
		arp = arp_notice(ARP_GRATUITOUS_REPLY, &peer, &ip);
		break;
	case ECHO:
		arp = arp_notice(ARP_GRATUITOUS_REQUEST, &ours, &ip);
		break;
	case REPEATED:
		arp = arp_notice(ARP_GRATUITOUS_REQUEST, &ours, &ip);
		arp.ether_src = peer;
		break;
	case RELAYED:
		arp = arp_notice(ARP_GRATUITOUS_REQUEST, &peer, &ip);
		arp.ether_src = ours;
		break;
	case ANSWER:
		arp = arp_notice(ARP_PROBE, &ours, &ip);
		arp = arp_answer(&arp, &peer);
		break;
	case PEER:
		announcer_set_peer(lan.a, &peer, n);
		return;
	case REANNOUNCE:
		announcer_reannounce(lan.a, &ip, ifindex, lan.now_ms);
		return;
	case ALONE:
		lan.alone = n;
		return;
	case PEER_HOLDS:
		lan.peer_holds = n;
		return;
	case PROXY:
		lan.proxy = n;
		for (uint8_t i = 0; n && i < 2; i++)
			announcer_end_conflicts(lan.a, ifindex, i ? IPV6 : IPV4, &peer, lan.now_ms);
		return;
	case SEND_FAILS:
		lan.send_fails = true;
		return;
	default:
		assert_true(apply6(event, ifindex, n));
		return;
	}
	announcer_on_arp(lan.a, ifindex, &arp, lan.now_ms);
}

void
run_until(int64_t until_ms)
{
	int64_t next_ms;

	while ((next_ms = announcer_next_ms(lan.a)) < until_ms) {
		if (next_ms > lan.now_ms)
			lan.now_ms = next_ms;
		announcer_tick(lan.a, lan.now_ms);
		assert_true(announcer_next_ms(lan.a) > lan.now_ms); /* no busy loop */
	}
	lan.now_ms = until_ms;
}

void
start(void)
{
	memset(&lan, 0, sizeof(lan));
	lan.a = announcer_new(&ops, NULL, &ANNOUNCER_DEFAULTS);
}

void
start_with_probes(enum ann_policy policy)
{
	struct announcer_opts opts = ANNOUNCER_DEFAULTS;

	opts.policy = policy;
	memset(&lan, 0, sizeof(lan));
	lan.log_probes = true;
	lan.policy = policy;
	lan.a = announcer_new(&ops, NULL, &opts);
}

void
run_script(const struct ann_step *script, int64_t until_ms, const char *want)
{
	for (; script->event != END; script++) {
		run_until(script->at_ms);
		apply(script->event, script->link, script->n);
	}
	run_until(until_ms);
	assert_string_equal(lan.log, want);
	announcer_free(lan.a);
}
