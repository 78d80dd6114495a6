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
		if (link->n_gateways > LINK_GATEWAYS_MAX || link->n_addrs > LINK_ADDRS_MAX ||
		    !memchr(link->name, '\0', LINK_NAME_MAX))
			abort();
		for (size_t j = 1; j < link->n_addrs; j++) {
			if (ip_cmp(&link->addrs[j - 1].ip, &link->addrs[j].ip) > 0)
				abort();
		}
	}
}

/*
 * The input is a datagram of rtnetlink messages.  The test applies the datagram twice to the same
 * table.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_table tab = { 0 };
	void *copy = malloc(size + 1); /* aligned like a receive buffer */

	memcpy(copy, data, size);
	for (int round = 0; round < 2; round++) {
		const struct nlmsghdr *nlh = copy;
		int len = (int)size;

		for (; netlink_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			link_table_apply(&tab, nlh);
			check(&tab);
		}
	}
	free(copy);
	link_table_done(&tab);
	return 0;
}
