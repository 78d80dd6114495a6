/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_IP_SET_H
#define NET_IP_SET_H

#include "arplet/ip.h"

/* A set of addresses, stored as ranges, because the addresses of most pools form few ranges. */
struct ip_set {
	struct ip_range *v; /* sorted; adjacent ranges are merged */
	size_t n;
};

/* ip_set_assign - make the set equal to @ips, which are sorted and of one family. */
void ip_set_assign(struct ip_set *ip_set, const struct ip *ips, size_t n);

/* ip_set_has - true if @ip is in the set. */
bool ip_set_has(const struct ip_set *ip_set, const struct ip *ip);

void ip_set_done(struct ip_set *ip_set);

#endif
