/* SPDX-License-Identifier: Apache-2.0 */
#include "node_gateway.h"
#include "core/base/lower_bound.h"
#include "core/state/world_state.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

struct node_gateways {
	struct node_gateway *v; /* sorted by address, then by description */
	size_t n, room;
	struct arena mem; /* the descriptions */
	bool changed;     /* nodes or links have changed since the addresses in v were collected */
};

static void
add(struct node_gateways *list, const struct ip *ip, const char *description)
{
	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 16;
		list->v = xrealloc(list->v, list->room, sizeof(*list->v));
	}
	list->v[list->n++] = (struct node_gateway){ *ip, description };
}

static int
node_gateway_cmp(const void *a, const void *b)
{
	const struct node_gateway *ia = a, *ib = b;
	int order = ip_cmp(&ia->ip, &ib->ip);

	return order ? order : strcmp(ia->description, ib->description);
}

static const char *
text_of_node(struct node_gateways *list, const char *node)
{
	return arena_printf(&list->mem, "is an address of node \"%s\"", node);
}

static void
add_nodes(const struct world *world, struct node_gateways *list)
{
	struct entry *e;

	RB_FOREACH(e, store, (struct store *)&world->store[KIND_NODE]) {
		const struct node *node = &e->obj->u.node;
		const char *text = text_of_node(list, e->obj->meta.name);

		for (size_t i = 0; i < node->n_addrs; i++)
			add(list, &node->addrs[i], text);
	}
}

static void
add_end(struct node_gateways *list, const char *kind, const struct ip *ip, const struct ip *first,
    unsigned int len, const struct link *link)
{
	char text[IP_TEXT_MAX];

	add(list, ip, arena_printf(&list->mem, "is the %s address of %s/%u, the subnet of %s", kind,
	    ip_format(first, text), len, link->name));
}

/*
 * An IPv4 subnet reserves its first and its last address, except for /31 and /32 (RFC 3021).  An
 * IPv6 subnet reserves its first address, the Subnet-Router anycast address (RFC 4291 2.6.1),
 * except for /127 (RFC 6164) and /128.
 */
static void
add_ends(struct node_gateways *list, const struct link *link, const struct link_addr *addr)
{
	struct ip_range subnet;
	bool v4 = addr->ip.family == IPV4;

	if (addr->prefix_len > (v4 ? 30 : 126))
		return;
	ip_prefix_range(&addr->ip, addr->prefix_len, &subnet);
	add_end(list, v4 ? "network" : "subnet-router anycast", &subnet.first, &subnet.first,
	    addr->prefix_len, link);
	if (v4)
		add_end(list, "broadcast", &subnet.last, &subnet.first, addr->prefix_len, link);
}

/* True if the ends of the subnet of addrs[@at] are in the list, because addrs[@at - 1] has it too. */
static bool
has_ends(const struct link *link, size_t at)
{
	const struct link_addr *addr = &link->addrs[at];

	return at && addr[-1].prefix_len == addr->prefix_len &&
	    ip_in_prefix(&addr[-1].ip, &addr->ip, addr->prefix_len);
}

static void
add_links(const struct world *world, struct node_gateways *list)
{
	const char *text = text_of_node(list, world->opts.node_name);

	for (size_t l = 0; l < world->n_links; l++) {
		const struct link *link = &world->links[l];

		/* skips kube-ipvs0, on which kube-proxy configures the addresses of all Services */
		if (!link_is_candidate(link))
			continue;
		for (size_t i = 0; i < link->n_addrs; i++) {
			add(list, &link->addrs[i].ip, text);
			if (!has_ends(link, i))
				add_ends(list, link, &link->addrs[i]);
		}
		for (size_t i = 0; i < link->n_gateways; i++)
			add(list, &link->gateways[i], arena_printf(&list->mem,
			    "is the default gateway of node \"%s\" on %s", world->opts.node_name,
			    link->name));
	}
}

/*
 * Marks the Services that use @ip or wait for an address, so that arplet decides these Services
 * again.
 */
static void
recheck_users(struct world *world, const struct ip *ip)
{
	struct addr *addr = addrs_find(world, ip);
	struct addr_use *addr_use;

	pool_reconsider(world, ip);
	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		world_mark(world, addr_use->svc, MARK_ALLOC);
}

/*
 * Calls recheck_users() for each address that only one of the two sorted lists contains.  Returns
 * true if the lists differ.
 */
static bool
recheck_changes(struct world *world, const struct node_gateways *old,
    const struct node_gateways *new)
{
	bool changed = false;

	for (size_t i = 0, j = 0; i < old->n || j < new->n;) {
		int order = i == old->n ? 1 : j == new->n ? -1 :
		    node_gateway_cmp(&old->v[i], &new->v[j]);

		if (order != 0)
			recheck_users(world, order < 0 ? &old->v[i].ip : &new->v[j].ip);
		changed |= order != 0;
		i += order <= 0;
		j += order >= 0;
	}
	return changed;
}

struct node_gateways *
node_gateways_new(void)
{
	return xcalloc(1, sizeof(struct node_gateways));
}

void
node_gateways_changed(struct world *world)
{
	world->node_gateways->changed = true;
}

bool
node_gateways_update(struct world *world)
{
	struct node_gateways old = *world->node_gateways, new = { 0 };
	bool changed;

	if (!old.changed)
		return false;
	add_nodes(world, &new);
	add_links(world, &new);
	if (new.n)
		qsort(new.v, new.n, sizeof(*new.v), node_gateway_cmp);
	*world->node_gateways = new;
	changed = recheck_changes(world, &old, &new);
	free(old.v);
	arena_done(&old.mem);
	return changed;
}

void
node_gateways_free(struct world *world)
{
	free(world->node_gateways->v);
	arena_done(&world->node_gateways->mem);
	free(world->node_gateways);
}

static int
node_gateway_ip_cmp(const void *element, const void *key)
{
	return ip_cmp(&((const struct node_gateway *)element)->ip, key);
}

const struct node_gateway *
node_gateways_from(const struct world *world, const struct ip *ip,
    const struct node_gateway **ret_end)
{
	const struct node_gateways *all = world->node_gateways;

	if (!all->n)
		return *ret_end = NULL;
	*ret_end = all->v + all->n;
	return all->v + lower_bound(ip, all->v, all->n, sizeof(*all->v), node_gateway_ip_cmp);
}

const char *
node_gateway_text(const struct world *world, const struct ip *ip)
{
	const struct node_gateway *end, *found = node_gateways_from(world, ip, &end);

	return found < end && ip_equal(&found->ip, ip) ? found->description : NULL;
}

const char *
pool_node_gateway_text(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip)
{
	return pool->rules.allow_node_gateway ? NULL : node_gateway_text(world, ip);
}

bool
pool_has_node_gateway(const struct world *world, const struct pool_entry *pool)
{
	for (size_t i = 0; i < pool->n_ranges; i++) {
		const struct node_gateway *end, *first;

		first = node_gateways_from(world, &pool->ranges[i].first, &end);
		if (first < end && ip_range_contains(&pool->ranges[i], &first->ip))
			return true;
	}
	return false;
}
