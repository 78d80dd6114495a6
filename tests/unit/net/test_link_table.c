/* SPDX-License-Identifier: Apache-2.0 */
#include "net/link_table.h"
#include "unit.h"

#include <linux/rtnetlink.h>
#include <string.h>

/* A route that the kernel reports, and the gateways that links 1 and 2 have afterwards. */
static const struct route_case {
	const char *name;
	uint8_t family, dst_len, type, flags;
	const char *gateway, *hops[2]; /* hops: gateways of a multipath route, on links 1 and 2 */
	bool via6;                     /* true: the IPv4 route has an IPv6 gateway */
	const char *want[2];           /* gateways of links 1 and 2 */
} cases[] = {
	{ "an IPv4 default route gives its link a gateway",
	    AF_INET, .gateway = "10.0.0.1", .want = { "10.0.0.1", "" } },
	{ "an IPv6 default route gives its link a gateway",
	    AF_INET6, .gateway = "fd00::1", .want = { "fd00::1", "" } },
	{ "an IPv4 default route may have an IPv6 gateway",
	    AF_INET, .gateway = "fe80::1", .via6 = true,
	    .want = { "fe80::1", "" } },
	{ "a multipath route gives each link a gateway",
	    AF_INET, .hops = { "10.0.0.1", "10.0.1.1" },
	    .want = { "10.0.0.1", "10.0.1.1" } },
	{ "a route to a prefix gives no gateway",
	    AF_INET, 8, .gateway = "10.0.0.1", .want = { "", "" } },
	{ "an unreachable route gives no gateway",
	    AF_INET, .type = RTN_UNREACHABLE, .gateway = "10.0.0.1",
	    .want = { "", "" } },
	{ "a default route without a gateway gives none", AF_INET, .want = { "", "" } },
};

static void
put_ip(struct nlmsghdr *nlh, const char *text, bool via6)
{
	struct ip ip;

	if (!text)
		return;
	assert_int_equal(ip_parse(text, &ip), 0);
	if (via6) {
		char buf[sizeof(struct rtvia) + 16] = { 0 };

		((struct rtvia *)buf)->rtvia_family = AF_INET6;
		memcpy(buf + offsetof(struct rtvia, rtvia_addr), ip.b, 16);
		mnl_attr_put(nlh, RTA_VIA, offsetof(struct rtvia, rtvia_addr) + 16, buf);
	} else {
		mnl_attr_put(nlh, RTA_GATEWAY, ip_len(ip.family), ip.b);
	}
}

static void
put_hops(struct nlmsghdr *nlh, const struct route_case *c)
{
	struct nlattr *all = mnl_attr_nest_start(nlh, RTA_MULTIPATH);

	for (int i = 0; i < 2; i++) {
		struct rtnexthop *hop = mnl_nlmsg_get_payload_tail(nlh);

		*hop = (struct rtnexthop){ .rtnh_ifindex = i + 1 };
		nlh->nlmsg_len += sizeof(*hop);
		put_ip(nlh, c->hops[i], false);
		hop->rtnh_len =
		    (unsigned short)((char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)hop);
	}
	mnl_attr_nest_end(nlh, all);
}

static void
add_link(struct link_table *tab, int ifindex)
{
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = ifindex;
	assert_true(link_table_apply(tab, nlh));
}

static void
check_route(void **state)
{
	const struct route_case *c = *state;
	char buf[512] = { 0 }, text[IP_TEXT_MAX];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct link_table tab = { 0 };
	struct rtmsg *rtm;

	nlh->nlmsg_type = RTM_NEWROUTE;
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = c->family;
	rtm->rtm_dst_len = c->dst_len;
	rtm->rtm_type = c->type ? c->type : RTN_UNICAST;
	put_ip(nlh, c->gateway, c->via6);
	if (c->hops[0])
		put_hops(nlh, c);
	else
		mnl_attr_put_u32(nlh, RTA_OIF, 1);
	add_link(&tab, 1);
	add_link(&tab, 2);
	for (int round = 0; round < 2; round++) /* a repeated message changes nothing */
		assert_int_equal(link_table_apply(&tab, nlh), !round && (*c->want[0] || *c->want[1]));
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(tab.v[i].n_gateways ? ip_format(&tab.v[i].gateways[0], text) : "",
		    c->want[i]);
	assert_int_equal(tab.v[0].n_gateways, *c->want[0] != '\0');
	link_table_done(&tab);
}

int
main(void)
{
	return UNIT_TABLE("default routes", cases, check_route);
}
