/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_links.h"
#include "arplet/action_plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "link_vips.h"

#include <stdlib.h>
#include <string.h>

struct hello_links *
hello_links_new(void)
{
	return xcalloc(1, sizeof(struct hello_links));
}

void
hello_links_free(struct world *world)
{
	free(world->hello_links->v);
	free(world->hello_links);
}

static bool
is_named(const struct world *world, const struct link *link)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[KIND_L2ADV]) {
		const struct object *adv = ((struct config *)e)->in_force;

		if (adv && strings_contain(&adv->u.l2adv.interfaces, link->name))
			return true;
	}
	return false;
}

/* True if this node would announce the first or the last address of @range on @link. */
static bool
is_for_block(const struct world *world, const struct link *link, const struct ip_range *range,
    const struct link **found)
{
	const struct ip ends[2] = { range->first, range->last };

	for (size_t i = 0; i < 2; i++) {
		size_t n = links_for_ip(world->links, world->n_links, &ends[i], NULL, found);

		for (size_t j = 0; j < n; j++) {
			if (found[j] == link)
				return true;
		}
	}
	return false;
}

static bool
is_for_pools(const struct world *world, const struct link *link, const struct link **found)
{
	for (size_t p = 0; p < world->pools->n; p++) {
		const struct pool_entry *pool = world->pools->v[p];

		for (size_t i = 0; i < pool->n_ranges; i++) {
			if (is_for_block(world, link, &pool->ranges[i], found))
				return true;
		}
	}
	return false;
}

static bool
has_vips(const struct world *world, int ifindex)
{
	const struct link_vip *link_vip = RB_ROOT(&world->link_vips->tree);

	while (link_vip && link_vip->ifindex != ifindex)
		link_vip = link_vip->ifindex < ifindex ? RB_RIGHT(link_vip, link)
						       : RB_LEFT(link_vip, link);
	return link_vip;
}

bool
hello_links_have(const struct world *world, int ifindex)
{
	for (size_t i = 0; i < world->hello_links->n; i++) {
		if (world->hello_links->v[i] == ifindex)
			return true;
	}
	return false;
}

/*
 * True if this node must exchange hellos on @link.  A link with hellos keeps its hellos while there
 * are pools, even if the link is down for a while.
 */
static bool
wants_hellos(const struct world *world, const struct link *link, const struct link **found)
{
	if (!link->ether || link->loopback)
		return false;
	if (hello_links_have(world, link->ifindex) && world->pools->n)
		return true;
	return has_vips(world, link->ifindex) || is_named(world, link) ||
	    is_for_pools(world, link, found);
}

static void
add_action(struct plan *plan, int ifindex, bool enabled)
{
	struct action *action = plan_add(plan, ACT_HELLO_LINK, NULL);

	action->u.hello_link.ifindex = ifindex;
	action->u.hello_link.enabled = enabled;
}

void
hello_links_plan(struct world *world, struct plan *plan)
{
	const struct link **found;
	int *hello_links;
	size_t n = 0;

	if (!world->hello_links_changed)
		return;
	world->hello_links_changed = false;
	if (world->opts.assume_elected)
		return;
	found = xcalloc(world->n_links, sizeof(*found));
	hello_links = xcalloc(world->n_links, sizeof(*hello_links));
	for (size_t i = 0; i < world->n_links; i++) {
		if (wants_hellos(world, &world->links[i], found))
			hello_links[n++] = world->links[i].ifindex;
	}
	free(found);
	for (size_t i = 0; i < n; i++) {
		if (!hello_links_have(world, hello_links[i]))
			add_action(plan, hello_links[i], true);
	}
	for (size_t i = 0; i < world->hello_links->n; i++) {
		bool stays = false;

		for (size_t j = 0; j < n; j++)
			stays |= hello_links[j] == world->hello_links->v[i];
		if (!stays)
			add_action(plan, world->hello_links->v[i], false);
	}
	free(world->hello_links->v);
	world->hello_links->v = hello_links;
	world->hello_links->n = n;
}
