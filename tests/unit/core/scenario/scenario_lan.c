/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario_lan.h"
#include "object_text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

void
scenario_set_conflict(struct world *world, char *args)
{
	static const char *const names[CONFLICTS] = { "none", "defended", "yielded",
	    "peer-kernel" };
	char *name = args + strcspn(args, " ");
	enum ann_conflict conflict = 0;
	struct ip ip;

	*name++ = '\0';
	ip = ip_from_text(args);
	while (strcmp(name, names[conflict]) != 0)
		conflict++;
	world_set_conflict(world, &ip, 1, conflict, &(struct mac){ { 2, [5] = 3 } });
}

void
scenario_set_probe_result(struct world *world, char *args)
{
	const struct mac mac = { { 2, [5] = 3 } };
	unsigned int n = 1;
	char text[IP_TEXT_MAX], found[8];
	struct ip ip;

	assert_in_range(sscanf(args, "%45s %7s %u", text, found, &n), 2, 3);
	ip = ip_from_text(text);
	for (; n; n--) {
		world_set_probe_result(world, &ip, strcmp(found, "used") == 0 ? &mac : NULL);
		assert_int_equal(ip_next(&ip), 0);
	}
}

/*
 * "ADDRESS MAC found" or "ADDRESS MAC gone": the proxy host on the link 1 that first claimed ADDRESS
 * has the MAC 02:00:00:00:00:MAC; MAC 0: hosts with changing MACs.
 */
void
scenario_set_proxy_host(struct world *world, char *args)
{
	struct proxy_host host = { .ifindex = 1 };
	char ip[IP_TEXT_MAX], found[8];
	unsigned int mac;

	assert_int_equal(sscanf(args, "%45s %u %7s", ip, &mac, found), 3);
	host.ip = ip_from_text(ip);
	host.family = host.ip.family;
	if (mac)
		host.mac = (struct mac){ { 2, [5] = (uint8_t)mac } };
	world_set_proxy_host(world, &host, strcmp(found, "found") == 0);
}

const char *
scenario_conflict_policy(const struct world *world, const char *args)
{
	struct ip ip = ip_from_text(args);

	/* the annotation arplet.io/conflict of a pool overrides either default policy */
	return world_conflict_policy(world, &ip, POLICY_DEFEND) == POLICY_YIELD ? "yield" :
	    world_conflict_policy(world, &ip, POLICY_YIELD) == POLICY_DEFEND ? "defend" : "default";
}

struct target_search {
	struct ip ip;
	struct arena *mem;
	const char *found;
};

static void
find_target(void *arg, const struct probe_target *target)
{
	struct target_search *search = arg;

	if (!ip_equal(&target->ip, &search->ip))
		return;
	search->found = "on";
	for (size_t i = 0; i < PROBER_LINKS_MAX && target->links[i]; i++)
		search->found = arena_printf(search->mem, "%s eth%d", search->found,
		    target->links[i] - 1);
}

const char *
scenario_probe_links(struct world *world, const char *args, struct arena *mem)
{
	struct target_search search = { .ip = ip_from_text(args), .mem = mem, .found = "no" };

	world_each_probe(world, find_target, &search);
	return search.found;
}
