/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy_arp.h"
#include "arplet/action_plan.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_links.h"
#include "probe_results.h"

#include <stdlib.h>

#define HOSTS_MAX       64      /* proxy hosts and former proxy hosts that the world remembers */
#define EVENT_PAUSE_MS  60000   /* shortest time between two Events */
#define EVENT_REPEAT_MS 3600000 /* shortest time between two Events about the same host */

struct known_host {
	struct proxy_host id;
	bool active;       /* the host is a proxy host now */
	bool event_due;    /* no Event has named the host yet */
	int64_t posted_ms; /* when an Event named the host, or EVENT_REPEAT_MS before the start */
};

struct proxy_arp {
	struct known_host v[HOSTS_MAX];
	size_t n, n_active;
	int64_t event_after_ms; /* earliest next Event, monotonic ms */
	bool event_due;
};

struct proxy_arp *
proxy_arp_new(void)
{
	return xcalloc(1, sizeof(struct proxy_arp));
}

void
proxy_arp_free(struct world *world)
{
	free(world->proxy_arp);
}

static bool
is_any(const struct proxy_host *host)
{
	return mac_equal(&host->mac, &(struct mac){ { 0 } });
}

/* Finds or adds a host.  A new host replaces the former proxy host that an Event named first. */
static struct known_host *
known(struct proxy_arp *list, const struct proxy_host *host)
{
	struct known_host *place = NULL;

	for (size_t i = 0; i < list->n; i++) {
		struct known_host *k = &list->v[i];

		if (k->id.ifindex == host->ifindex && k->id.family == host->family &&
		    mac_equal(&k->id.mac, &host->mac))
			return k;
		if (!k->active && (!place || k->posted_ms < place->posted_ms))
			place = k;
	}
	if (list->n < HOSTS_MAX)
		place = &list->v[list->n++];
	if (place)
		*place = (struct known_host){ .id = *host, .posted_ms = -EVENT_REPEAT_MS };
	return place;
}

void
proxy_arp_set(struct world *world, const struct proxy_host *host, bool found)
{
	struct proxy_arp *list = world->proxy_arp;
	struct known_host *k = known(list, host);

	world->freed = world->probes_changed = true;
	if (!k || k->active == found)
		return;
	k->active = found;
	list->n_active += found ? 1 : (size_t)-1;
	if (!found)
		return;
	probe_results_forget_host(world, host->family, is_any(host) ? NULL : &host->mac);
	k->event_due = world->now_ms - k->posted_ms >= EVENT_REPEAT_MS;
	list->event_due |= k->event_due;
}

static const char *
link_name(const struct world *world, int ifindex)
{
	for (size_t i = 0; i < world->n_links; i++) {
		if (world->links[i].ifindex == ifindex)
			return world->links[i].name;
	}
	return "an interface that is gone";
}

static const char *
host_text(const struct world *world, const struct proxy_host *host, struct arena *mem)
{
	char mac[MAC_TEXT_MAX];
	const char *link = link_name(world, host->ifindex);

	if (is_any(host))
		return arena_printf(mem, "hosts with changing MACs on %s answer for every IPv%d "
		    "address of the LAN: does a host there send forged %s?", link, host->family,
		    host->family == IPV4 ? "ARP" : "neighbour advertisements");
	return arena_printf(mem, "host %s on %s answers for every IPv%d address of the LAN: is it a "
	    "router with %s?", mac_format(&host->mac, mac), link, host->family,
	    host->family == IPV4 ? "proxy ARP" : "an NDP proxy");
}

/* Returns an active proxy host on a link on which this node would probe @ip, or NULL. */
static const struct proxy_host *
host_on_links_of(const struct world *world, const struct pool_entry *pool, const struct ip *ip)
{
	const struct proxy_host *found = NULL;
	const struct proxy_arp *list = world->proxy_arp;
	struct probe_links probe_links;
	struct probe_target target;

	probe_links_init(&probe_links, world, pool);
	probe_links_for(world, &probe_links, ip, &target);
	arena_done(&probe_links.mem);
	for (size_t i = 0; i < list->n && !found; i++) {
		const struct known_host *k = &list->v[i];

		for (size_t j = 0; j < PROBER_LINKS_MAX && target.links[j]; j++) {
			if (k->active && k->id.family == ip->family &&
			    k->id.ifindex == target.links[j])
				found = &k->id;
		}
	}
	return found;
}

static const struct proxy_host *
host_that_refuses(const struct world *world, const struct pool_entry *pool, const struct ip *ip)
{
	if (!world->proxy_arp->n_active || !world->probe_results->enabled ||
	    pool->rules.ignore_proxy_arp)
		return NULL;
	return host_on_links_of(world, pool, ip);
}

bool
proxy_arp_refuses(const struct world *world, const struct pool_entry *pool, const struct ip *ip)
{
	return host_that_refuses(world, pool, ip);
}

const char *
proxy_arp_refusal(const struct world *world, const struct pool_entry *pool, const struct ip *ip,
    struct arena *mem)
{
	const struct proxy_host *host = host_that_refuses(world, pool, ip);

	if (!host)
		return NULL;
	return arena_printf(mem, "%s To allocate addresses in spite of these answers, annotate pool "
	    "\"%s\" with %s: \"true\"", host_text(world, host, mem), pool->c.in_force->meta.name,
	    pool_annotation_keys[ANNOTATION_IGNORE_PROXY_ARP]);
}

/* The object of the Event: the pool of the claimed address, or else the first pool. */
static const struct object *
event_object(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);

	return pool ? pool->c.e.obj : world->pools->n ? world->pools->v[0]->c.e.obj : NULL;
}

void
proxy_arp_post_events(struct world *world, struct arena *mem, struct plan *plan)
{
	struct proxy_arp *list = world->proxy_arp;
	const struct known_host *first = NULL;
	const char *more = "";
	size_t n = 0;

	if (proxy_arp_next_ms(world) > world->now_ms || !world->pools->n)
		return;
	list->event_due = false;
	list->event_after_ms = world->now_ms + EVENT_PAUSE_MS;
	for (size_t i = 0; i < list->n; i++) {
		struct known_host *k = &list->v[i];

		if (!k->event_due)
			continue;
		k->event_due = false;
		k->posted_ms = world->now_ms;
		first = first ? first : k;
		n++;
	}
	if (!first)
		return;
	if (n > 1)
		more = arena_printf(mem, " Another %zu hosts do the same.", n - 1);
	plan_event(plan, event_object(world, &first->id.ip), true, "ProxyARP",
	    "%s%s arplet ignores these answers. Services keep their addresses, but arplet allocates "
	    "new addresses of this LAN only from pools with the annotation %s: \"true\"",
	    host_text(world, &first->id, mem), more,
	    pool_annotation_keys[ANNOTATION_IGNORE_PROXY_ARP]);
}

int64_t
proxy_arp_next_ms(const struct world *world)
{
	const struct proxy_arp *list = world->proxy_arp;

	return list->event_due ? list->event_after_ms : INT64_MAX;
}
