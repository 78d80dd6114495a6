/* SPDX-License-Identifier: Apache-2.0 */
#include "object_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct link
link_from_text(struct arena *mem, const char *word, int ifindex)
{
	struct link link = { .ifindex = ifindex, .ether = true, .up = true, .arp = true,
		.broadcast = true };
	struct strings name = split_text(mem, word, "=");
	struct strings items = split_text(mem, name.n > 1 ? name.v[1] : "", ",");

	link.addrs = arena_calloc(mem, items.n, sizeof(*link.addrs));
	snprintf(link.name, sizeof(link.name), "%s", name.v[0]);
	for (size_t i = 0; i < items.n; i++) {
		struct strings prefix = split_text(mem, items.v[i], "/");

		if (strcmp(items.v[i], "down") == 0) {
			link.up = false;
			continue;
		}
		if (strcmp(prefix.v[0], "gw") == 0) {
			link.gateways[link.n_gateways++] = ip_from_text(prefix.v[1]);
			continue;
		}
		link.addrs[link.n_addrs].ip = ip_from_text(prefix.v[0]);
		link.addrs[link.n_addrs++].prefix_len = (uint8_t)atoi(prefix.v[1]);
	}
	if (link.n_addrs)
		qsort(link.addrs, link.n_addrs, sizeof(*link.addrs), link_addr_cmp);
	return link;
}
