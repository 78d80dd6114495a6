/* SPDX-License-Identifier: Apache-2.0 */
#include "ann_script.h"
#include "frame_log.h"
#include "unit.h"

struct lan_script lan;

/* Adds to the log: when, and what. */
#define say(...) lan_log(lan.log, sizeof(lan.log), lan.now_ms, __VA_ARGS__)

static void
on_send_ndp(int ifindex, const uint8_t *frame, size_t len)
{
	static const struct mac all_nodes = { { 0x33, 0x33, 0, 0, 0, 1 } };
	struct ndp ndp;

	assert_int_equal(ndp_parse(frame, len, &ndp), 0);
	if (ndp.type == NDP_SOLICITATION) { /* from nobody, to the group of its target */
		assert_int_equal(ndp.ether_dst.b[5], ndp.target.b[15]);
		assert_false(ndp.has_mac || ndp.src.b[0]);
		if (lan.asking)
			say("%d:ask:%d ", ifindex, ndp.target.b[15]);
		return;
	}
	assert_true(ndp.has_mac && mac_equal(&ndp.mac, &ndp.ether_src));
	if (ndp.flags & NDP_SOLICITED)
		say("%d:answer:%d>%02x ", ifindex, ndp.target.b[15], ndp.ether_dst.b[5]);
	else
		say("%d:round:%d%s ", ifindex, ndp.target.b[15],
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
	if (lan.refuse) {
		say("%d:refused ", ifindex);
		return -1;
	}
	if (family == IPV6) {
		on_send_ndp(ifindex, frame, len);
		return 0;
	}
	assert_int_equal(arp_parse(frame, len, &arp), 0);
	if (!mac_equal(&arp.ether_dst, &MAC_BROADCAST)) {
		say("%d:answer.%d>%02x ", ifindex, arp.sender_ip.b[3], arp.ether_dst.b[5]);
	} else if (!arp.sender_ip.b[0]) {
		if (lan.asking)
			say("%d:ask.%d ", ifindex, arp.target_ip.b[3]);
	} else if (!arp.target_mac.b[0]) {
		assert_int_equal(arp.op, ARP_REQUEST);
		say("%d:defend.%d ", ifindex, arp.sender_ip.b[3]);
	} else if (arp.op == ARP_REQUEST) {
		lan.request_on = ifindex;
		lan.request_n = arp.target_ip.b[3];
	} else {
		assert_int_equal(lan.request_on, ifindex);
		assert_int_equal(lan.request_n, arp.target_ip.b[3]);
		lan.request_on = 0;
		say("%d:round.%d ", ifindex, arp.target_ip.b[3]);
	}
	return 0;
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	static const char *const names[CONFLICTS] = { "over", "rival", "yield", "kernel" };

	(void)arg;
	if (ip->family == IPV6)
		say("%d:%s:%d<%02x ", ifindex, names[conflict], ip->b[15], other->b[5]);
	else
		say("%d:%s.%d<%02x ", ifindex, names[conflict], ip->b[3], other->b[5]);
}

/* For 10.0.0.7 it is the other one. */
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
	return !lan.lonely;
}

static const struct announcer_ops ops = { on_send, on_conflict, on_policy, has_peers };

static struct link
link_of(int ifindex, bool up, uint8_t mac)
{
	return (struct link){
		.ifindex = ifindex,
		.up = up,
		.ether = true,
		.mac = { { 2, [5] = mac } },
		.addrs = { { { IPV4, { 10, 0, 0, 1 } }, 24 },
		    { { IPV6, { 0xfe, 0x80, [15] = (uint8_t)ifindex } }, 64 } },
		.n_addrs = 2,
	};
}

static struct ip
ip_of(uint8_t n)
{
	return (struct ip){ IPV4, { 10, 0, 0, n } };
}

/* What happens to addresses of IPv6; true: it was that. */
static bool
happen6(enum what what, int ifindex, uint8_t n)
{
	static const struct mac peer = { { 2, [5] = 3 } }, ours = { { 2, [5] = 1 } };
	const struct ip ip = { IPV6, { 0xfd, [15] = n } }, other = { IPV6, { 0xfd, [15] = 200 } };
	struct ndp ndp = ndp_notice(what == ECHO6 ? &ours : &peer, &other, &ip);

	switch (what) {
	case ADD6:
		announcer_add(lan.a, &ip, ifindex, lan.now_ms);
		return true;
	case REMOVE6:
		announcer_remove(lan.a, &ip, ifindex);
		return true;
	case DEAF6:
	case HEARS6:
		announcer_set_no_socket(lan.a, ifindex, IPV6, what == DEAF6, lan.now_ms);
		return true;
	case ASK6:
	case PROBE6:
		ndp.type = NDP_SOLICITATION;
		ndp.flags = 0;
		ndp.dst = ndp_group(&ip);
		ndp.ether_dst = (struct mac){ { 0x33, 0x33, 0xff, 0, 0, n } };
		if (what == PROBE6) {
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
happen(enum what what, int ifindex, uint8_t n)
{
	static const struct mac peer = { { 2, [5] = 3 } }, ours = { { 2, [5] = 1 } };
	const struct ip ip = ip_of(n), other = ip_of(200);
	struct arp arp = arp_notice(ARP_PROBE, &peer, &ip);
	struct link link;

	switch (what) {
	case UP:
	case UP_BARE:
	case DOWN:
	case MAC:
		link = link_of(ifindex, what != DOWN, what == MAC ? n : (uint8_t)ifindex);
		link.n_addrs = what == UP_BARE ? 1 : 2;
		announcer_set_link(lan.a, &link, lan.now_ms);
		return;
	case DEAF:
	case HEARS:
		announcer_set_no_socket(lan.a, ifindex, IPV4, what == DEAF, lan.now_ms);
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
	case ASK:
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
	case FELLOW:
		announcer_set_peer(lan.a, &peer, n);
		return;
	case REMIND:
		announcer_reannounce(lan.a, &ip, ifindex, lan.now_ms);
		return;
	case LONELY:
		lan.lonely = n;
		return;
	case NO_FRAME:
		lan.refuse = true;
		return;
	default:
		assert_true(happen6(what, ifindex, n));
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
start_asking(enum ann_policy policy)
{
	struct announcer_opts opts = ANNOUNCER_DEFAULTS;

	opts.policy = policy;
	memset(&lan, 0, sizeof(lan));
	lan.asking = true;
	lan.policy = policy;
	lan.a = announcer_new(&ops, NULL, &opts);
}

void
tell(const struct lan_step *script, int64_t until_ms, const char *want)
{
	for (; script->what != END; script++) {
		run_until(script->at_ms);
		happen(script->what, script->link, script->n);
	}
	run_until(until_ms);
	assert_string_equal(lan.log, want);
	announcer_free(lan.a);
}
