/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_links.h"
#include "core/eligibility/eligibility.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"

void
probe_links_init(struct probe_links *probe_links, const struct world *world,
    const struct pool_entry *pool)
{
	*probe_links = (struct probe_links){ 0 };
	probe_links->announced_here = eligibility_ifaces(world, pool, &probe_links->mem,
	    &probe_links->ifaces);
	probe_links->found = arena_calloc(&probe_links->mem, world->n_links,
	    sizeof(*probe_links->found));
}

bool
probe_links_for(const struct world *world, const struct probe_links *probe_links,
    const struct ip *ip, struct probe_target *ret_target)
{
	const struct link **links = probe_links->found;
	size_t found = 0, n = links_for_ip(world->links, world->n_links, ip, &probe_links->ifaces,
	    links);

	*ret_target = (struct probe_target){ .ip = *ip };
	for (size_t i = 0; i < n && found < PROBER_LINKS_MAX; i++) {
		if (probe_links->announced_here || link_has_prefix(links[i], ip))
			ret_target->links[found++] = links[i]->ifindex;
	}
	return found;
}
