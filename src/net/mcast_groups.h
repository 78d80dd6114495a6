/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GROUPS_H
#define GROUPS_H

#include "arplet/ip.h"

/*
 * The solicited-node groups of addresses on one link.  As long as they are joined the link lets
 * their frames in, and the kernel tells switches, by MLD, that it wants them.  All zero: none.
 */
struct mcast_groups {
	struct group *v; /* sorted */
	size_t n;
	int *socks; /* memberships belong to sockets, and the kernel bounds how many one has */
	size_t n_socks;
};

/*
 * mcast_groups_set - join the groups of @ips (IPv6) on a link, leave all others.  0, or the first
 * negative errno of a join; the others are tried nevertheless.
 */
int mcast_groups_set(struct mcast_groups *mcast_groups, int ifindex, const struct ip *ips, size_t n)
    __attribute__((warn_unused_result));

/* mcast_groups_done - leave them all. */
void mcast_groups_done(struct mcast_groups *mcast_groups);

#endif
