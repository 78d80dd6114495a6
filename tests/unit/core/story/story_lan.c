/* SPDX-License-Identifier: Apache-2.0 */
#include "story_lan.h"
#include "facts.h"

#include <string.h>

void
story_trouble(struct world *world, char *rest)
{
	static const char *const names[CONFLICTS] = { "none", "rival", "yield", "kernel" };
	char *name = rest + strcspn(rest, " ");
	enum ann_conflict conflict = 0;
	struct ip ip;

	*name++ = '\0';
	ip = fact_ip(rest);
	while (strcmp(name, names[conflict]) != 0)
		conflict++;
	world_set_conflict(world, &ip, 1, conflict, &(struct mac){ { 2, [5] = 3 } });
}

void
story_check(struct world *world, char *rest)
{
	const struct mac mac = { { 2, [5] = 3 } };
	char *found = rest + strcspn(rest, " ");
	struct ip ip;

	*found++ = '\0';
	ip = fact_ip(rest);
	world_set_probe_result(world, &ip, strcmp(found, "used") == 0 ? &mac : NULL);
}

const char *
story_policy(const struct world *world, const char *rest)
{
	struct ip ip = fact_ip(rest);

	/* what a pool says counts whatever the standard is */
	return world_conflict_policy(world, &ip, POLICY_DEFEND) == POLICY_YIELD ? "yield" :
	    world_conflict_policy(world, &ip, POLICY_YIELD) == POLICY_DEFEND ? "defend" : "standard";
}

struct search {
	struct ip ip;
	struct arena *mem;
	const char *found;
};

static void
look_for(void *arg, const struct probe_target *wish)
{
	struct search *search = arg;

	if (!ip_equal(&wish->ip, &search->ip))
		return;
	search->found = "on";
	for (size_t i = 0; i < PROBER_LINKS_MAX && wish->links[i]; i++)
		search->found = arena_printf(search->mem, "%s eth%d", search->found,
		    wish->links[i] - 1);
}

const char *
story_wants(struct world *world, const char *rest, struct arena *mem)
{
	struct search search = { .ip = fact_ip(rest), .mem = mem, .found = "no" };

	world_each_probe(world, look_for, &search);
	return search.found;
}
