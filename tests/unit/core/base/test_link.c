/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link.h"
#include "unit.h"

#include <string.h>

/* A link that may announce, but for what it lacks. */
enum lack { NOTHING = 0, UP = 1, ARP = 2, BROADCAST = 4, ETHER = 8 };
#define LINK(its_name, lacks, ...)                                                    \
	{                                                                             \
		.name = its_name, .ether = !((lacks)&ETHER), .up = !((lacks)&UP),     \
		.arp = !((lacks)&ARP), .broadcast = !((lacks)&BROADCAST), __VA_ARGS__ \
	}
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
	const char *says; /* NULL: may announce */
	struct strings names;
	uint8_t family; /* 0: IPv4 */
} whys[] = {
	{ "an ordinary interface may announce", LINK("eth0", NOTHING), NULL },
	{ "so may a bridge with the LAN in it", LINK("br0", NOTHING), NULL },
	{ "one that is down may not", LINK("eth0", UP), "is down" },
	{ "nor a port of a bridge", LINK("eth0", NOTHING, .master = 7),
	    "is a port of a bridge or bond" },
	{ "nor one with ARP off", LINK("eth0", ARP), "has ARP switched off" },
	{ "nor one that cannot broadcast", LINK("wg0", BROADCAST), "cannot broadcast" },
	{ "which matters to IPv4 alone",
	    LINK("p2p0", BROADCAST, .addrs = { LINK_LOCAL }, .n_addrs = 1), NULL, .family = IPV6 },
	{ "nor one without a link-local address, for IPv6",
	    LINK("eth0", NOTHING, .addrs = { V4(169, 254, 0, 1, 16), V6_ULA, V6_SITE_LOCAL },
		.n_addrs = 3),
	    "has no link-local IPv6 address", .family = IPV6 },
	{ "which matters to IPv6 alone", LINK("eth0", NOTHING), NULL },
	{ "any of its addresses may be that",
	    LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24), V6_ULA, LINK_LOCAL },
		.n_addrs = 3), NULL, .family = IPV6 },
	{ "while it is down, that is what is wrong", LINK("eth0", UP), "is down", .family = IPV6 },
	{ "nor one that is not Ethernet", LINK("ib0", ETHER), "is not Ethernet" },
	{ "nor loopback, whatever its name", LINK("lo2", NOTHING, .loopback = true),
	    "is a loopback interface" },
	{ "nor loopback when named", LINK("lo", NOTHING, .loopback = true),
	    "is a loopback interface", NAMES("lo") },
	{ "docker's bridge is internal", LINK("docker0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "a pod's veth is internal", LINK("veth12ab", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "lo is internal", LINK("lo", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "but lo is a whole name", LINK("lom1", NOTHING), NULL },
	{ "and a pattern starts a name", LINK("mycni0", NOTHING), NULL },
	{ "lxcbr0 is internal", LINK("lxcbr0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "kube-ipvs0 is internal", LINK("kube-ipvs0", NOTHING),
	    "has the name of a container or tunnel interface" },
	{ "a name that is advertised is taken, internal or not", LINK("veth0", NOTHING), NULL,
	    NAMES("eth7", "veth0") },
	{ "a port is not, named or not", LINK("eth0", NOTHING, .master = 7),
	    "is a port of a bridge or bond", NAMES("eth0") },
	{ "others than the advertised do not announce", LINK("eth0", NOTHING),
	    "is not among the advertised interfaces", NAMES("eth1") },
	{ "names are not patterns", LINK("eth0", NOTHING), "is not among the advertised interfaces",
	    NAMES("eth*") },
};

static void
check_why(void **state)
{
	const struct why_case *c = *state;
	const char *says = link_refusal(&c->link, c->family ? c->family : IPV4, &c->names);

	if (!c->says)
		assert_null(says);
	else
		assert_string_equal(says ? says : "nothing", c->says);
}

#define LINKS_MAX 4

static const struct ip_case {
	const char *name;
	struct link links[LINKS_MAX];
	const char *ip, *want; /* link names, with a blank after each */
	struct strings names;
} ips[] = {
	{ "the link whose prefix contains the address",
	    { LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1),
		LINK("eth1", NOTHING, .addrs = { V4(10, 0, 1, 1, 24) }, .n_addrs = 1) },
	    "10.0.1.50", "eth1 " },
	{ "any of its prefixes will do",
	    { LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24), V4(10, 0, 9, 1, 24) },
		  .n_addrs = 2),
		LINK("eth1", NOTHING) },
	    "10.0.9.50", "eth0 " },
	{ "both, when two links are on that LAN",
	    { LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1),
		LINK("eth1", NOTHING, .addrs = { V4(10, 0, 0, 2, 25) }, .n_addrs = 1) },
	    "10.0.0.50", "eth0 eth1 " },
	{ "all that may, when no prefix contains it",
	    { LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1),
		LINK("eth1", NOTHING), LINK("docker0", NOTHING), LINK("eth2", UP) },
	    "192.0.2.1", "eth0 eth1 " },
	{ "none, while the link with the prefix is down",
	    { LINK("eth0", UP, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1),
		LINK("eth1", NOTHING) },
	    "10.0.0.50", "" },
	{ "a prefix on an internal link counts for nothing",
	    { LINK("eth0", NOTHING),
		LINK("docker0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1) },
	    "10.0.0.50", "eth0 " },
	{ "the named ones, whatever their prefixes",
	    { LINK("eth0", NOTHING, .addrs = { V4(10, 0, 0, 1, 24) }, .n_addrs = 1),
		LINK("eth1", NOTHING), LINK("eth2", UP), LINK("eth3", NOTHING) },
	    "10.0.0.50", "eth1 ", NAMES("eth1", "eth2") },
	{ "none, when the named do not exist", { LINK("eth0", NOTHING) }, "10.0.0.50", "",
	    NAMES("bond0") },
	{ "an IPv6 address looks at IPv6 prefixes",
	    { LINK("eth0", NOTHING, .addrs = { V4(0, 0, 0, 0, 0) }, .n_addrs = 1),
		LINK("eth1", NOTHING, .addrs = { { { IPV6, { 0xfd } }, 8 }, LINK_LOCAL },
		    .n_addrs = 2) },
	    "fd00::1", "eth1 " },
	{ "no other link stands in for one that has no link-local address yet",
	    { LINK("eth0", NOTHING, .addrs = { LINK_LOCAL }, .n_addrs = 1),
		LINK("eth1", NOTHING, .addrs = { V6_ULA }, .n_addrs = 1) },
	    "fd00::1", "" },
	{ "those without one are left out where no prefix contains the address",
	    { LINK("eth0", NOTHING), LINK("eth1", NOTHING, .addrs = { LINK_LOCAL }, .n_addrs = 1) },
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
	return UNIT_TABLE("why not", whys, check_why) +
	    UNIT_TABLE("links for an address", ips, check_ip);
}
