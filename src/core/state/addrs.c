/* SPDX-License-Identifier: Apache-2.0 */
#include "addrs.h"
#include "world_state.h"

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_GENERATE(addrs, addr, link, addr_cmp)

struct addr *
addrs_find(const struct world *world, const struct ip *ip)
{
	struct addr key = { .ip = *ip };

	return RB_FIND(addrs, (struct addrs *)&world->addrs, &key);
}

struct addr *
addrs_from(const struct world *world, const struct ip *ip)
{
	struct addr key = { .ip = *ip };

	return RB_NFIND(addrs, (struct addrs *)&world->addrs, &key);
}

struct addr *
addrs_next(const struct addr *addr)
{
	return RB_NEXT(addrs, NULL, (struct addr *)addr);
}
