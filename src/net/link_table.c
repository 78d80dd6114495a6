/* SPDX-License-Identifier: Apache-2.0 */
#include "link_table.h"
#include "addr_list.h"
#include "arplet/arena.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LINKS_MAX 4096 /* further interfaces are ignored */

/* The index of the link with @ifindex in the table, or the index at which it would be inserted. */
static size_t
position(const struct link_table *tab, int ifindex)
{
	size_t low = 0, high = tab->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (tab->v[mid].ifindex < ifindex)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct link *
find(const struct link_table *tab, int ifindex)
{
	size_t at = position(tab, ifindex);

	return at < tab->n && tab->v[at].ifindex == ifindex ? &tab->v[at] : NULL;
}

static bool
remove_link(struct link_table *tab, int ifindex)
{
	struct link *link = find(tab, ifindex);

	if (!link)
		return false;
	free(link->addrs);
	tab->n--;
	memmove(link, link + 1, (size_t)(tab->v + tab->n - link) * sizeof(*link));
	return true;
}

static struct link *
insert(struct link_table *tab, int ifindex)
{
	size_t at = position(tab, ifindex);

	if (tab->n == LINKS_MAX)
		return NULL;
	tab->v = xrealloc(tab->v, tab->n + 1, sizeof(*tab->v));
	memmove(&tab->v[at + 1], &tab->v[at], (tab->n - at) * sizeof(*tab->v));
	tab->n++;
	/* Clear the padding, too, because links are compared by memcmp(). */
	memset(&tab->v[at], 0, sizeof(tab->v[at]));
	tab->v[at].ifindex = ifindex;
	return &tab->v[at];
}

/* The kind of the device to which the link is attached: "bridge", "bond", "vrf"; "": no kind. */
static const char *
slave_kind(const struct nlattr *info)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info)
	{
		if (mnl_attr_get_type(attr) == IFLA_INFO_SLAVE_KIND &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			return mnl_attr_get_str(attr);
	}
	return "";
}

static void
read_link_attr(struct link *link, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0 ||
		    mnl_attr_get_payload_len(attr) > sizeof(link->name))
			return;
		memset(link->name, 0, sizeof(link->name));
		strcpy(link->name, mnl_attr_get_str(attr));
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attr) == sizeof(link->mac))
			memcpy(&link->mac, mnl_attr_get_payload(attr), sizeof(link->mac));
		else
			link->ether = false;
		break;
	case IFLA_MASTER:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			link->master = (int)mnl_attr_get_u32(attr);
		break;
	default:
		break;
	}
}

/* True for a wireless event, which the kernel sends as an RTM_NEWLINK with few attributes. */
static bool
is_event(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg))
	{
		if (mnl_attr_get_type(attr) == IFLA_WIRELESS)
			return true;
	}
	return false;
}

static bool
apply_newlink(struct link_table *tab, const struct nlmsghdr *nlh, const struct ifinfomsg *ifi)
{
	struct link *link = find(tab, ifi->ifi_index), was;
	bool added = !link;
	const struct nlattr *attr;
	bool in_vrf = false;

	if (is_event(nlh) || (added && !(link = insert(tab, ifi->ifi_index))))
		return false;
	memcpy(&was, link, sizeof(was));
	link->ether = ifi->ifi_type == ARPHRD_ETHER;
	link->up = (ifi->ifi_flags & IFF_UP) && (ifi->ifi_flags & IFF_LOWER_UP);
	link->arp = !(ifi->ifi_flags & IFF_NOARP);
	link->broadcast = ifi->ifi_flags & IFF_BROADCAST;
	link->loopback = ifi->ifi_flags & IFF_LOOPBACK;
	link->master = 0;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
	{
		read_link_attr(link, attr);
		if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
			in_vrf = strcmp(slave_kind(attr), "vrf") == 0;
	}
	if (in_vrf)
		link->master = 0; /* a link in a VRF is usable: it receives its own frames */
	return added || memcmp(&was, link, sizeof(was)) != 0;
}

void
link_table_end_dump(struct link_table *tab)
{
	for (size_t i = 0; i < tab->n; i++)
		addr_list_sort(&tab->v[i]);
	tab->dumping = false;
}

static bool
apply_addr(struct link_table *tab, const struct nlmsghdr *nlh, const struct ifaddrmsg *ifa)
{
	struct link *link = find(tab, (int)ifa->ifa_index);
	struct link_addr addr = { .prefix_len = ifa->ifa_prefixlen };
	const struct nlattr *attr;
	bool found = false;

	addr.ip.family = ifa->ifa_family == AF_INET ? IPV4 : IPV6;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa))
	{
		/* On point-to-point links IFA_ADDRESS is the remote address. */
		if (mnl_attr_get_type(attr) != IFA_ADDRESS ||
		    mnl_attr_get_payload_len(attr) != ip_len(addr.ip.family))
			continue;
		memcpy(addr.ip.b, mnl_attr_get_payload(attr), ip_len(addr.ip.family));
		found = true;
	}
	if (!link || !found || addr.prefix_len > 8 * ip_len(addr.ip.family))
		return false;
	return nlh->nlmsg_type == RTM_NEWADDR ? addr_list_add(link, &addr, tab->dumping)
					      : addr_list_remove(link, &addr, tab->dumping);
}

/* Keeps the gateways of a link sorted and without duplicates. */
static bool
add_gateway(struct link_table *tab, int ifindex, const struct ip *ip)
{
	struct link *link = find(tab, ifindex);
	size_t at = 0;

	if (!link || !ip->family)
		return false;
	while (at < link->n_gateways && ip_cmp(&link->gateways[at], ip) < 0)
		at++;
	if (link->n_gateways == LINK_GATEWAYS_MAX ||
	    (at < link->n_gateways && ip_equal(&link->gateways[at], ip)))
		return false;
	memmove(&link->gateways[at + 1], &link->gateways[at],
	    (link->n_gateways - at) * sizeof(*ip));
	link->gateways[at] = *ip;
	link->n_gateways++;
	return true;
}

/* An RTA_GATEWAY is of the route's family @family; an RTA_VIA contains its own address family. */
static void
read_gateway(const struct nlattr *attr, uint8_t family, struct ip *ret_ip)
{
	const struct rtvia *via = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	const void *bytes = via;

	if (mnl_attr_get_type(attr) == RTA_VIA) {
		if (len < sizeof(*via))
			return;
		family = via->rtvia_family == AF_INET ? IPV4 : IPV6;
		bytes = via->rtvia_addr;
		len -= offsetof(struct rtvia, rtvia_addr);
	} else if (mnl_attr_get_type(attr) != RTA_GATEWAY) {
		return;
	}
	if (len != ip_len(family))
		return;
	*ret_ip = (struct ip){ .family = family };
	memcpy(ret_ip->b, bytes, len);
}

/* Adds the gateways of a multipath route. */
static bool
add_nexthops(struct link_table *tab, const struct nlattr *hops, uint8_t family)
{
	const char *p = mnl_attr_get_payload(hops);
	size_t left = mnl_attr_get_payload_len(hops);
	bool added = false;

	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *hop = (const struct rtnexthop *)p;
		const void *attrs = hop + 1;
		const struct nlattr *attr;
		struct ip ip = { 0 };
		size_t len = hop->rtnh_len;

		if (len < sizeof(*hop) || len > left)
			break;
		mnl_attr_for_each_payload(attrs, len - sizeof(*hop))
		{
			read_gateway(attr, family, &ip);
		}
		added |= add_gateway(tab, hop->rtnh_ifindex, &ip);
		len = RTNH_ALIGN(len);
		if (len >= left)
			break;
		p += len;
		left -= len;
	}
	return added;
}

static bool
apply_route(struct link_table *tab, const struct nlmsghdr *nlh, const struct rtmsg *rtm)
{
	uint8_t family = rtm->rtm_family == AF_INET ? IPV4 : IPV6;
	const struct nlattr *attr;
	struct ip ip = { 0 };
	bool added = false;
	int ifindex = 0;

	mnl_attr_for_each(attr, nlh, sizeof(*rtm))
	{
		read_gateway(attr, family, &ip);
		if (mnl_attr_get_type(attr) == RTA_OIF &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			ifindex = (int)mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == RTA_MULTIPATH)
			added |= add_nexthops(tab, attr, family);
	}
	return add_gateway(tab, ifindex, &ip) || added;
}

bool
link_table_default_route(const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	return (nlh->nlmsg_type == RTM_NEWROUTE || nlh->nlmsg_type == RTM_DELROUTE) &&
	    mnl_nlmsg_get_payload_len(nlh) >= sizeof(*rtm) &&
	    (rtm->rtm_family == AF_INET || rtm->rtm_family == AF_INET6) && rtm->rtm_dst_len == 0 &&
	    rtm->rtm_type == RTN_UNICAST && !(rtm->rtm_flags & RTM_F_CLONED);
}

bool
link_table_apply(struct link_table *tab, const struct nlmsghdr *nlh)
{
	const void *payload = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	const struct ifinfomsg *ifi = payload;
	const struct ifaddrmsg *ifa = payload;

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		/* Ignore AF_BRIDGE: its RTM_DELLINK only means that a link left a bridge. */
		if (len < sizeof(*ifi) || ifi->ifi_family != AF_UNSPEC)
			return false;
		return nlh->nlmsg_type == RTM_NEWLINK ? apply_newlink(tab, nlh, ifi)
						      : remove_link(tab, ifi->ifi_index);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		if (len < sizeof(*ifa) ||
		    (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6))
			return false;
		return apply_addr(tab, nlh, ifa);
	case RTM_NEWROUTE:
		return link_table_default_route(nlh) && apply_route(tab, nlh, payload);
	default:
		return false;
	}
}

bool
link_table_equal(const struct link_table *a, const struct link_table *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		if (!link_equal(&a->v[i], &b->v[i]))
			return false;
	}
	return a->n == b->n;
}

void
link_table_done(struct link_table *tab)
{
	for (size_t i = 0; i < tab->n; i++)
		free(tab->v[i].addrs);
	free(tab->v);
	*tab = (struct link_table){ 0 };
}
