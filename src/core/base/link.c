/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link.h"

#include <string.h>

/*
 * Prefixes of the names of interfaces that container networks, hypervisors and tunnels create.
 * Such an interface is not connected to a LAN.
 */
/* clang-format off */
static const char *const internal[] = {
	"docker", "cbr", "dummy", "virbr", "lxcbr", "veth", "cali", "tunl", "flannel", "kube-ipvs",
	"cni", "nodelocaldns", "lxc",
};
/* clang-format on */

static bool
is_named(const struct link *link, const struct strings *names)
{
	return names && names->n && strings_contain(names, link->name);
}

static bool
is_internal(const struct link *link)
{
	for (size_t i = 0; i < sizeof(internal) / sizeof(internal[0]); i++) {
		if (strncmp(internal[i], link->name, strlen(internal[i])) == 0)
			return true;
	}
	return strcmp(link->name, "lo") == 0;
}

/*
 * The reason why addresses cannot be announced on the link, even with a carrier; of several
 * reasons, the most useful.  NULL: addresses can be announced.
 */
static const char *
unusable_reason(const struct link *link, uint8_t family, const struct strings *names)
{
	if (names && names->n && !is_named(link, names))
		return "is not among the advertised interfaces";
	if (link->loopback)
		return "is a loopback interface";
	if (!is_named(link, names) && is_internal(link))
		return "has the name of a container or tunnel interface";
	if (!link->ether)
		return "is not Ethernet";
	if (link->master)
		return "is a port of a bridge or bond";
	if (!link->arp)
		return "has ARP switched off";
	if (family == IPV4 && !link->broadcast)
		return "cannot broadcast";
	return NULL;
}

const char *
link_refusal(const struct link *link, uint8_t family, const struct strings *names)
{
	const char *why = unusable_reason(link, family, names);

	if (why)
		return why;
	if (!link->up)
		return "is down";
	if (family == IPV6 && !link_local(link)) /* the kernel adds fe80:: 1 s after the carrier */
		return "has no link-local IPv6 address";
	return NULL;
}

bool
link_is_candidate(const struct link *link)
{
	return !unusable_reason(link, IPV6, NULL); /* IPv6 has fewer conditions than IPv4 */
}

size_t
links_for_ip(const struct link *links, size_t n, const struct ip *ip, const struct strings *names,
    const struct link **ret_links)
{
	bool any = names && names->n; /* true: also use links whose prefixes do not contain @ip */
	size_t found = 0;

	if (!any) {
		any = true;
		for (size_t i = 0; i < n; i++) {
			if (link_has_prefix(&links[i], ip) &&
			    !unusable_reason(&links[i], ip->family, names))
				any = false;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if ((any || link_has_prefix(&links[i], ip)) &&
		    link_announces(&links[i], ip->family, names))
			ret_links[found++] = &links[i];
	}
	return found;
}
