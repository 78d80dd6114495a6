/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define ADDRS_MAX 1000

static uint8_t
random_below(int n)
{
	return (uint8_t)(lrand48() % n);
}

/* A random address near 10.0.0.0 or fd00::; some IPv6 addresses are link-local. */
static struct ip
random_ip(void)
{
	struct ip ip = { random_below(2) ? IPV4 : IPV6, { 0 } };

	for (size_t i = 0; i < ip_len(ip.family); i++)
		ip.b[i] = random_below(4);
	if (ip.family == IPV4)
		ip.b[0] = 10;
	else
		memcpy(ip.b, (uint8_t[]){ random_below(4) ? 0xfd : 0xfe, 0x80 }, 2);
	return ip;
}

/* The prefixes have lengths from @shortest on, so that some contain others. */
static void
fill(struct link *link, size_t n, int shortest)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct link_addr *addr = &link->addrs[i];

		addr->ip = random_ip();
		addr->prefix_len = (uint8_t)(shortest + random_below(addr->ip.family == IPV4 ?
		    33 - shortest : 129 - shortest));
	}
	qsort(link->addrs, n, sizeof(*link->addrs), link_addr_cmp);
	for (size_t i = 0; i < n; i++) {
		if (!kept || link_addr_cmp(&link->addrs[kept - 1], &link->addrs[i]) != 0)
			link->addrs[kept++] = link->addrs[i];
	}
	link->n_addrs = kept;
}

/* The results of a search of all addresses, one by one. */
static void
search_all(const struct link *link, const struct ip *ip, bool *ret_prefix, bool *ret_address)
{
	*ret_prefix = *ret_address = false;
	for (size_t i = 0; i < link->n_addrs; i++) {
		*ret_prefix |= ip_in_prefix(ip, &link->addrs[i].ip, link->addrs[i].prefix_len);
		*ret_address |= ip_equal(ip, &link->addrs[i].ip);
	}
}

static const struct search_case {
	const char *name;
	size_t n;
	int shortest;
} searches[] = {
	{ "a link without addresses has none", 0, 0 },
	{ "one address is found", 1, 20 },
	{ "two addresses are found", 2, 20 },
	{ "a few addresses are found", 8, 20 },
	{ "1,000 addresses are found", ADDRS_MAX, 20 },
	{ "addresses with any length of prefix are found", ADDRS_MAX, 0 },
	{ "addresses whose prefixes are the whole address are found", ADDRS_MAX, 32 },
};

static void
check_search(void **state)
{
	const struct search_case *c = *state;
	struct link_addr addrs[ADDRS_MAX];
	struct link link = { .addrs = addrs };
	const struct ip fe80 = { IPV6, { 0xfe, 0x80 } };

	srand48(4711);
	for (int round = 0; round < 20; round++) {
		bool local = false;

		fill(&link, c->n, c->shortest);
		for (int i = 0; i < 200; i++) {
			struct ip ip = random_ip();
			bool prefix, address;

			if (link.n_addrs && i % 2)
				ip = addrs[lrand48() % (long)link.n_addrs].ip;
			search_all(&link, &ip, &prefix, &address);
			assert_int_equal(link_has_prefix(&link, &ip), prefix);
			assert_int_equal(link_has_address(&link, &ip), address);
		}
		for (size_t i = 0; i < link.n_addrs; i++)
			local |= ip_in_prefix(&addrs[i].ip, &fe80, 10);
		assert_int_equal(!!link_local(&link), local);
		assert_true(!local || ip_in_prefix(link_local(&link), &fe80, 10));
	}
}

#define V4(a, b, len) { { IPV4, { 10, 0, a, b } }, len }
#define LL(n)         { { IPV6, { 0xfe, 0x80, [15] = n } }, 64 }
#define LINK(...)                                                                            \
	{ .name = "eth0", .addrs = (struct link_addr[]){ __VA_ARGS__ },                      \
		.n_addrs = sizeof((struct link_addr[]){ __VA_ARGS__ }) / sizeof(struct link_addr) }

static const struct alike_case {
	const char *name;
	struct link a, b;
	bool want;
} alikes[] = {
	{ "links with the same addresses announce alike", LINK(V4(0, 1, 24)), LINK(V4(0, 1, 24)),
	    true },
	{ "another address in the same subnet makes no difference",
	    LINK(V4(0, 1, 24)), LINK(V4(0, 2, 24)), true },
	{ "one more address in the same subnet makes no difference",
	    LINK(V4(0, 1, 24), V4(1, 1, 24)), LINK(V4(0, 1, 24), V4(0, 2, 24), V4(1, 1, 24)), true },
	{ "another subnet makes a difference", LINK(V4(0, 1, 24)), LINK(V4(1, 1, 24)), false },
	{ "one more subnet makes a difference", LINK(V4(0, 1, 24)), LINK(V4(0, 1, 24), V4(1, 1, 24)),
	    false },
	{ "a subnet less makes a difference", LINK(V4(0, 1, 24), V4(1, 1, 24)), LINK(V4(0, 1, 24)),
	    false },
	{ "another length of the prefix makes a difference",
	    LINK(V4(0, 1, 24)), LINK(V4(0, 1, 25)), false },
	{ "the first link-local address makes a difference",
	    LINK(V4(0, 1, 24)), LINK(V4(0, 1, 24), LL(1)), false },
	{ "a second link-local address makes no difference",
	    LINK(LL(1)), LINK(LL(1), LL(2)), true },
	{ "a link-local address in a subnet that is not makes a difference",
	    LINK({ { IPV6, { 0xfe } }, 8 }), LINK({ { IPV6, { 0xfe, 0x80 } }, 8 }), false },
	{ "another name makes a difference", { .name = "eth0" }, { .name = "eth1" }, false },
	{ "the carrier makes a difference", { .up = true }, { .up = false }, false },
};

static void
check_alike(void **state)
{
	const struct alike_case *c = *state;
	const struct link both[] = { c->a, c->b };
	struct link *copy = links_copy(both, 2);

	assert_int_equal(link_announces_alike(&c->a, &c->b), c->want);
	assert_int_equal(link_announces_alike(&c->b, &c->a), c->want);
	assert_true(link_announces_alike(&c->a, &c->a));
	assert_true(link_equal(&c->a, &copy[0]) && link_equal(&c->b, &copy[1]));
	assert_true(!copy[1].n_addrs || copy[1].addrs != c->b.addrs);
	assert_true(!link_equal(&c->a, &copy[1]) || c->want);
	if (copy[1].n_addrs) {
		copy[1].addrs[0].ip.b[15] ^= 1;
		assert_false(link_equal(&c->b, &copy[1]));
	}
	free(copy);
}

int
main(void)
{
	return UNIT_TABLE("searches", searches, check_search) +
	    UNIT_TABLE("links that announce alike", alikes, check_alike);
}
