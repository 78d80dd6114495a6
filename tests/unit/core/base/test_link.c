/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link.h"
#include "unit.h"

#include <string.h>

/* A link needs these properties for announcements; the link of a test case lacks some of them. */
enum lack { NOTHING = 0, UP = 1, ARP = 2, BROADCAST = 4, ETHER = 8 };
#define LINK(its_name, lacks, ...)                                                    \
	{                                                                             \
		.name = its_name, .ether = !((lacks)&ETHER), .up = !((lacks)&UP),     \
		.arp = !((lacks)&ARP), .broadcast = !((lacks)&BROADCAST), __VA_ARGS__ \
	}
/* Addresses must be in the order of link_addr_cmp(). */
#define ADDRS(...)                                           \
	.addrs = (struct link_addr[]){ __VA_ARGS__ },        \
	.n_addrs = sizeof((struct link_addr[]){ __VA_ARGS__ }) / sizeof(struct link_addr)
#define V4(a, b, c, d, len)                   \
	{                                     \
		{ IPV4, { a, b, c, d } }, len \
	}
#define V6_ULA                         \
	{                              \
		{ IPV6, { 0xfd } }, 64 \
	}
#define V6_SITE_LOCAL                        \
	{                                    \
		{ IPV6, { 0xfe, 0xc0 } }, 64 \
	}
#define LINK_LOCAL                                    \
	{                                             \
		{ IPV6, { 0xfe, 0x80, [15] = 1 } }, 64 \
	}
#define NAMES(...)                                                           \
	{                                                                    \
		(const char *[]){ __VA_ARGS__ },                             \
		    sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *) \
	}

static const struct why_case {
	const char *name;
	struct link link;
	const char *reason; /* why the link cannot announce; NULL: the link can announce */
	struct strings names;
	uint8_t family; /* 0: IPv4 */
} whys[] = {
	{ "an ordinary interface can announce", LINK("eth0", NOTHING), NULL },
	{ "a bridge can announce", LINK("br0", NOTHING), NULL },
	{ "a link that is down cannot announce", LINK("eth0", UP), "is down" },
	{ "a port of a bridge cannot announce", LINK("eth0", NOTHING, .master = 7),
	    "is a port of a bridge or bond" },
	{ "a link without ARP cannot announce", LINK("eth0", ARP), "has ARP switched off" },
	{ "a link without broadcast cannot announce IPv4",
	    LINK("wg0", BROADCAST), "cannot broadcast" },
	{ "a link without broadcast can announce IPv6",
	    LINK("p2p0", BROADCAST, ADDRS(LINK_LOCAL)), NULL, .family = IPV6 },
	{ "a link without a link-local address cannot announce IPv6",
	    LINK("eth0", NOTHING, ADDRS(V4(169, 254, 0, 1, 16), V6_ULA, V6_SITE_LOCAL)),
	    "has no link-local IPv6 address", .family = IPV6 },
	{ "a link without a link-local address can announce IPv4", LINK("eth0", NOTHING), NULL },
	{ "the link-local address may be the last one",
	    LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24), V6_ULA, LINK_LOCAL)), NULL, .family = IPV6 },
	{ "\"is down\" is the first reason of a link that is down",
	    LINK("eth0", UP), "is down", .family = IPV6 },
	{ "a link that is not Ethernet cannot announce", LINK("ib0", ETHER), "is not Ethernet" },
	{ "a loopback interface cannot announce, whatever its name",
	    LINK("lo2", NOTHING, .loopback = true),
	    "is a loopback interface" },
	{ "an advertised loopback interface cannot announce", LINK("lo", NOTHING, .loopback = true),
	    "is a loopback interface", NAMES("lo") },
	{ "docker's bridge is internal", LINK("docker0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "a pod's veth is internal", LINK("veth12ab", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "lo is internal", LINK("lo", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "lo is a whole name, not a prefix", LINK("lom1", NOTHING), NULL },
	{ "an internal prefix counts only at the start of a name", LINK("mycni0", NOTHING), NULL },
	{ "lxcbr0 is internal", LINK("lxcbr0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "kube-ipvs0 is internal", LINK("kube-ipvs0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "an advertised interface can announce even if its name is internal",
	    LINK("veth0", NOTHING), NULL,
	    NAMES("eth7", "veth0") },
	{ "an advertised port of a bridge cannot announce", LINK("eth0", NOTHING, .master = 7),
	    "is a port of a bridge or bond", NAMES("eth0") },
	{ "an interface that is not advertised cannot announce", LINK("eth0", NOTHING),
	    "is not among the advertised interfaces", NAMES("eth1") },
	{ "names are not patterns", LINK("eth0", NOTHING), "is not among the advertised interfaces",
	    NAMES("eth*") },
};

static void
check_why(void **state)
{
	const struct why_case *c = *state;
	const char *reason = link_refusal(&c->link, c->family ? c->family : IPV4, &c->names);

	if (!c->reason)
		assert_null(reason);
	else
		assert_string_equal(reason ? reason : "none", c->reason);
}

#define LINKS_MAX 4

static const struct ip_case {
	const char *name;
	struct link links[LINKS_MAX];
	const char *ip, *want; /* want: names of links, with a blank after each name */
	struct strings names;
} ips[] = {
	{ "the link with the prefix of the address announces it",
	    { LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24))),
		LINK("eth1", NOTHING, ADDRS(V4(10, 0, 1, 1, 24))) },
	    "10.0.1.50", "eth1 " },
	{ "a link's second prefix counts",
	    { LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24), V4(10, 0, 9, 1, 24))),
		LINK("eth1", NOTHING) },
	    "10.0.9.50", "eth0 " },
	{ "two links with the prefix announce the address",
	    { LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24))),
		LINK("eth1", NOTHING, ADDRS(V4(10, 0, 0, 2, 25))) },
	    "10.0.0.50", "eth0 eth1 " },
	{ "without a matching prefix all usable links announce the address",
	    { LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24))),
		LINK("eth1", NOTHING), LINK("docker0", NOTHING), LINK("eth2", UP) },
	    "192.0.2.1", "eth0 eth1 " },
	{ "no link announces while the one with the prefix is down",
	    { LINK("eth0", UP, ADDRS(V4(10, 0, 0, 1, 24))),
		LINK("eth1", NOTHING) },
	    "10.0.0.50", "" },
	{ "the prefix of an internal link is ignored",
	    { LINK("eth0", NOTHING),
		LINK("docker0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24))) },
	    "10.0.0.50", "eth0 " },
	{ "advertised links announce without regard to prefixes",
	    { LINK("eth0", NOTHING, ADDRS(V4(10, 0, 0, 1, 24))),
		LINK("eth1", NOTHING), LINK("eth2", UP), LINK("eth3", NOTHING) },
	    "10.0.0.50", "eth1 ", NAMES("eth1", "eth2") },
	{ "no link announces when the advertised ones do not exist",
	    { LINK("eth0", NOTHING) }, "10.0.0.50", "",
	    NAMES("bond0") },
	{ "only IPv6 prefixes count for an IPv6 address",
	    { LINK("eth0", NOTHING, ADDRS(V4(0, 0, 0, 0, 0))),
		LINK("eth1", NOTHING, ADDRS({ { IPV6, { 0xfd } }, 8 }, LINK_LOCAL)) },
	    "fd00::1", "eth1 " },
	{ "no other link announces while the one with the prefix has no link-local address",
	    { LINK("eth0", NOTHING, ADDRS(LINK_LOCAL)),
		LINK("eth1", NOTHING, ADDRS(V6_ULA)) },
	    "fd00::1", "" },
	{ "links without a link-local address do not announce IPv6",
	    { LINK("eth0", NOTHING), LINK("eth1", NOTHING, ADDRS(LINK_LOCAL)) },
	    "fd00::1", "eth1 " },
};

static void
check_ip(void **state)
{
	const struct ip_case *c = *state;
	const struct link *found[LINKS_MAX];
	char text[LINKS_MAX * (LINK_NAME_MAX + 1) + 1] = "";
	struct ip ip;
	size_t n = 0;

	while (n < LINKS_MAX && c->links[n].name[0])
		n++;
	assert_int_equal(ip_parse(c->ip, &ip), 0);
	n = links_for_ip(c->links, n, &ip, &c->names, found);
	for (size_t i = 0; i < n; i++)
		strcat(strcat(text, found[i]->name), " ");
	assert_string_equal(text, c->want);
}

int
main(void)
{
	return UNIT_TABLE("reasons", whys, check_why) +
	    UNIT_TABLE("links for an address", ips, check_ip);
}
