/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_IFACE_H
#define ARPLET_IFACE_H

#include "arplet/link.h"
#include "arplet/object.h"

/*
 * Which interfaces may announce, and which of them an address belongs to.  @names are the
 * interfaces that the advertisements name; NULL or empty: none are named, all may be used.
 */

/*
 * link_why_not - NULL when @link may announce an address of @family now, or else the reason, to
 * follow the link's name in a sentence: "is down", "is a port of a bridge or bond".
 * A link that is named is not refused for its name (docker0, veth1...): a person chose it.
 */
const char *link_why_not(const struct link *link, uint8_t family, const struct strings *names);

static inline bool
link_announces(const struct link *link, uint8_t family, const struct strings *names)
{
	return !link_why_not(link, family, names);
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
