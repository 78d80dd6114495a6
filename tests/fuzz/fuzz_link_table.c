/* SPDX-License-Identifier: Apache-2.0 */
#include "net/link_table.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct link_table *tab)
{
	for (size_t i = 0; i < tab->n; i++) {
		const struct link *link = &tab->v[i];

		if (i && tab->v[i - 1].ifindex >= link->ifindex)
			abort();
		if (link->n_gateways > LINK_GATEWAYS_MAX ||
		    !memchr(link->name, '\0', LINK_NAME_MAX))
			abort();
		for (size_t j = 0; j < link->n_addrs; j++) {
			if (!link_has_prefix(link, &link->addrs[j].ip) ||
			    !link_has_address(link, &link->addrs[j].ip))
				abort();
			if (j && link_addr_cmp(&link->addrs[j - 1], &link->addrs[j]) >= 0)
				abort();
		}
	}
}

/*
 * The input is a datagram of rtnetlink messages.  The test applies the datagram twice to the same
 * table, first as a dump.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_table tab = { .dumping = true };
	void *copy = malloc(size + 1); /* aligned like a receive buffer */

	memcpy(copy, data, size);
	for (int round = 0; round < 2; round++) {
		const struct nlmsghdr *nlh = copy;
		int len = (int)size;

		for (; netlink_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			link_table_apply(&tab, nlh);
			if (!tab.dumping)
				check(&tab);
		}
		link_table_end_dump(&tab);
		check(&tab);
	}
	free(copy);
	link_table_done(&tab);
	return 0;
}
