/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINK_H
#define ARPLET_LINK_H

#include "arplet/ip.h"
#include "arplet/mac.h"
#include "arplet/strings.h"

#define LINK_NAME_MAX 16 /* IFNAMSIZ */
#define LINK_ADDRS_MAX 32 /* further addresses are ignored */
#define LINK_GATEWAYS_MAX 4 /* further gateways are ignored */

/* A network interface of this node, as rtnetlink describes it. */
struct link {
	int ifindex;
	char name[LINK_NAME_MAX];
	struct mac mac;
	bool ether;     /* ARPHRD_ETHER with a MAC of six bytes */
	bool up;        /* IFF_UP, and carrier (IFF_LOWER_UP) */
	bool arp;       /* not IFF_NOARP */
	bool broadcast; /* IFF_BROADCAST */
	bool loopback;
	int master; /* ifindex of the bridge or bond (not VRF) that it is a port of; 0: none */
	struct link_addr {
		struct ip ip;
		uint8_t prefix_len;
	} addrs[LINK_ADDRS_MAX];
	size_t n_addrs;
	struct ip gateways[LINK_GATEWAYS_MAX]; /* of default routes, sorted */
	size_t n_gateways;
};

/* link_local - a link-local IPv6 address (fe80::/10) of @link, or NULL. */
const struct ip *link_local(const struct link *link);

/*
 * Which interfaces may announce, and on which of them an address is announced.  @names are the
 * interfaces that the advertisements name; NULL or empty: no advertisement names an interface.
 */

/*
 * link_refusal - NULL if @link may announce an address of @family now.  Otherwise the reason, which
 * follows the link's name in a sentence: "is down", "is a port of a bridge or bond".  Links of
 * containers (docker0, veth1 ...) may announce only if @names has them.
 */
const char *link_refusal(const struct link *link, uint8_t family, const struct strings *names);

static inline bool
link_announces(const struct link *link, uint8_t family, const struct strings *names)
{
	return !link_refusal(link, family, names);
}

/*
 * link_is_candidate - true if @link may announce while it is up, without being named.  False for
 * the interfaces of containers, so that their changes cost nothing.
 */
bool link_is_candidate(const struct link *link);

/* link_has_prefix - true if @ip is in the subnet of an address of @link. */
bool link_has_prefix(const struct link *link, const struct ip *ip);

/*
 * links_for_ip - write the links that announce @ip to @ret_links (room for @n), in the order of
 * @links.  Returns how many.
 *
 * If there are @names, these links announce @ip.  Otherwise the links with a prefix that contains
 * @ip announce it.  If there is no such link, all links announce it.  A link with such a prefix
 * that is down is not replaced by another link, because the clients of @ip are on its LAN.
 */
size_t links_for_ip(const struct link *links, size_t n, const struct ip *ip,
    const struct strings *names, const struct link **ret_links);

#endif
