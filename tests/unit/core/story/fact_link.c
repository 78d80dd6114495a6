/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct link
fact_link(const char *word, int ifindex)
{
	struct link link = { .ifindex = ifindex, .ether = true, .up = true, .arp = true,
		.broadcast = true };
	struct arena mem = { 0 };
	struct strings name = fact_split(&mem, word, "=");
	struct strings dependents = fact_split(&mem, name.n > 1 ? name.v[1] : "", ",");

	snprintf(link.name, sizeof(link.name), "%s", name.v[0]);
	for (size_t i = 0; i < dependents.n; i++) {
		struct strings prefix = fact_split(&mem, dependents.v[i], "/");

		if (strcmp(dependents.v[i], "down") == 0) {
			link.up = false;
			continue;
		}
		if (strcmp(prefix.v[0], "gw") == 0) {
			link.gateways[link.n_gateways++] = fact_ip(prefix.v[1]);
			continue;
		}
		link.addrs[link.n_addrs].ip = fact_ip(prefix.v[0]);
		link.addrs[link.n_addrs++].prefix_len = (uint8_t)atoi(prefix.v[1]);
	}
	arena_done(&mem);
	return link;
}
