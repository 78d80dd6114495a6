/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addresses of a link.  An administrator can give a link thousands of addresses, and a link is
 * searched for each VIP.  The order of the addresses makes this fast: all addresses with prefixes
 * of one length are adjacent, and sorted, so a binary search finds the subnet of an address.
 */
#include "arplet/arena.h"
#include "arplet/link.h"
#include "lower_bound.h"

#include <stdlib.h>
#include <string.h>

int
link_addr_cmp(const void *a, const void *b)
{
	const struct link_addr *x = a, *y = b;

	if (x->ip.family != y->ip.family)
		return x->ip.family < y->ip.family ? -1 : 1;
	if (x->prefix_len != y->prefix_len)
		return x->prefix_len < y->prefix_len ? -1 : 1;
	return ip_cmp(&x->ip, &y->ip);
}

/* The first address of @link that is not less than @ip with @prefix_len; NULL: all are less. */
static const struct link_addr *
at_or_after(const struct link *link, const struct ip *ip, uint8_t prefix_len)
{
	const struct link_addr key = { *ip, prefix_len };
	size_t at = lower_bound(&key, link->addrs, link->n_addrs, sizeof(key), link_addr_cmp);

	return at < link->n_addrs ? &link->addrs[at] : NULL;
}

static bool
is_same_length(const struct link_addr *a, const struct link_addr *b)
{
	return a->ip.family == b->ip.family && a->prefix_len == b->prefix_len;
}

/* The first address behind @addr whose family or prefix length is different; NULL: none. */
static const struct link_addr *
next_length(const struct link *link, const struct link_addr *addr)
{
	const struct link_addr *end = link->addrs + link->n_addrs;
	struct ip least = { .family = addr->ip.family };

	if (addr + 1 == end || !is_same_length(addr, addr + 1))
		return addr + 1 == end ? NULL : addr + 1;
	return at_or_after(link, &least, (uint8_t)(addr->prefix_len + 1));
}

/* The first address of @link in @net/@len whose family and prefix length are those of @like. */
static const struct link_addr *
find_like(const struct link *link, const struct link_addr *like, const struct ip *net,
    unsigned int len)
{
	const struct link_addr *found;
	struct ip_range range;

	if (like->ip.family != net->family)
		return NULL;
	if (ip_in_prefix(&like->ip, net, len))
		return like; /* often the only address with its prefix length */
	ip_prefix_range(net, len, &range);
	found = at_or_after(link, &range.first, like->prefix_len);
	return found && is_same_length(found, like) && ip_in_prefix(&found->ip, net, len) ? found
											  : NULL;
}

bool
link_has_prefix(const struct link *link, const struct ip *ip)
{
	const struct link_addr *addr = link->n_addrs ? link->addrs : NULL;

	for (; addr; addr = next_length(link, addr)) {
		if (find_like(link, addr, ip, addr->prefix_len))
			return true;
	}
	return false;
}

/* The first address of @link in @net/@len, of the shortest prefix; NULL: none. */
static const struct ip *
find_in(const struct link *link, const struct ip *net, unsigned int len)
{
	const struct link_addr *addr = link->n_addrs ? link->addrs : NULL, *found;

	for (; addr; addr = next_length(link, addr)) {
		if ((found = find_like(link, addr, net, len)))
			return &found->ip;
	}
	return NULL;
}

bool
link_has_address(const struct link *link, const struct ip *ip)
{
	return find_in(link, ip, 8 * (unsigned int)ip_len(ip->family));
}

const struct ip *
link_local(const struct link *link)
{
	return find_in(link, &(struct ip){ IPV6, { 0xfe, 0x80 } }, 10);
}

struct link *
links_copy(const struct link *links, size_t n)
{
	size_t n_addrs = 0;
	struct link_addr *addrs;
	struct link *copy;

	for (size_t i = 0; i < n; i++)
		n_addrs += links[i].n_addrs;
	copy = xcalloc(1, n * sizeof(*copy) + n_addrs * sizeof(*addrs));
	addrs = (struct link_addr *)(copy + n);
	for (size_t i = 0; i < n; i++) {
		memcpy(&copy[i], &links[i], sizeof(copy[i]));
		copy[i].addrs = addrs;
		if (links[i].n_addrs)
			memcpy(addrs, links[i].addrs, links[i].n_addrs * sizeof(*addrs));
		addrs += links[i].n_addrs;
	}
	return copy;
}

/* True if all members except the addresses are equal; structs of links have zeroed padding. */
static bool
is_equal_but_addrs(const struct link *a, const struct link *b)
{
	struct link copy;

	memcpy(&copy, a, sizeof(copy));
	copy.addrs = b->addrs;
	copy.n_addrs = b->n_addrs;
	return memcmp(&copy, b, sizeof(copy)) == 0;
}

bool
link_equal(const struct link *a, const struct link *b)
{
	return is_equal_but_addrs(a, b) && a->n_addrs == b->n_addrs &&
	    (!a->n_addrs || memcmp(a->addrs, b->addrs, a->n_addrs * sizeof(*a->addrs)) == 0);
}

static bool
is_same_subnet(const struct link_addr *a, const struct link_addr *b)
{
	return is_same_length(a, b) && ip_in_prefix(&a->ip, &b->ip, b->prefix_len);
}

/* The index of the first address behind @at that is in another subnet. */
static size_t
next_subnet(const struct link *link, size_t at)
{
	size_t next = at + 1;

	while (next < link->n_addrs && is_same_subnet(&link->addrs[at], &link->addrs[next]))
		next++;
	return next;
}

bool
link_announces_alike(const struct link *a, const struct link *b)
{
	size_t i = 0, j = 0;

	if (!is_equal_but_addrs(a, b) || !link_local(a) != !link_local(b))
		return false;
	while (i < a->n_addrs && j < b->n_addrs && is_same_subnet(&a->addrs[i], &b->addrs[j])) {
		i = next_subnet(a, i);
		j = next_subnet(b, j);
	}
	return i >= a->n_addrs && j >= b->n_addrs;
}
