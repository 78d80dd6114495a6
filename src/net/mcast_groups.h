/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_MCAST_GROUPS_H
#define NET_MCAST_GROUPS_H

#include "arplet/ip.h"

/*
 * The solicited-node multicast groups of addresses on one link.  While a group is joined, the NIC
 * receives frames to the group, and the kernel reports the group to switches by MLD.  All zero:
 * none.
 */
struct mcast_groups {
	struct group *v; /* sorted */
	size_t n;
	int *socks; /* several sockets, because the kernel limits the memberships of a socket */
	size_t n_socks;
};

/*
 * mcast_groups_set - join the groups of @ips (IPv6) on a link, and leave all other groups.  If one
 * join fails, all other groups are joined nevertheless.  Returns 0, or the first negative errno.
 */
int mcast_groups_set(struct mcast_groups *mcast_groups, int ifindex, const struct ip *ips, size_t n)
    __attribute__((warn_unused_result));

/* mcast_groups_done - leave all groups. */
void mcast_groups_done(struct mcast_groups *mcast_groups);

#endif
