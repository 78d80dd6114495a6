/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINK_H
#define ARPLET_LINK_H

#include "arplet/ip.h"
#include "arplet/mac.h"
#include "arplet/strings.h"

#define LINK_NAME_MAX 16 /* IFNAMSIZ */
#define LINK_ADDRS_MAX 32 /* more than these are not looked at */
#define LINK_GATEWAYS_MAX 4 /* nor these */

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
	int master; /* the bridge or bond (not VRF) it is enslaved to, as ifindex; 0: none */
	struct link_addr {
		struct ip ip;
		uint8_t prefix_len;
	} addrs[LINK_ADDRS_MAX];
	size_t n_addrs;
	struct ip gateways[LINK_GATEWAYS_MAX]; /* of default routes over it, sorted */
	size_t n_gateways;
};

/* link_local - an IPv6 address that @link has for itself alone (fe80::/10), or NULL. */
const struct ip *link_local(const struct link *link);

/*
 * Which interfaces may announce, and which of them an address belongs to.  @names are the
 * interfaces that the advertisements name; NULL or empty: none are named, all may be used.
 */

/*
 * link_refusal - NULL when @link may announce an address of @family now, or else the reason, to
 * follow the link's name in a sentence: "is down", "is a port of a bridge or bond".
 * A link that is named is not refused for its name (docker0, veth1...): a person chose it.
 */
const char *link_refusal(const struct link *link, uint8_t family, const struct strings *names);

static inline bool
link_announces(const struct link *link, uint8_t family, const struct strings *names)
{
	return !link_refusal(link, family, names);
}

/*
 * link_is_candidate - could @link ever announce without being named, were it up?  The interfaces
 * of containers could not: that they come and go concerns nobody.
 */
bool link_is_candidate(const struct link *link);

/* link_has_prefix - is @ip in the subnet of an address of @link? */
bool link_has_prefix(const struct link *link, const struct ip *ip);

/*
 * links_for_ip - the links of @links that announce @ip, in their order, into @ret_links (room
 * for @n); returns how many.
 *
 * With @names, those; or else the ones with a prefix that contains the address; or else, where
 * no link has such a prefix, every link that may announce.  While a link whose prefix contains
 * the address is merely down, no other link stands in: the address lives on that LAN.
 */
size_t links_for_ip(const struct link *links, size_t n, const struct ip *ip,
    const struct strings *names, const struct link **ret_links);

#endif
