/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lan_nodes.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define V4(a, b) { IPV4, { 10, 0, a, b } }
#define V6(b)    { IPV6, { 0xfd, [15] = b } }

/* A link with 10.0.0.1/24, 10.0.1.1/24 and fd00::1/64. */
static struct link_addr addrs[] = { { V4(0, 1), 24 }, { V4(1, 1), 24 }, { V6(1), 64 } };
static const struct link eth0 = { .name = "eth0", .addrs = addrs, .n_addrs = 3 };

static const struct lan_node nodes[] = {
	{ V4(0, 1), "a" }, { V6(1), "a" },           /* this node */
	{ V4(9, 2), "b" }, { V4(1, 2), "b" },        /* one address on the LAN */
	{ V4(9, 3), "c" },                           /* no address on the LAN */
	{ V6(4), "d" }, { V4(0, 4), "d" }, { V4(0, 3), "d" }, { V4(0, 1), "e" },
};

static const struct case_ {
	const char *name, *node;
	uint8_t family;
	bool own;
	const char *want; /* NULL: none */
} cases[] = {
	{ "an address in a subnet of the link is found", "b", IPV4, false, "10.0.1.2" },
	{ "a node without an address on the link has none", "c", IPV4, false, NULL },
	{ "a node without an IPv6 address has none", "b", IPV6, false, NULL },
	{ "an IPv6 address is found", "d", IPV6, false, "fd00::4" },
	{ "of two addresses, the lower one is found", "d", IPV4, false, "10.0.0.3" },
	{ "an unknown node has no address", "bb", IPV4, false, NULL },
	{ "an address of the link itself is found", "a", IPV4, true, "10.0.0.1" },
	{ "an IPv6 address of the link itself is found", "a", IPV6, true, "fd00::1" },
	{ "an address of another host of the LAN is not the link's own", "d", IPV4, true, NULL },
};

static void
check(void **state)
{
	const struct case_ *c = *state;
	struct lan_nodes all = { 0 };
	const struct ip *ip;
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		lan_nodes_add(&all, nodes[i].node, &nodes[i].ip);
	lan_nodes_sort(&all);
	ip = c->own ? lan_nodes_own(&all, c->node, &eth0, c->family)
		    : lan_nodes_address(&all, c->node, &eth0, c->family);
	assert_string_equal(ip ? ip_format(ip, text) : "none", c->want ? c->want : "none");
	lan_nodes_done(&all);
	assert_null(lan_nodes_address(&all, c->node, &eth0, c->family));
}

static void
test_each_address_has_its_node(void **state)
{
	const struct ip unknown = V4(0, 9);
	struct lan_nodes all = { 0 };
	char names[32] = "";

	(void)state;
	assert_null(lan_nodes_node_of(&all, &unknown));
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		lan_nodes_add(&all, nodes[i].node, &nodes[i].ip);
	lan_nodes_sort(&all);
	for (size_t i = 0; i + 1 < sizeof(nodes) / sizeof(nodes[0]); i++)
		assert_string_equal(lan_nodes_node_of(&all, &nodes[i].ip), nodes[i].node);
	assert_null(lan_nodes_node_of(&all, &unknown));
	for (size_t i = 0; i < all.n; i = lan_nodes_next(&all, i))
		strcat(names, all.by_node[i].node);
	assert_string_equal(names, "abcde");
	lan_nodes_done(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_address_has_its_node),
	};

	return UNIT_TABLE("addresses of nodes", cases, check) +
	    cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}
