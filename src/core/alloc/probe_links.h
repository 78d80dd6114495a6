/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_LINKS_H
#define CORE_ALLOC_PROBE_LINKS_H

#include "arplet/arena.h"
#include "arplet/prober.h"

struct pool_entry;
struct world;

/* Where the addresses of a pool are asked for. */
struct probe_links {
	struct arena mem;
	bool announced_here;           /* they are announced from this node, too */
	struct strings ifaces; /* on these; none: any */
	const struct link **found; /* room for all links */
};
/* probe_links_init - of @pool; arena_done(&place->mem) ends it. */
void probe_links_init(struct probe_links *probe_links, const struct world *world, const struct pool_entry *pool);
/*
 * probe_links_for - the links of this node on which @ip lives: those that would announce it; or, where
 * it is announced from other nodes alone, those whose prefix contains it, for then that is the same
 * LAN.  False: none.
 */
bool probe_links_for(const struct world *world, const struct probe_links *probe_links, const struct ip *ip,
    struct probe_target *ret_target);

#endif
