/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LINK_TABLE_H
#define NET_LINK_TABLE_H

#include "arplet/link.h"

#include <libmnl/libmnl.h>

/* The network interfaces with their addresses and gateways, built from rtnetlink messages. */
struct link_table {
	struct link *v; /* sorted by ifindex */
	size_t n;
	/*
	 * During a dump, new addresses are appended without order, because it takes too long to
	 * insert thousands of addresses one by one.  Then link_table_end_dump() sorts them.
	 */
	bool dumping;
};

/* netlink_ok - like mnl_nlmsg_ok(), but false for a message length above INT_MAX, too. */
static inline bool
netlink_ok(const struct nlmsghdr *nlh, int len)
{
	return mnl_nlmsg_ok(nlh, len) && nlh->nlmsg_len <= (uint32_t)len;
}

/*
 * link_table_apply - apply an RTM_NEWLINK, DELLINK, NEWADDR, DELADDR or NEWROUTE message; ignore
 * all other types.  Returns true if the table has changed.
 */
bool link_table_apply(struct link_table *tab, const struct nlmsghdr *nlh);

/*
 * link_table_default_route - true if the message is about a default route.  After an
 * RTM_DELROUTE the caller has to dump all routes: another route may have the same gateway.
 */
bool link_table_default_route(const struct nlmsghdr *nlh);

/* link_table_end_dump - sort the addresses of all links, and remove duplicates. */
void link_table_end_dump(struct link_table *tab);

bool link_table_equal(const struct link_table *a, const struct link_table *b);
void link_table_done(struct link_table *tab); /* leaves an empty table */

#endif
