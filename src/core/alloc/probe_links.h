/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_LINKS_H
#define CORE_ALLOC_PROBE_LINKS_H

#include "arplet/arena.h"
#include "arplet/prober.h"

struct pool_entry;
struct world;

/* The links of this node on which the addresses of a pool can be probed. */
struct probe_links {
	struct arena mem;
	bool announced_here;       /* an L2Advertisement of the pool selects this node */
	struct strings ifaces;     /* interfaces that the L2Advertisements name; empty: all */
	const struct link **found; /* working memory of probe_links_for() */
};
/*
 * probe_links_init - prepare @probe_links for probe_links_for() with addresses of @pool.
 * arena_done(&probe_links->mem) frees the memory of @probe_links.
 */
void probe_links_init(struct probe_links *probe_links, const struct world *world,
    const struct pool_entry *pool);
/*
 * probe_links_for - find the links on which to probe @ip: the links on which this node would
 * announce @ip.  If only other nodes announce @ip, find the links with @ip in their subnet, because
 * these links are on the LAN of @ip.  Returns false if this node cannot probe @ip.
 */
bool probe_links_for(const struct world *world, const struct probe_links *probe_links,
    const struct ip *ip, struct probe_target *ret_target);

#endif
