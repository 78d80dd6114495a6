/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINKTAB_H
#define LINKTAB_H

#include "arplet/link.h"

#include <libmnl/libmnl.h>

/* Interfaces, their addresses and gateways, as a run of rtnetlink messages describes them. */
struct link_table {
	struct link *v; /* sorted by ifindex */
	size_t n;
};

/* netlink_ok - mnl_nlmsg_ok(), which takes a length over INT_MAX for a negative one. */
static inline bool
netlink_ok(const struct nlmsghdr *nlh, int len)
{
	return mnl_nlmsg_ok(nlh, len) && nlh->nlmsg_len <= (uint32_t)len;
}

/*
 * link_table_apply - take an RTM_NEWLINK, DELLINK, NEWADDR, DELADDR or NEWROUTE message; others are
 * ignored.  True when that changed something.
 */
bool link_table_apply(struct link_table *tab, const struct nlmsghdr *nlh);

/*
 * link_table_default_route - is the message about a default route?  That one of them went says not
 * that no other has its gateway: a table that must be true to them is read anew.
 */
bool link_table_default_route(const struct nlmsghdr *nlh);

bool link_table_equal(const struct link_table *a, const struct link_table *b);
void link_table_done(struct link_table *tab); /* empty, and may be used again */

#endif
