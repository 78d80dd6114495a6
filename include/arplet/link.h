/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINK_H
#define ARPLET_LINK_H

#include "arplet/ip.h"
#include "arplet/mac.h"

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

#endif
