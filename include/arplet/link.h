/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINK_H
#define ARPLET_LINK_H

#include "arplet/ip.h"
#include "arplet/mac.h"
#include "arplet/strings.h"

#define LINK_NAME_MAX 16 /* IFNAMSIZ */
#define LINK_GATEWAYS_MAX 4 /* gateways of a link; further gateways are ignored */

/* An address of an interface, and the length of its prefix: at most 32, or 128 for IPv6. */
struct link_addr {
	struct ip ip;
	uint8_t prefix_len;
};

/* link_addr_cmp - compare for sorting: by family, then by the length of the prefix, then by IP. */
int link_addr_cmp(const void *a, const void *b);

/* A network interface of this node, as rtnetlink describes it. */
struct link {
	int ifindex;
	char name[LINK_NAME_MAX];
	struct mac mac;
	bool ether;     /* ARPHRD_ETHER, and the MAC has six bytes */
	bool up;        /* IFF_UP, and carrier (IFF_LOWER_UP) */
	bool arp;       /* not IFF_NOARP */
	bool broadcast; /* IFF_BROADCAST */
	bool loopback;
	int master; /* ifindex of the bridge or bond whose port this link is; 0: none, or a VRF */
	struct link_addr *addrs; /* all addresses, sorted by link_addr_cmp(), without duplicates */
	size_t n_addrs;
	struct ip gateways[LINK_GATEWAYS_MAX]; /* gateways of default routes, sorted */
	size_t n_gateways;
};

/* links_copy - copy links and their addresses; free() frees the whole copy. */
struct link *links_copy(const struct link *links, size_t n);

/* link_equal - true if all members, and all addresses, are equal. */
bool link_equal(const struct link *a, const struct link *b);

/*
 * link_announces_alike - true if links_for_ip() and link_refusal() give the same results for both
 * links.  Addresses in the same subnet make no difference to these functions.
 */
bool link_announces_alike(const struct link *a, const struct link *b);

/* link_local - a link-local IPv6 address (fe80::/10) of @link; NULL: it has none. */
const struct ip *link_local(const struct link *link);

/*
 * The functions below decide which interfaces may announce addresses, and which interfaces announce
 * a certain address.  @names: the interfaces that the advertisements name; NULL or empty: the
 * advertisements name no interfaces.
 */

/*
 * link_refusal - NULL if @link may announce addresses of @family now; else the reason why not.  The
 * reason follows the link's name in a sentence: "is down", "is a port of a bridge or bond".  Links
 * of containers (docker0, veth1 ...) may announce addresses only if @names contains their names.
 */
const char *link_refusal(const struct link *link, uint8_t family, const struct strings *names);

static inline bool
link_announces(const struct link *link, uint8_t family, const struct strings *names)
{
	return !link_refusal(link, family, names);
}

/*
 * link_is_candidate - true if @link may announce addresses while it is up, even if no advertisement
 * names it.  Returns false for interfaces of containers, so that arplet ignores the changes of
 * these interfaces.
 */
bool link_is_candidate(const struct link *link);

/*
 * link_has_prefix - true if @ip is in the subnet of an address of @link.
 * link_has_address - true if @ip is an address of @link.
 * The time of both functions grows with the number of different lengths of prefixes, and with the
 * logarithm of the number of addresses.
 */
bool link_has_prefix(const struct link *link, const struct ip *ip);
bool link_has_address(const struct link *link, const struct ip *ip);

/*
 * links_for_ip - write the links that announce @ip to @ret_links (room for @n), in the order of
 * @links.  Returns the number of these links.
 *
 * If @names is not empty, the links with these names announce @ip.  If @names is empty, the links
 * whose subnet contains @ip announce it.  If no subnet of a link contains @ip, all links announce
 * @ip.  If a link whose subnet contains @ip is down, no other link replaces it, because the clients
 * of @ip are on the LAN of that link.
 */
size_t links_for_ip(const struct link *links, size_t n, const struct ip *ip,
    const struct strings *names, const struct link **ret_links);

#endif
